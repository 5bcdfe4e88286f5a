/** Drift: what a network's own text costs, beside real text, by distance from the real beginning. */

import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { NORMAL } from "../kit/shell/sums.js";
import { find } from "../kit/shell/card.js";
import { nameOf } from "./chances.js";
import { legend, Letters, tintOf } from "./letters.js";
import { lineLegend, roundTicks } from "./lines.js";

const LINES = {
  own: { title: "own text", colour: "ink", width: 2.5 },
  real: { title: "real text", colour: "quiet" },
  training: { title: "training text", colour: "quiet", dash: [3, 4] },
};
const KINDS = Object.keys(LINES);
const TEXTS = { real: "The real text", own: "The network goes on" };
const NATS = 1 / Math.LN2; // bits
const LIKE_TRAINING = "It is closer to the text that the network was trained on, which costs less, too. ";

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

  show({ beginning, texts, bits, rows }) {
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
    this.showChart(rows, tap === null || tap < beginning ? null : tap - beginning);
  }

  showChart(rows, cursor) {
    const judged = Object.fromEntries(KINDS.map((kind) => [kind, curveOf(rows, kind)]));
    const all = KINDS.flatMap((kind) => judged[kind].flatMap(({ low, high }) => [low, high]));
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const step = judged.own[1].after - judged.own[0].after;
    const end = judged.own.at(-1).after + step;
    const place = ({ after }) => after + step / 2;
    this.chart.show({
      xs: [0, end],
      ys: [low - 0.1, high + 0.1],
      ticks: { x: [0, end / 2, end], y: roundTicks(high + 0.1, low - 0.1) },
      name: "bits/character, by characters after the real beginning; shaded: 95 %",
      areas: KINDS.map((kind) => ({
        colour: LINES[kind].colour,
        alpha: 0.14,
        points: [
          ...judged[kind].map((each) => [place(each), each.low]),
          ...judged[kind].toReversed().map((each) => [place(each), each.high]),
        ],
      })),
      lines: KINDS.map((kind) => ({ ...LINES[kind], points: judged[kind].map((each) => [place(each), each.value]) })),
      cursor,
      words: KINDS.map((kind) => `${LINES[kind].title} ${num(judged[kind].at(-1).value)} at the end`).join(", "),
    });
  }

  rows(value) {
    const { slope, excess, judge } = value ? figuresOf(value) : {};
    const of = (row) => (row ? `${num(NATS * row.value)} ± ${num(NORMAL * NATS * row.se)}` : "–");
    const { tap } = this.ctx.store.get();
    const chosen = value && tap !== null ? value : null;
    const told = (kind) =>
      chosen?.bits[kind][tap] === undefined
        ? "–"
        : `${nameOf([...chosen.texts[kind]][tap])}: ${num(chosen.bits[kind][tap])}`;
    return [
      ["drift in 100 characters", of(slope), "bits"],
      ["own − real text, first 32 characters", of(excess?.[0]), "bits/character"],
      ["own − real text, last 32 characters", of(excess?.at(-1)), "bits/character"],
      ["measured by", judge ?? "–", ""],
      ["texts of each kind", slope ? String(slope.n) : "–", ""],
      ["the chosen character, real", told("real"), "bits"],
      ["the chosen character, own", told("own"), "bits"],
    ];
  }

  words(value) {
    const { slope, excess, judge } = figuresOf(value);
    const [first] = excess;
    const side = first.value < 0 ? "less" : "more";
    return `${steady(slope)} Measured by ${judge}, its text ${
      isZero(first) ? "costs as much as real text" : `costs ${side} than real text from the start`
    }. ` +
      (first.value < 0 && !isZero(first) ? LIKE_TRAINING : "") +
      `The means are of ${slope.n} texts, which begin with ${value.beginning} real characters of the test split. ` +
      "The two texts below are one draw, from text that no network was trained on.";
  }

  table({ texts, bits }) {
    const rows = [...texts.real].map((character, i) => [character, bits.real[i], [...texts.own][i], bits.own[i]]);
    return { name: "drift", rows: [["real", "bits", "own", "bits"], ...rows] };
  }
}

/** Whether a measured number differs from 0 by no more than its error. */
const isZero = ({ value, se }) => Math.abs(value) < NORMAL * se;

const steady = (slope) =>
  isZero(slope)
    ? "No drift: its own text costs no more with the distance, beyond the error."
    : `The difference to real text ${slope.value > 0 ? "grows" : "shrinks"} with the distance.`;

/** Bits a character of one kind of text, by distance, with the ends of their intervals. */
const curveOf = (rows, text) =>
  rows.filter((row) => row.name === "judged" && row.text === text).map(({ after, value, se }) => ({
    after,
    value: NATS * value,
    low: NATS * (value - NORMAL * se),
    high: NATS * (value + NORMAL * se),
  }));

const figuresOf = ({ rows, judge }) => ({
  slope: find(rows, "slope"),
  excess: rows.filter(({ name }) => name === "excess"),
  judge: `the ${judge}`,
});
