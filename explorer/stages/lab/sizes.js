/** How many images? One metric of sets of several sizes, real or blurred, as recorded. */

import { Chart } from "../kit/chart/chart.js";
import { roundEnds } from "../kit/chart/ticks.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { NORMAL } from "../kit/shell/sums.js";
import { ToldAnswer } from "../kit/shell/told_answer.js";

const LINES = { real: { colour: "ink" }, blur: { colour: "you" } };
const log = Math.log10;

class Sizes extends ToldAnswer {
  constructor(ctx) {
    super(ctx, "sizes");
    this.chart = new Chart(ctx, {
      label: "The metric by number of images",
      height: 420,
      onMove: (place, { rest }) => this.choose(place, rest),
    });
    this.legend = h("p", { class: "lab-legend" }, "black: two sets of real images; orange: one of them is blurred");
    this.open(h("div", { class: "result" }, this.chart.element, this.legend));
  }

  choose(place, rest) {
    const away = ([count]) => Math.abs(log(count) - place);
    const [count] = this.value.lines.real.toSorted((a, b) => away(a) - away(b))[0];
    this.ctx.store.set({ count }, { commit: rest });
  }

  key({ key }) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const counts = this.value?.lines.real.map(([count]) => count) ?? [];
    const next = counts[counts.indexOf(this.value?.count) + by];
    if (next) this.ctx.store.commit({ count: next });
    return Boolean(next);
  }

  draw({ lines, count }) {
    const counts = lines.real.map(([n]) => n);
    const ends = Object.values(lines).flat().flatMap(([, value, se]) => [value - NORMAL * se, value + NORMAL * se]);
    const [low, high] = [Math.min(...ends, 0), Math.max(...ends)];
    const band = (points) => [
      ...points.map(([n, value, se]) => [log(n), value + NORMAL * se]),
      ...points.toReversed().map(([n, value, se]) => [log(n), value - NORMAL * se]),
    ];
    this.chart.show({
      xs: [log(counts[0]), log(counts.at(-1))],
      ys: [low, high + 0.05 * (high - low)],
      ticks: { x: counts.map(log), y: roundEnds(low, high) },
      names: { x: counts.map((n) => n.toLocaleString("en")) },
      areas: Object.entries(lines).map(([kind, points]) => ({ points: band(points), colour: LINES[kind].colour })),
      lines: Object.entries(lines).map(([kind, points]) => ({
        points: points.map(([n, value]) => [log(n), value]),
        ...LINES[kind],
      })),
      cursor: log(count),
      name: `${this.titled()}, by images of a set; 95 % intervals`,
      words: lines.real.map(([n, value]) => `${num(value, 3)} for ${n}`).join(", "),
    });
  }

  titled() {
    return this.ctx.value().metrics[this.ctx.store.get().metric].title;
  }

  picture() {
    return this.value && this.chart.canvas;
  }
}

export default {
  hint: "Drag the line: how large must a set be, for the figure not to depend on it?",
  create: (ctx) => new Sizes(ctx),
};
