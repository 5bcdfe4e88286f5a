/** Drift: what a network's own text costs, beside real text, by distance from the real beginning. */

import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { nameOf } from "./chances.js";
import { legend, Letters, tintOf } from "./letters.js";
import { lineLegend } from "./lines.js";

const LINES = {
  own: { title: "own text", colour: "ink", width: 2.5 },
  real: { title: "real text", colour: "quiet" },
  training: { title: "training text", colour: "quiet", dash: [3, 4] },
};
const KINDS = Object.keys(LINES);
const TEXTS = { real: "The real text", own: "The network goes on" };

export class Drift {
  constructor(ctx) {
    this.ctx = ctx;
    this.chart = new Chart(ctx, { label: "Loss by distance from the real beginning", height: 320 });
    const choose = (tap) => ctx.store.commit({ tap });
    this.letters = Object.fromEntries(
      Object.entries(TEXTS).map(([kind, title]) => [
        kind,
        new Letters({ label: `${title}. Arrow keys choose a character.`, onChoose: choose }),
      ]),
    );
    const texts = Object.entries(TEXTS).map(([kind, title]) =>
      h("div", {}, h("h2", {}, title), this.letters[kind].element)
    );
    this.screen = h(
      "div",
      { class: "loss-screen result" },
      this.chart.element,
      lineLegend(LINES),
      h("div", { class: "drift-texts" }, texts),
      legend(),
    );
  }

  show({ beginning, texts, bits, curves }) {
    const { tap } = this.ctx.store.get();
    for (const [kind, letters] of Object.entries(this.letters)) {
      const characters = [...texts[kind]];
      const isGiven = (i) => i < beginning;
      letters.show(characters, {
        tints: characters.map((_, i) => (isGiven(i) ? 0 : tintOf(bits[kind][i]))),
        kinds: characters.map((_, i) => (isGiven(i) ? "given" : "")),
        chosen: tap,
      });
    }
    this.showChart(curves, tap === null || tap < beginning ? null : tap - beginning);
  }

  showChart(curves, cursor) {
    const all = Object.values(curves).flat().flatMap(([, , ...ends]) => ends);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const [[first], [second]] = curves.own;
    const step = second - first;
    const end = curves.own.at(-1)[0] + step;
    const at = ([after], value) => [after + step / 2, value];
    this.chart.show({
      xs: [0, end],
      ys: [low - 0.1, high + 0.1],
      ticks: { x: [0, end / 2, end] },
      name: "bits/character, by characters after the real beginning; shaded: 95 %",
      areas: KINDS.map((kind) => ({
        colour: LINES[kind].colour,
        alpha: 0.14,
        points: [
          ...curves[kind].map((each) => at(each, each[2])),
          ...curves[kind].toReversed().map((each) => at(each, each[3])),
        ],
      })),
      lines: KINDS.map((kind) => ({ ...LINES[kind], points: curves[kind].map((each) => at(each, each[1])) })),
      cursor,
      words: KINDS.map((kind) => `${LINES[kind].title} ${num(curves[kind].at(-1)[1])} at the end`).join(", "),
    });
  }

  /** What the chosen character cost in both texts. */
  chosenRows(value) {
    const { tap } = this.ctx.store.get();
    const told = (kind) => {
      const bits = value?.bits[kind][tap];
      return bits === undefined ? "–" : `${nameOf([...value.texts[kind]][tap])}: ${num(bits)}`;
    };
    return [["the chosen character, real", told("real"), "bits"], ["the chosen character, own", told("own"), "bits"]];
  }
}
