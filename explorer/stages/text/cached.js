/** Why cached: one text drawn with the cache and without it, and the masked diffusion beside it, on one clock. */

import { Chart } from "../kit/chart/chart.js";
import { PanelFilm } from "../kit/film/panel_film.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline, moreNumbers } from "../kit/shell/more.js";
import { numberTable } from "../kit/shell/parts.js";
import { charactersOf, Letters } from "./letters.js";
import { lineLegend } from "./lines.js";
import { paintText } from "./paint.js";

const [PER_SECOND, WINDOW] = [30, 16];
const LINES = {
  naive: { title: "naive", colour: "ink", width: 2.5 },
  cached: { title: "cached", colour: "ink", dash: [6, 4] },
  diffusion: { title: "masked diffusion", colour: "quiet", dash: [2, 4] },
};
const WAYS = Object.keys(LINES);
const HEAD = ["for a character", "evaluations", "positions", "ms", "s in all"];

class Cached extends PanelFilm {
  constructor(ctx) {
    super(ctx, "cached");
    this.alphabet = ctx.value().alphabet;
    const onMove = (place, { rest }) => this.moveTo(Math.round(place) - 1, rest);
    this.whole = new Chart(ctx, { label: "Seconds for the text so far", height: 280, onMove });
    this.each = new Chart(ctx, { label: "Milliseconds for one character", height: 280, onMove });
    this.letters = new Letters({
      label: "The text. Arrow keys choose a character.",
      onChoose: (place) => this.moveTo(place, true),
    });
    this.costs = h("div", { class: "cached-costs result" });
    this.numbers = headline(this.rows(null), 0);
    const charts = h("div", { class: "text-charts result" }, this.whole.element, this.each.element);
    this.open({
      nameOf: () => "The same text, drawn twice",
      screen: h(
        "div",
        { class: "cached-screen" },
        charts,
        lineLegend(LINES),
        this.letters.element,
        moreNumbers(this.costs),
      ),
      below: [this.numbers],
      label: "The text, character by character",
      framesPerSecond: PER_SECOND,
    });
  }

  /** Goes to the frame of a character, as far as there are frames. */
  moveTo(place, rest) {
    if (!this.drawn) return;
    this.film.pause();
    this.ctx.store.set(this.stateOf(Math.max(0, Math.min(this.last, place))), { commit: rest });
  }

  stateOf(at) {
    return { at: at === this.drawn.total - 1 ? null : at };
  }

  captionOf(at) {
    return `${at + 1} of ${this.drawn.total} characters`;
  }

  /** Seconds of one way for the first `count` characters. */
  seconds(way, count) {
    return this.drawn.frames.slice(0, count).reduce((sum, { numbers }) => sum + numbers[way], 0) / 1000;
  }

  /** Mean milliseconds of one way for a character, of the last `WINDOW` ones up to `count`. */
  pace(way, count) {
    const from = Math.max(0, count - WINDOW);
    return (1000 * (this.seconds(way, count) - this.seconds(way, from))) / (count - from);
  }

  /** Evaluations of the network for a character, and positions that they compute, in the mean of `count`. */
  work(count) {
    const { steps } = this.request;
    return {
      naive: { evaluations: 1, positions: (count + 1) / 2 },
      cached: { evaluations: 1, positions: 1 },
      diffusion: { evaluations: (2 * steps) / this.drawn.total, positions: steps },
    };
  }

  draw(at) {
    const { x } = this.drawn.frames[at];
    this.letters.show(charactersOf(x.subarray(0, at + 1), this.alphabet), { chosen: at });
    this.drawChart(this.whole, "seconds for the text so far", at, (way, count) => this.seconds(way, count));
    this.drawChart(this.each, "milliseconds a character", at, (way, count) => this.pace(way, count));
    fill(this.costs, numberTable("What a character costs", HEAD, this.costRows(at + 1)));
    this.numbers.set(this.rows(at));
  }

  drawChart(chart, name, at, valueOf) {
    const { frames, total } = this.drawn;
    const counts = [];
    for (let count = WINDOW; count <= frames.length; count += WINDOW) counts.push(count);
    const shown = [...counts.filter((count) => count <= at), at + 1];
    const top = Math.max(...WAYS.flatMap((way) => [...counts, at + 1].map((count) => valueOf(way, count))));
    chart.show({
      xs: [0, total],
      ys: [0, 1.05 * top],
      ticks: { x: [0, total / 2, total] },
      name,
      lines: WAYS.map((way) => ({ ...LINES[way], points: shown.map((count) => [count, valueOf(way, count)]) })),
      cursor: at + 1,
      words: WAYS.map((way) => `${LINES[way].title} ${num(valueOf(way, at + 1))}`).join(", "),
    });
  }

  costRows(count) {
    const work = this.work(count);
    return WAYS.map((way) => {
      const { evaluations, positions } = work[way];
      const [pace, seconds] = [this.pace(way, count), this.seconds(way, count)];
      return [LINES[way].title, num(evaluations, 2), num(positions, 1), num(pace, 1), num(seconds, 2)];
    });
  }

  rows(at) {
    const of = (way) => (at === null ? "–" : num(this.seconds(way, at + 1)));
    const ratio = at === null || at + 1 < WINDOW
      ? "–"
      : num(this.seconds("naive", at + 1) / this.seconds("cached", at + 1), 1);
    return [
      ["without the cache, this text takes", ratio, "times as long"],
      ["with the cache", of("cached"), "seconds"],
      ["without the cache", of("naive"), "seconds"],
      ["masked diffusion, as many characters", of("diffusion"), "seconds"],
    ];
  }

  words(at) {
    const count = at + 1;
    const naive = ((count * (count + 1)) / 2).toLocaleString("en");
    const characters = count === 1 ? "1 character" : `${count} characters`;
    const positions = count === 1 ? "1 position" : `${naive} positions`;
    return `For ${characters}, the naive sampler computes ${positions} and the cached one ${count}. ` +
      `The masked diffusion evaluates its network ${this.request.steps} times for ${
        this.drawn.total / 2
      } characters, ` +
      "each time at all positions. Each new character changes what all others see, so it can keep nothing. " +
      "The times are processor time on this server, one thread.";
  }

  paint(canvas, at) {
    const { x } = this.drawn.frames[at];
    paintText(canvas, charactersOf(x.subarray(0, at + 1), this.alphabet), x.length, this.ctx.colours());
  }

  table() {
    if (!this.drawn) return null;
    const rows = this.drawn.frames.map(({ numbers }, i) => [i + 1, ...WAYS.map((way) => numbers[way])]);
    return { name: "cost-of-a-character", rows: [["character", ...WAYS.map((way) => `${way} ms`)], ...rows] };
  }
}

export default {
  hint: "What does a character cost, with and without the cache?",
  create: (ctx) => new Cached(ctx),
};
