/** One network as the browser has it: the decoder, and where the encoder puts each test image at every β. */

import { Decoder, readDecoder } from "../kit/plane/mlp.js";
import { readJson } from "../kit/image/sheets.js";
import { openSafetensors } from "../kit/plane/tensors.js";
import { Atlas } from "./atlas.js";

const TRAINED = "../model.safetensors";

/**
 * `load()` reads first what is drawn first: `atlas` is null until the points can be drawn, `main` until the decoder is
 * there, and all is `ready` when `load()` resolves. `problem` says why it cannot be shown.
 */
export class Model {
  /** @type {Atlas | null} */
  atlas = null;
  /** @type {Decoder | null} */
  main = null;
  ready = false;

  /**
   * `entry` is what Python says of the network, `images` are the test images that were encoded.
   * @param {string} base @param {Net} entry @param {{loadLabels(): Promise<unknown>}} images
   */
  constructor(base, entry, images) {
    this.entry = entry;
    this.images = images;
    /** @type {string | null | undefined} */
    this.problem = entry.error;
    this.url = (path) => `${base}${path}?v=${entry.sha?.slice(0, 12) ?? ""}`;
  }

  /**
   * Reads everything; called once, and again after a failure. `onPart(part, share)` gets the progress of each part,
   * from 0 to 1: "points", those at `beta`, then "decoder", then "atlas", the points at every other β.
   */
  load(beta, onPart) {
    this.loading ??= this.loadNow(beta, onPart).catch((error) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  async loadNow(beta, onPart) {
    if (!this.atlas) await this.loadPoints(beta);
    onPart("points", 1);
    if (!this.main) await this.loadDecoder((share) => onPart("decoder", share));
    onPart("decoder", 1);
    await this.atlas.readAll();
    this.ready = true;
    onPart("atlas", 1);
  }

  async loadPoints(beta) {
    const [atlas] = await Promise.all([
      Atlas.open(this.url(`${this.entry.model}/atlas.safetensors`)),
      this.images.loadLabels(),
    ]);
    await atlas.need(beta);
    this.atlas = atlas;
  }

  async loadDecoder(onShare) {
    const { model } = this.entry;
    const config = await readJson(this.url(`${model}/config.json`));
    this.settings = { size: config.model.basis, betaMin: config.model.beta_min, betaMax: config.model.beta_max };
    this.layers = await this.layersOf(`${model}/model.safetensors`, onShare);
    this.main = new Decoder(this.layers, this.settings);
  }

  async layersOf(path, onShare) {
    return readDecoder(await openSafetensors(this.url(path)), onShare);
  }

  /** The trained decoder at β; one shared object, so ask again rather than keep it. */
  decoder(beta) {
    return this.main && this.main.setBeta(beta);
  }

  /** The decoder of a snapshot, read from its own file; the last one is the trained model, which is here. */
  async snapshotDecoder(file) {
    const layers = file === TRAINED ? this.layers : await this.layersOf(`${this.entry.model}/snapshots/${file}`);
    return new Decoder(layers, this.settings);
  }
}
