/** The snapshots kept during training: the log, and codes and decoders as they are wanted. */
import { floats16 } from "../shared/tensors.js";
import { nearestShare, spreadOf } from "./codes.js";

const KEPT_DECODERS = 4;

export class Snapshots {
  constructor(ctx) {
    this.ctx = ctx;
    this.assets = ctx.assets;
    this.data = ctx.store.get().data;
    this.log = null;
    this.known = new Map();
    this.decoders = new Map();
  }

  async open() {
    const response = await fetch(this.assets.url(`${this.assets.entry.model}/snapshots/log.json`));
    if (!response.ok) throw new Error(`the log of the snapshots answered ${response.status}`);
    this.log = await response.json();
  }

  get length() {
    return this.log?.snapshots.length ?? 0;
  }

  /** The codes of the bundled images, or null while they have not been read. */
  codes(index, beta) {
    return this.known.get(`${index} ${beta}`) ?? null;
  }

  /** The codes by that snapshot's own encoder; null when a newer question overtook this one. */
  async read(index, beta) {
    const known = this.codes(index, beta);
    if (known) return known;
    const answer = await this.ctx.ask("snapshot", { dataset: this.data, index, beta });
    if (!answer) return null;
    const mu = floats16(answer.mu);
    const sigma = answer.sigma ? floats16(answer.sigma) : new Float32Array(mu.length);
    const codes = { mu, sigma, spread: spreadOf(mu), organised: nearestShare(mu, this.assets.labels) };
    this.known.set(`${index} ${beta}`, codes);
    return codes;
  }

  async readAll(beta) {
    for (let index = 0; index < this.length; index++) await this.read(index, beta);
  }

  /** That snapshot's own decoder, read from its file; the last few are kept. */
  async decoder(index) {
    const { file } = this.log.snapshots[index];
    const reading = this.decoders.get(file) ?? this.assets.snapshotDecoder(file);
    this.decoders.delete(file);
    this.decoders.set(file, reading);
    if (this.decoders.size > KEPT_DECODERS) this.decoders.delete(this.decoders.keys().next().value);
    try {
      return await reading;
    } catch (error) {
      console.warn(error.message);
      this.decoders.delete(file);
      this.ctx.say("This snapshot's decoder cannot be read; the picture under the cursor is an older one's.", "error");
      return null;
    }
  }
}
