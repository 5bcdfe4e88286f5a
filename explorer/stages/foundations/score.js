/** Score matching: a score is bent by hand; three losses move together, and none sees the weights of far modes. */

import { under } from "../kit/chart/chart.js";
import { button } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { labelled } from "./figure.js";
import { Mode } from "./mode.js";
import { KNOTS, matched, modelScore, RANGE } from "./score_of.js";

const YS = [-5, 5];
const SMALL = 0.01; // a loss that stands for equal scores
const FAR = 0.1; // nats, and a share of the mass, that stand for different densities

class Score extends Mode {
  build() {
    const { bounds } = this.ctx.fields.bend;
    const knots = KNOTS.map((x, k) => ({
      ...{ key: String(k), label: `the model's score at ${num(x)}`, axis: "y", step: 0.05 },
      ...{ low: bounds[k][0], high: bounds[k][1] },
    }));
    const bent = (at, value) => ({ bend: this.ctx.store.get().bend.with(Number(at), value) });
    this.density = this.figure("The density of the noised data and of the model", 180);
    this.scores = this.figure("The score of the noised data and of the model", 290, knots, bent);
    this.show([this.density, this.scores]);
  }

  find(state) {
    const found = matched(state);
    const { explicit, implicit, denoising } = found;
    return { ...found, over: { implicit: implicit - explicit, denoising: denoising - explicit } };
  }

  namesOf({ explicit, kl }) {
    if (explicit >= SMALL) return ["differ"];
    return [kl > FAR ? "unseen" : "agree"];
  }

  draw({ curves }, state) {
    const of = (key) => curves.map((each) => [each.x, each[key]]);
    const ys = [0, 1.1 * Math.max(...curves.flatMap(({ p, q }) => [p, Math.min(q, 0.8)]))];
    const within = (points) => points.map(([x, y]) => [x, Math.min(y, ys[1])]);
    const apart = (a, b) =>
      curves.toSorted((one, other) => Math.abs(other[a] - other[b]) - Math.abs(one[a] - one[b]))[0].x;
    const [denser, steeper] = [apart("p", "q"), apart("score", "model")];
    this.density.show({
      ...{ xs: RANGE, ys, name: "density, by x" },
      areas: [{ points: under(of("p")), colour: "ink" }],
      lines: [
        { ...labelled(of("p"), "data, noised", denser), colour: "ink" },
        { ...labelled(within(of("q")), "model", denser), colour: "you" },
      ],
    });
    const line = (key) => of(key).filter(([, y]) => Math.abs(y) <= YS[1]);
    this.scores.show({
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
    });
  }

  table() {
    const { curves } = this.found;
    const rows = curves.map(({ x, p, q, score, model }) => [x, p, q, score, model]);
    return { name: "score-matching", rows: [["x", "p(x)", "model's density", "score of p", "model's score"], ...rows] };
  }
}

export default {
  hint: "Drag the model's score; then move the modes apart and change the weights",
  create: (ctx) =>
    new Score(ctx, "score", [button("Bend nothing", () => ctx.store.commit({ bend: KNOTS.map(() => 0) }))]),
};
