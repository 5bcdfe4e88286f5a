/** Jensen's inequality as a chord below a curve that bends down. */

import { fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { curve, Figure } from "./figure.js";
import { jensen } from "./jensen_of.js";
import { jensenRows, jensenWords } from "./jensen_words.js";
import { keys, Mode } from "./mode.js";
import { places } from "./normal.js";

const XS = [0, 6.2];
const YS = [-2.5, 2];
const CURVE = places(0.08, XS[1], 300);

class Jensen extends Mode {
  build() {
    const { ctx } = this;
    this.chord = new Figure(ctx, {
      label: "The logarithm and a chord of it",
      height: 420,
      grips: [
        this.grip("a", "the one value", "x", 0.05),
        this.grip("b", "the other value", "x", 0.05),
        this.grip("w", "the weight of the one value", "x", 0.05),
      ],
      onGrip: (key, value, { rest }) => this.set({ [key]: value }, rest),
    });
    this.figures = [this.chord];
    const legend = keys(["ink", "log x"], ["quiet", "the chord"], ["you", "the gap, at E[x]"]);
    fill(ctx.main, h("div", {}, this.chord.element, legend));
    this.rows = headline(jensenRows(null), 3);
    this.panel(this.rows);
  }

  show({ a, b, w }) {
    const found = { a, b, w, ...jensen(a, b, w) };
    const { mean, above, below } = found;
    const words = jensenWords(found);
    const share = (x) => (a === b ? w : (x - b) / (a - b));
    this.found = found;
    this.rows.set(jensenRows(found));
    this.chord.show({
      ...{ xs: XS, ys: YS, words, name: "log x over x" },
      lines: [
        { points: curve(CURVE, Math.log, YS), colour: "ink" },
        { points: [[a, Math.log(a)], [b, Math.log(b)]], colour: "quiet" },
        { points: [[mean, YS[0]], [mean, below]], colour: "quiet", dash: [3, 4], width: 1 },
        { points: [[mean, below], [mean, above]], colour: "you", width: 4 },
      ],
      grips: {
        a: { at: [a, Math.log(a)], value: a },
        b: { at: [b, Math.log(b)], value: b },
        w: { at: [mean, below], value: w, of: share },
      },
    });
    this.tell(words);
  }

  table() {
    const { a, b, w, mean, above, below, gap } = this.found;
    const head = ["a", "b", "weight of a", "E[x]", "log E[x]", "E[log x]", "gap"];
    return { name: "jensen", rows: [head, [a, b, w, mean, above, below, gap]] };
  }
}

export default {
  hint: "Drag the two values, and their weights on the chord",
  create: (ctx) => new Jensen(ctx, "jensen"),
};
