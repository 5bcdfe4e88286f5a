/** The snapshots kept during training: their codes and decoders, read on request. */
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
  constructor(ctx) {
    Object.assign(this, { ctx, model: ctx.model, data: ctx.store.get().data });
    Object.assign(this, { known: new Map(), asked: new Map(), decoders: new Map() });
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
    const codes = { beta, mu: floats16(answer.mu), sigma: floats16(answer.sigma), words: answer.words };
    this.known.set(`${index} ${beta}`, codes);
    if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value);
    return codes;
  }

  /** The codes of the first `count` snapshots at β, whatever else is asked meanwhile; null if one failed. */
  async readAll(count, beta) {
    const all = [];
    for (let index = 0; index < count; index++) {
      const codes = this.codes(index, beta) ?? (await this.ask(index, beta, READ_ALL));
      if (!codes) return null;
      all.push(codes);
    }
    return all;
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
