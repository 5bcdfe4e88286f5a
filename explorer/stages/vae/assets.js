/** The files of each data set: what the first view needs at once, the images when they are first wanted. */

import { Decoder, readDecoder } from "../kit/plane/mlp.js";
import { cut, readJson, readSheet } from "../kit/image/sheets.js";
import { openSafetensors } from "../kit/plane/tensors.js";
import { Atlas } from "./atlas.js";

const TRAINED = "../model.safetensors";
const RETRY_MS = 3_000;

/**
 * One data set, of which `load()` reads first what is drawn first: `labels` and `atlas` are null until the points can
 * be drawn, `main` until the decoder is there, and all is `ready` when `load()` resolves. `sprite(i)` and `binary(i)`
 * are null until `sprites()` resolves.
 */
export class Assets {
  constructor(base, entry) {
    this.base = base;
    this.entry = entry;
    this.url = (path) => `${base}${path}?v=${entry.sha?.slice(0, 12) ?? ""}`;
    this.classes = [];
    this.labels = null;
    this.layers = null;
    this.atlas = null;
    this.main = null;
    this.ready = false;
    this.sheets = null;
  }

  /**
   * Reads everything; asked for once, and again after a failure. `onPart(part, share)` is told of each part how much of
   * it has come, from 0 to 1: "points", those at `beta`, then "decoder", then "atlas", the points at every other β.
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
    const { model, bundled } = this.entry;
    const [index, atlas] = await Promise.all([
      readJson(this.url(`${bundled}.json`)),
      Atlas.open(this.url(`${model}/atlas.safetensors`)),
    ]);
    await atlas.need(beta);
    this.labels = Uint8Array.from(index.labels, Number);
    this.classes = index.classes;
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

  /** Loads the grey and the binarised images; asked for once, and again some time after a failure. */
  sprites() {
    this.loadingSprites ??= this.readSprites().catch((error) => {
      setTimeout(() => (this.loadingSprites = null), RETRY_MS);
      throw error;
    });
    return this.loadingSprites;
  }

  async readSprites() {
    this.sheets = await Promise.all(
      ["", "-binary"].map((suffix) => readSheet(this.url(`${this.entry.bundled}${suffix}.png`))),
    );
  }

  /** Whether the images and their labels are here. */
  has() {
    return this.sheets !== null && this.labels !== null;
  }

  /** The grey image as bytes, or null while it is not there. */
  sprite(i) {
    return this.sheets && cut(this.sheets[0], i);
  }

  /** The image as the network was fed it: 0 or 1 a pixel. */
  binary(i) {
    return this.sheets && cut(this.sheets[1], i).map((value) => (value > 127 ? 1 : 0));
  }
}
