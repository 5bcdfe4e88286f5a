/** The snapshots kept during training: the log, and codes and decoders as they are wanted. */
import { floats16 } from "../kit/plane/tensors.js";
import { nearestShare, spreadOf } from "./codes.js";

const KEPT_BETAS = 3;
const READ_ALL = "every snapshot";
const opened = new WeakMap();

/** The snapshots of the current data set, one object for all who ask. */
export function snapshotsOf(ctx) {
  const { model } = ctx;
  if (!opened.has(model)) opened.set(model, new Snapshots(ctx));
  return opened.get(model);
}

class Snapshots {
  constructor(ctx) {
    this.ctx = ctx;
    this.model = ctx.model;
    this.data = ctx.store.get().data;
    this.log = null;
    this.known = new Map();
    this.asked = new Map();
    this.decoders = new Map();
  }

  async open() {
    if (this.log) return;
    const response = await fetch(this.model.url(`${this.model.entry.model}/snapshots/log.json`));
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

  /** The codes by that snapshot's own encoder; null when a newer question overtook this one, or when it failed. */
  read(index, beta) {
    const key = `${index} ${beta}`;
    if (this.known.has(key)) return Promise.resolve(this.known.get(key));
    if (!this.asked.has(key)) this.asked.set(key, this.ask(index, beta).finally(() => this.asked.delete(key)));
    return this.asked.get(key);
  }

  async ask(index, beta, line) {
    const answer = await this.ctx.ask("snapshot", { dataset: this.data, index, beta }, { own: line });
    if (!answer) return null;
    const mu = floats16(answer.mu);
    const codes = {
      beta,
      mu,
      sigma: floats16(answer.sigma),
      spread: spreadOf(mu),
      organised: nearestShare(mu, this.model.images.labels),
    };
    this.known.set(`${index} ${beta}`, codes);
    if (this.known.size > KEPT_BETAS * this.length) this.known.delete(this.known.keys().next().value);
    return codes;
  }

  /** Every snapshot's codes at β, whatever else is asked for meanwhile; null when one could not be had. */
  async readAll(beta) {
    const all = [];
    for (let index = 0; index < this.length; index++) {
      const codes = this.codes(index, beta) ?? (await this.ask(index, beta, READ_ALL));
      if (!codes) return null;
      all.push(codes);
    }
    return all;
  }

  /** That snapshot's own decoder, read from its file once. */
  async decoder(index) {
    const { file } = this.log.snapshots[index];
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
