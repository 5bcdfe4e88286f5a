/** Unmask: a text of nothing but masks becomes known, step by step; any of its characters can be masked again. */

import { num, percent } from "../kit/shell/format.js";
import { nameOf } from "./chances.js";
import { Fill } from "./fill.js";
import { legend } from "./letters.js";

const HOW = { random: "in a random order", left: "from left to right", confident: "the most confident ones first" };

class Unmask extends Fill {
  constructor(ctx) {
    super(ctx, "unmask");
  }

  title({ steps, again }) {
    return again.length ? "Your characters, drawn again" : `A text in ${steps} steps`;
  }

  legend() {
    return legend([[0, "0 %"], [0.5, "50 %"], [1, "100 % confident"]]);
  }

  /** The largest probability at each place: now where it is masked, and when it was drawn. */
  tintsOf({ numbers }) {
    return numbers.confidence?.[0] ?? [];
  }

  /** Which characters are masked again, by their places. */
  get remasked() {
    return this.request.again;
  }

  /** Masks a character of the finished text again, or keeps what it was. */
  mask(place) {
    if (!this.drawn.done) return;
    const again = this.remasked.includes(place)
      ? this.remasked.filter((each) => each !== place)
      : [...this.remasked, place];
    this.ctx.store.commit({ again, at: null });
  }

  rows(at) {
    const [masked, filled, surprise, evaluations] = super.rows(at);
    const judged = at === null ? undefined : this.drawn.frames[at].numbers.judged;
    return [
      ["the transformer's surprise at the end", judged === undefined ? "–" : num(judged / Math.LN2), "bits/character"],
      masked,
      filled,
      surprise,
      evaluations,
    ];
  }

  captionOf(at) {
    const left = this.drawn.frames[at].time;
    return left ? `${left} characters are masked` : "Nothing is masked any more";
  }

  words(at) {
    const { frames, total } = this.drawn;
    const { order } = this.request;
    const { time, x } = frames[at];
    if (this.remasked.length && at === total - 1) {
      const drawn = this.remasked.map((place) => `“${nameOf(this.alphabet[x[place]])}”`).join(", ");
      const p = Math.exp(-this.costOf(at).nats);
      return `Given all the others, the network drew ${drawn}: a probability of ${percent(p)}. Tap another one.`;
    }
    if (at === 0) {
      return `${time} characters are masked, and every step draws some of them. Here they come ${HOW[order]}.`;
    }
    if (time) return super.words(at);
    const each = frames[0].time / (total - 1);
    return `All ${x.length} characters are drawn, ${each === 1 ? "one" : each} at a time, ${
      HOW[order]
    }. Tap one to mask it again.`;
  }
}

export default {
  hint: "Tap a finished character to mask it again",
  create: (ctx) => new Unmask(ctx),
};
