/** Four chains as a film: their images, and beside these what each step has in numbers, a curve for every chain. */

import { Chart } from "../kit/chart.js";
import { h } from "../kit/dom.js";
import { Filmed } from "../kit/filmed.js";
import { dim } from "../kit/parts.js";
import { createFilm } from "../kit/player.js";
import { Queue } from "../kit/queue.js";
import { paintRows, Strip } from "../kit/strip.js";

export const COUNT = 4;
const SIZE = 150;
const CHART_HEIGHT = 130;

/** The lowest and the highest of some values, a little apart where they are one. */
function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}

export class ChainFilm extends Filmed {
  /**
   * `name` is the server function and `doing` what it does, in words; `charts` is a list of [key of the numbers, name,
   * label]; `captionOf(film, frame)` stands below the images, and `onChange(moving)` is told of every other frame.
   */
  constructor(ctx, { name, doing, label, charts, captionOf, onChange }) {
    super();
    Object.assign(this, { ctx, captionOf, onChange, request: null, drawn: null });
    this.strip = new Strip(label, COUNT, SIZE);
    this.charts = charts.map(([key, title, words]) => ({
      key,
      title,
      chart: new Chart(ctx, {
        label: words,
        height: CHART_HEIGHT,
        onMove: (step, { rest }) => this.film.go(this.frameAt(step), { rest }),
      }),
    }));
    this.queue = new Queue(ctx, {
      name,
      nameOf: () => doing,
      onChange: () => this.show(),
      onAnother: () => this.film?.pause(),
    });
    this.host = h("div", { class: "film-host" });
    const side = h("div", { class: "chain-charts" }, this.charts.map(({ chart }) => chart.element));
    this.film = createFilm(this.host, {
      steps: { length: 0 },
      screen: h("div", { class: "chains" }, this.strip.element, side),
      label,
      filename: `${name}.gif`,
      framesPerSecond: 10,
      onStep: (index, { rest }) => ctx.store.set({ at: this.placeOf(index) }, { commit: rest }),
      tell: (moving) => this.onChange(moving),
    });
  }

  /** Has a question answered; null for none. */
  ask(request) {
    this.request = request;
    this.queue.want(request ? [request] : []);
    this.show();
  }

  /** What went wrong with what is asked for now, such as a chain that went astray; null where nothing did. */
  get problem() {
    return this.request && this.queue.problemOf(this.request);
  }

  /** The film of what is asked for now; null before its first frame. */
  get current() {
    return this.request && this.queue.filmOf(this.request);
  }

  /** The frame on screen where it answers what is asked for now, else null. */
  get frame() {
    return this.current?.frames[this.film.index] ?? null;
  }

  /** A frame as the address has it: a share of all there will be, 1 for the newest. */
  placeOf(index) {
    return index >= this.drawn.frames.length - 1 ? 1 : Number((index / (this.drawn.total - 1)).toFixed(4));
  }

  get at() {
    if (!this.drawn) return 0;
    const { at } = this.ctx.store.get();
    const last = this.drawn.frames.length - 1;
    return at >= 1 ? last : Math.min(last, Math.round(at * (this.drawn.total - 1)));
  }

  frameAt(step) {
    const away = this.drawn.frames.map(({ index }) => Math.abs(index - step));
    return away.indexOf(Math.min(...away));
  }

  /** Shows what is there; an earlier film stays, dimmed, until the first frame of the new one. */
  show() {
    const { current, drawn } = this;
    this.drawn = this.request ? (current ?? drawn) : null;
    dim(this.strip.element, this.drawn !== null && !current);
    if (!this.drawn) this.film.setSteps({ length: 0 });
    else if (this.drawn !== drawn) {
      this.film.index = this.at;
      this.film.setSteps(this.steps());
    } else if (this.film.steps.length !== this.drawn.frames.length) {
      if (!this.film.timer) this.film.index = this.at;
      this.film.grow(this.steps());
    } else if (!this.film.timer && this.film.index !== this.at) this.film.show(this.at);
    this.onChange(this.queue.running !== null);
  }

  steps() {
    const { frames } = this.drawn;
    return {
      length: frames.length,
      more: () => this.queue.running !== null,
      show: (at) => this.draw(at),
      draw: (canvas, at) =>
        paintRows(canvas, [{ name: `step ${frames[at].index}`, bytes: frames[at].x }], COUNT, this.ctx.colours()),
      place: (at) => `step ${frames[at].index.toLocaleString("en")}`,
      caption: (at) => this.captionOf(this.drawn, frames[at]),
      numbers: () => [],
    };
  }

  draw(at) {
    const frame = this.drawn.frames[at];
    this.strip.show(frame.x, `step ${frame.index}`);
    for (const each of this.charts) this.showChart(each, frame);
  }

  showChart({ key, title, chart }, frame) {
    const { frames } = this.drawn;
    const end = frame.total - 1;
    const [low, high] = rangeOf(frames.flatMap(({ numbers }) => numbers[key]));
    chart.show({
      xs: [0, end],
      ys: [low, high],
      ticks: { x: [0, Math.round(end / 2), end], y: [Math.ceil(low), Math.floor(high)] },
      name: title,
      lines: Array.from({ length: COUNT }, (_, k) => ({
        points: frames.map(({ index, numbers }) => [index, numbers[key][k]]),
        colour: k ? "quiet" : "ink",
        width: k ? 1 : 2,
      })),
      cursor: frame.index,
      words: `at step ${frame.index} of ${end}: ${frame.numbers[key].map((value) => Math.round(value)).join(", ")}`,
    });
  }

  picture() {
    if (!this.drawn) return null;
    const canvas = h("canvas");
    this.steps().draw(canvas, this.film.index);
    return canvas;
  }

  /** Every frame with its numbers, as a table to keep. */
  table(name) {
    if (!this.drawn) return null;
    const keys = this.charts.map(({ key }) => key);
    const head = keys.flatMap((key) => Array.from({ length: COUNT }, (_, k) => `${key} of chain ${k + 1}`));
    const rows = this.drawn.frames.map(({ index, numbers }) => [index, ...keys.flatMap((key) => numbers[key])]);
    return { name, rows: [["step", ...head], ...rows] };
  }
}
