/** How large: losses of networks of several widths on several amounts of text, and the power law that fits them. */

import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { lineLegend } from "./lines.js";

const CURVES = {
  held: { title: "held-out text, this network", colour: "you", width: 2.5 },
  train: { title: "its training text", colour: "you", dash: [6, 4] },
  others: { title: "held-out text, the others", colour: "quiet", width: 1 },
};
const log = Math.log10;

export class Size {
  constructor(ctx) {
    this.ctx = ctx;
    this.chart = new Chart(ctx, { label: "Loss while training", height: 250 });
    this.law = new Chart(ctx, {
      label: "Loss by amount of text",
      height: 240,
      onMove: (place, { rest }) => this.choose(place, rest),
    });
    this.screen = h(
      "div",
      { class: "loss-screen result" },
      this.chart.element,
      lineLegend(CURVES),
      this.law.element,
      lineLegend({
        measured: { title: "measured, a line for each width", colour: "quiet" },
        fitted: { title: "the power law", colour: "quiet", dash: [3, 4] },
      }),
    );
  }

  /** Chooses the amount of text that is nearest to a place. */
  choose(place, rest) {
    const away = ([, characters]) => Math.abs(log(characters) - place);
    const [[share]] = this.value.law[this.value.width].toSorted((a, b) => away(a) - away(b));
    this.ctx.store.set({ share }, { commit: rest });
  }

  show(value) {
    this.value = value;
    this.showCurves(value);
    this.showLaw(value);
  }

  /** No character can be chosen here. */
  chosenRows() {
    return [];
  }

  showCurves({ curves, run }) {
    const lineOf = (name, key) => curves[name].slice(1).map((each) => [each.step, each[key]]);
    const others = Object.keys(curves).filter((name) => name !== run);
    const all = Object.keys(curves).flatMap((name) => [...lineOf(name, "held_out"), ...lineOf(name, "train")]);
    const [low, high] = [Math.min, Math.max].map((end) => end(...all.map(([, loss]) => loss)));
    const last = curves[run].at(-1);
    this.chart.show({
      xs: [0, last.step],
      ys: [low - 0.05, high],
      ticks: { x: [0, last.step / 2, last.step] },
      name: "nats/character, by training step",
      lines: [
        ...others.map((name) => ({ ...CURVES.others, points: lineOf(name, "held_out") })),
        { ...CURVES.train, points: lineOf(run, "train") },
        { ...CURVES.held, points: lineOf(run, "held_out") },
      ],
      words: `held out ${num(last.held_out)}, training ${num(last.train)} at the end`,
    });
  }

  showLaw({ law, width, run }) {
    const [sizes] = Object.values(law);
    const losses = Object.values(law).flat().flatMap(([, , nll, fitted]) => [nll, fitted]);
    const [low, high] = [Math.min(...losses) - 0.05, Math.max(...losses) + 0.05];
    const [, characters, chosen] = law[width].find(([share]) => `${width}-${share}` === run);
    const line = (points, figure) => points.map((point) => [log(point[1]), point[figure]]);
    this.law.show({
      xs: [log(sizes[0][1]) - 0.1, log(sizes.at(-1)[1]) + 0.1],
      ys: [low, high],
      ticks: { x: sizes.map(([, count]) => log(count)) },
      names: { x: sizes.map(([, count]) => `${Math.round(count / 1000)},000`) },
      name: "test loss, nats/character, by characters of training text",
      lines: Object.entries(law).flatMap(([each, points]) => [
        { points: line(points, 2), colour: Number(each) === width ? "ink" : "quiet" },
        { points: line(points, 3), colour: "quiet", dash: [3, 4], width: 1 },
      ]),
      dot: [log(characters), chosen],
      words: `${num(chosen)} with ${characters.toLocaleString("en")} characters`,
    });
  }
}
