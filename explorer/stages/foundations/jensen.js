/** Jensen's inequality as a chord below a curve that bends down. */

import { num } from "../kit/shell/format.js";
import { curve } from "./figure.js";
import { jensen } from "./jensen_of.js";
import { keys, Mode } from "./mode.js";
import { places } from "./normal.js";

const XS = [0, 6.2];
const YS = [-2.5, 2];
const CURVE = places(0.08, XS[1], 300);
const NONE = 5e-4; // nats that are called no gap

class Jensen extends Mode {
  build() {
    this.chord = this.figure("The logarithm and a chord of it", 420, ["a", "b", "w"]);
    this.main(this.chord, keys(["ink", "log x"], ["quiet", "the chord"], ["you", "the gap, at E[x]"]));
    this.panel(this.numbers(3));
  }

  find({ a, b, w }) {
    return { a, b, w, ...jensen(a, b, w) };
  }

  rowsOf({ mean, above, below, gap, guess }) {
    return [
      ["E[x]", num(mean, 3)],
      ["log E[x]", num(above, 3)],
      ["E[log x]", num(below, 3)],
      ["gap: log E[x] − E[log x]", num(gap, 3)],
      ["Var[x] ÷ 2E[x]², its guess", num(guess, 3)],
    ];
  }

  wordsOf({ a, b, w, above, below, gap, guess }) {
    if (gap < NONE) {
      return `log E[x] and E[log x] are both ${num(above, 3)}: x does not vary, so there is no gap. As weights of ` +
        "draws from q: q is the posterior, and the ELBO is log p(x).";
    }
    const close = Math.abs(guess - gap) < 0.1 * gap ? "is close to that" : "is off, as x varies too much for it";
    return `x is ${num(a)} with weight ${num(w)} and ${num(b)} with ${num(1 - w)}. The logarithm of the mean is ` +
      `${num(above, 3)}, the mean of the logarithms ${num(below, 3)}: ${num(gap, 3)} less. The guess by the spread, ` +
      `${num(guess, 3)}, ${close}. If both x were weights p(x, z) ÷ q(z) of two draws, log p(x) would be the first ` +
      "number and the ELBO the second: it can only be below.";
  }

  draw({ a, b, w, mean, above, below }) {
    const share = (x) => (a === b ? w : (x - b) / (a - b));
    this.chord.show({
      ...{ xs: XS, ys: YS, name: "log x over x" },
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
