/** The snapshots kept during training: their codes and decoders, read on request. */
import { Answered } from "../kit/ask/answered.js";
import { floats16 } from "../kit/plane/tensors.js";

const KEPT = 40; // codes
const READ_ALL = "every snapshot";
const opened = new WeakMap();

/** The snapshots of the current data set, one object for all who ask. */
export function snapshotsOf(ctx) {
  const { model } = ctx;
  if (!opened.has(model)) opened.set(model, new Snapshots(ctx));
  return opened.get(model);
}

class Snapshots {
  /** @type {Map<string, Promise<import("../kit/plane/mlp.js").Decoder>>} */
  decoders = new Map();

  /** @param {import("./map.js").VaeCtx} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    this.model = ctx.model;
    this.data = ctx.store.get().data;
    const read = ({ mu, sigma, words }, { beta }) => ({ beta, mu: floats16(mu), sigma: floats16(sigma), words });
    const answered = (own) => new Answered(ctx, "snapshot", null, { read, own, most: KEPT });
    this.one = answered();
    this.all = answered(READ_ALL);
  }

  question(index, beta) {
    return { dataset: this.data, index, beta };
  }

  /** The codes of the bundled images, or null while they have not been read. */
  codes(index, beta) {
    const question = this.question(index, beta);
    return this.one.to(question) ?? this.all.to(question);
  }

  /** The codes by that snapshot's own encoder; null when a newer question overtook this one, or when it failed. */
  read(index, beta) {
    const codes = this.codes(index, beta);
    return codes ? Promise.resolve(codes) : this.one.get(this.question(index, beta));
  }

  /** The codes of the first `count` snapshots at β, whatever else is asked meanwhile; null if one failed. */
  async readAll(count, beta) {
    const places = [...Array(count).keys()];
    const missing = places.filter((index) => !this.codes(index, beta));
    await this.all.want(...missing.map((index) => this.question(index, beta)));
    const all = places.map((index) => this.codes(index, beta));
    return all.every(Boolean) ? all : null;
  }

  /** The decoder in a file, read once. */
  async decoder(file) {
    if (!this.decoders.has(file)) this.decoders.set(file, this.model.snapshotDecoder(file));
    try {
      return await this.decoders.get(file);
    } catch (error) {
      console.warn(error.message);
      this.decoders.delete(file);
      this.ctx.say("This snapshot's decoder cannot be read; the picture under the cursor is an older one's.", "error");
      return null;
    }
  }
}
