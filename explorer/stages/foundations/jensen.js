/** Jensen's inequality as a chord below a curve that bends down. */

import { mode } from "../kit/panel/mode.js";
import { dragged, said } from "../kit/panel/dragged.js";
import { curve } from "../kit/chart/figure.js";
import { jensen } from "./jensen_of.js";
import { places } from "./normal.js";

const XS = [0, 6.2];
const YS = [-2.5, 2];
const CURVE = places(0.08, XS[1], 300);
const NONE = 5e-4; // nats that are called no gap

function chordOf({ a, b, w, mean, above, below }) {
  const share = (x) => (a === b ? w : (x - b) / (a - b));
  const at = (share) => [a + share * (b - a), Math.log(a) + share * (Math.log(b) - Math.log(a))];
  const chord = [0, 0.25, 0.75, 1].map(at);
  return {
    ...{ xs: XS, ys: YS, name: "log x, over x" },
    lines: [
      { points: curve(CURVE, Math.log, YS), colour: "ink", label: "log x" },
      { points: chord, colour: "quiet", label: "the chord", at: 2, below: true },
      { points: [[mean, YS[0]], [mean, below]], colour: "quiet", dash: [3, 4], width: 1 },
      { points: [[mean, below], [mean, above]], colour: "you", width: 4, label: "the gap, at E[x]" },
    ],
    grips: {
      a: { at: [a, Math.log(a)], value: a },
      b: { at: [b, Math.log(b)], value: b },
      w: { at: [mean, below], value: w, of: share },
    },
  };
}

function tableOf({ a, b, w, mean, above, below, gap }) {
  const head = ["a", "b", "weight of a", "E[x]", "log E[x]", "E[log x]", "gap, nats"];
  return { name: "jensen", rows: [head, [a, b, w, mean, above, below, gap]] };
}

function jensenMode(self) {
  const { found, figure, show } = dragged(self, {
    find({ a, b, w }) {
      const found = jensen(a, b, w);
      const close = said(self, Math.abs(found.guess - found.gap) < 0.1 * found.gap ? "close" : "far");
      return { a, b, w, rest: 1 - w, ...found, close };
    },
    namesOf: ({ gap }) => [gap < NONE ? "none" : "gap"],
  });
  const chord = figure("The logarithm and a chord of it", 490, chordOf, { grips: ["a", "b", "w"] });
  return show([chord], { chord, table: () => tableOf(found.value) });
}

export default mode(jensenMode, { hint: "Drag the two values, and their weights on the chord" });
