/** The files of each data set: what the first view needs at once, the images when they are first wanted. */

import { Decoder, readDecoder } from "../shared/mlp.js";
import { cut, readJson, readSheet } from "../shared/sheets.js";
import { openSafetensors } from "../shared/tensors.js";
import { Atlas } from "./atlas.js";

const TRAINED = "../model.safetensors";
const RETRY_MS = 3_000;

/**
 * One data set. `decoder`, `atlas` and `labels` are null until `load()` resolves; `sprite(i)` and `binary(i)` are null
 * until `sprites()` resolves.
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
    this.sheets = null;
  }

  get ready() {
    return this.atlas !== null;
  }

  /** Decoder, atlas and labels; asked for once, and again after a failure. */
  load() {
    this.loading ??= this.loadNow().catch((error) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  async loadNow() {
    const { model, bundled } = this.entry;
    const [config, index, layers, atlas] = await Promise.all([
      readJson(this.url(`${model}/config.json`)),
      readJson(this.url(`${bundled}.json`)),
      this.layersOf(`${model}/model.safetensors`),
      Atlas.open(this.url(`${model}/atlas.safetensors`)),
    ]);
    this.settings = { size: config.model.basis, betaMin: config.model.beta_min, betaMax: config.model.beta_max };
    this.labels = Uint8Array.from(index.labels, Number);
    this.classes = index.classes;
    this.layers = layers;
    this.main = new Decoder(layers, this.settings);
    this.atlas = atlas;
    return this;
  }

  async layersOf(path) {
    return readDecoder(await openSafetensors(this.url(path)));
  }

  /** The trained decoder at β; one shared object, so ask again rather than keep it. */
  decoder(beta) {
    return this.main?.setBeta(beta) ?? null;
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
    this.sheets = await Promise.all(["", "-binary"].map((suffix) => readSheet(this.url(`${this.entry.bundled}${suffix}.png`))));
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
