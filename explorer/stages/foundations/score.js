/** Score matching: a score is bent by hand; three losses move together, and none sees the weights of far modes. */

import { button } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { under } from "../kit/chart/chart.js";
import { mode } from "../kit/panel/mode.js";
import { dragged } from "../kit/panel/dragged.js";
import { labelled } from "../kit/chart/figure.js";
import { KNOTS, matched, modelScore, RANGE } from "./score_of.js";

const YS = [-5, 5];
const SMALL = 0.01; // a loss that stands for equal scores
const FAR = 0.1; // nats, and a share of the mass, that stand for different densities

const of = (curves, key) => curves.map((each) => [each.x, each[key]]);

/** Place at which two curves lie furthest apart. */
const apart = (curves, a, b) =>
  curves.toSorted((one, other) => Math.abs(other[a] - other[b]) - Math.abs(one[a] - one[b]))[0].x;

function densities({ curves }) {
  const ys = [0, 1.1 * Math.max(...curves.flatMap(({ p, q }) => [p, Math.min(q, 0.8)]))];
  const [p, q] = [of(curves, "p"), of(curves, "q").map(([x, y]) => [x, Math.min(y, ys[1])])];
  const denser = apart(curves, "p", "q");
  return {
    ...{ xs: RANGE, ys, name: "density, by x" },
    areas: [{ points: under(p), colour: "ink" }],
    lines: [
      { ...labelled(p, "data, noised", denser), colour: "ink" },
      { ...labelled(q, "model", denser), colour: "you" },
    ],
  };
}

/** Both scores, of which the model's is bent by its grips. */
function scores({ curves }, state) {
  const line = (key) => of(curves, key).filter(([, y]) => Math.abs(y) <= YS[1]);
  const steeper = apart(curves, "score", "model");
  return {
    ...{ xs: RANGE, ys: YS, name: "slope of log p, by x" },
    lines: [
      { ...labelled(line("score"), "data, noised", steeper), colour: "ink" },
      { ...labelled(line("model"), "model: drag its score", steeper), colour: "you", below: true },
    ],
    grips: Object.fromEntries(KNOTS.map((x, k) => {
      const [score] = modelScore(x, state);
      const bent = state.bend[k];
      return [k, { at: [x, score], value: bent, of: (y) => y - (score - bent) }];
    })),
  };
}

function tableOf({ curves }) {
  const rows = curves.map(({ x, p, q, score, model }) => [x, p, q, score, model]);
  return { name: "score-matching", rows: [["x", "p(x)", "model's density", "score of p", "model's score"], ...rows] };
}

function score(self) {
  const { ctx, state } = self;
  const { bounds } = ctx.fields.bend;
  const { found, figure, show } = dragged(self, {
    find(state) {
      const found = matched(state);
      const { explicit, implicit, denoising } = found;
      return { ...found, over: { implicit: implicit - explicit, denoising: denoising - explicit } };
    },
    namesOf: ({ explicit, kl }) => [explicit >= SMALL ? "differ" : kl > FAR ? "unseen" : "agree"],
  });
  const knots = KNOTS.map((x, k) => ({
    ...{ key: String(k), label: `the model's score at ${num(x)}`, axis: "y", step: 0.05 },
    ...{ low: bounds[k][0], high: bounds[k][1] },
  }));
  const bent = (at, value) => ({ bend: state.bend.with(Number(at), value) });
  const parts = [
    figure("The density of the noised data and of the model", 180, densities),
    figure("The score of the noised data and of the model", 290, (found) => scores(found, state), {
      grips: knots,
      patchOf: bent,
    }),
  ];
  const straight = button("Bend nothing", () => ctx.store.commit({ bend: KNOTS.map(() => 0) }));
  return show(parts, { rare: [straight], table: () => tableOf(found.value) });
}

export default mode(score, {
  hint: "Drag the model's score; then move the modes apart and change the weights",
});
