/** Score matching: a score is bent by hand; three losses move together, and none sees the weights of far modes. */

import { button, fill, h } from "../kit/shell/dom.js";
import { headline, moreControls } from "../kit/shell/more.js";
import { num, percent } from "../kit/shell/format.js";
import { keySlider } from "../kit/shell/slider.js";
import { Figure, under } from "./figure.js";
import { keys, Mode } from "./mode.js";
import { KNOTS, matched, modelScore, RANGE } from "./score_of.js";
import { lossRows, otherRows, scoreWords } from "./score_words.js";

const YS = [-5, 5];
const rowsOf = (found) => [...otherRows(found), ...lossRows(found)];

class Score extends Mode {
  build() {
    const { ctx } = this;
    const { bounds } = ctx.fields.bend;
    this.density = new Figure(ctx, { label: "The density of the noised data and of the model", height: 180 });
    this.scores = new Figure(ctx, {
      label: "The score of the noised data and of the model",
      height: 290,
      grips: KNOTS.map((x, k) => ({
        ...{ key: String(k), label: `the model's score at ${num(x)}`, axis: "y", step: 0.05 },
        ...{ low: bounds[k][0], high: bounds[k][1] },
      })),
      onGrip: (key, value, { rest }) => this.bend(Number(key), value, rest),
    });
    this.figures = [this.density, this.scores];
    const legend = keys(["ink", "data, noised"], ["you", "model: drag its score"]);
    fill(ctx.main, h("div", {}, this.density.element, this.scores.element, legend));
    const slider = (key, name, words, step) => keySlider(ctx, key, name, { step, words, live: true });
    this.sliders = {
      theirs: slider("theirs", "Model's right mode", percent, 0.05),
      share: slider("share", "Data's right mode", percent, 0.05),
      far: slider("far", "Distance", (value) => num(value, 1), 0.1),
      blur: slider("blur", "Noise σ", (value) => num(value, 2), 0.05),
    };
    this.rows = headline(rowsOf(null), 2);
    const straight = button("Bend nothing", () => this.set({ bend: KNOTS.map(() => 0) }));
    const [theirs, share, far, blur] = Object.values(this.sliders).map(({ element }) => element);
    this.panel(this.rows, theirs, share, far, moreControls(blur, straight));
  }

  bend(at, value, rest) {
    this.set({ bend: this.ctx.store.get().bend.map((each, k) => (k === at ? value : each)) }, rest);
  }

  show(state) {
    for (const [key, { set }] of Object.entries(this.sliders)) set(state[key]);
    this.found = matched(state);
    const words = scoreWords(this.found);
    this.rows.set(rowsOf(this.found));
    this.showDensity(words);
    this.showScores(state, words);
    this.tell(words);
  }

  showDensity(words) {
    const { curves } = this.found;
    const of = (key) => curves.map((each) => [each.x, each[key]]);
    const ys = [0, 1.1 * Math.max(...curves.flatMap(({ p, q }) => [p, Math.min(q, 0.8)]))];
    const within = (points) => points.map(([x, y]) => [x, Math.min(y, ys[1])]);
    this.density.show({
      ...{ xs: RANGE, ys, words, name: "density" },
      areas: [{ points: under(of("p")), colour: "ink" }],
      lines: [{ points: of("p"), colour: "ink" }, { points: within(of("q")), colour: "you" }],
    });
  }

  showScores(state, words) {
    const { curves } = this.found;
    const line = (key) => curves.map((each) => [each.x, each[key]]).filter(([, y]) => Math.abs(y) <= YS[1]);
    this.scores.show({
      ...{ xs: RANGE, ys: YS, words, name: "score: slope of the log density" },
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
