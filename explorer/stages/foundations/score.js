/** Score matching: a score is bent by hand; three losses move together, and none sees the weights of far modes. */

import { button } from "../kit/shell/dom.js";
import { moreControls } from "../kit/shell/more.js";
import { num, percent } from "../kit/shell/format.js";
import { keySlider } from "../kit/shell/slider.js";
import { under } from "./figure.js";
import { keys, Mode } from "./mode.js";
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
    this.main(this.density, this.scores, keys(["ink", "data, noised"], ["you", "model: drag its score"]));
    const slider = (key, name, words, step) => keySlider(this.ctx, key, name, { step, words, live: true });
    this.sliders = {
      theirs: slider("theirs", "Model's right mode", percent, 0.05),
      share: slider("share", "Data's right mode", percent, 0.05),
      far: slider("far", "Distance", (value) => num(value, 1), 0.1),
      blur: slider("blur", "Noise σ", (value) => num(value, 2), 0.05),
    };
    const straight = button("Bend nothing", () => this.set({ bend: KNOTS.map(() => 0) }));
    const [theirs, share, far, blur] = Object.values(this.sliders).map(({ element }) => element);
    this.panel(this.numbers(2), theirs, share, far, moreControls(blur, straight));
  }

  find(state) {
    return matched(state);
  }

  rowsOf({ explicit, implicit, denoising, kl, right }) {
    return [
      ["implicit less explicit", num(implicit - explicit, 3)],
      ["denoising less explicit", num(denoising - explicit, 3)],
      ["KL(p ‖ model): no loss measures it", num(kl, 3), "nats"],
      ["right of 0: data | model", `${percent(right.data)} | ${percent(right.model)}`],
      ["explicit: ½ E (s − ∇ log p)²", num(explicit, 3)],
      ["implicit: E (s′ + ½ s²)", num(implicit, 3)],
      ["denoising: ½ E (s + ε ÷ σ)²", num(denoising, 3)],
    ];
  }

  wordsOf({ explicit, kl, right }) {
    const masses = `${percent(right.data)} of the data and ${percent(right.model)} of the model lie right of 0`;
    if (explicit < SMALL && kl > FAR) {
      return `The losses see almost nothing: the explicit one is ${num(explicit, 3)}. But ${masses}, a KL of ${
        num(kl)
      } nats. Hardly any data lie where the scores differ.`;
    }
    if (explicit < SMALL) return `Both scores nearly agree, and ${masses}: all three losses are at their least.`;
    return `The scores differ where data are: ½ E (s − ∇ log p)² is ${
      num(explicit, 3)
    }. The other two losses have moved ` +
      `by the same amount. ${masses[0].toUpperCase()}${masses.slice(1)}.`;
  }

  draw({ curves }, state) {
    for (const [key, { set }] of Object.entries(this.sliders)) set(state[key]);
    const of = (key) => curves.map((each) => [each.x, each[key]]);
    const ys = [0, 1.1 * Math.max(...curves.flatMap(({ p, q }) => [p, Math.min(q, 0.8)]))];
    const within = (points) => points.map(([x, y]) => [x, Math.min(y, ys[1])]);
    this.density.show({
      ...{ xs: RANGE, ys, name: "density, by x" },
      areas: [{ points: under(of("p")), colour: "ink" }],
      lines: [{ points: of("p"), colour: "ink" }, { points: within(of("q")), colour: "you" }],
    });
    const line = (key) => of(key).filter(([, y]) => Math.abs(y) <= YS[1]);
    this.scores.show({
      ...{ xs: RANGE, ys: YS, name: "slope of log p, by x" },
      lines: [{ points: line("score"), colour: "ink" }, { points: line("model"), colour: "you" }],
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
  create: (ctx) => new Score(ctx, "score"),
};
