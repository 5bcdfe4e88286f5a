/** Four walks as a film: strips of their images, and beside these what each step has in numbers, a curve for each. */

import { Chart } from "../chart/chart.js";
import { roundEnds } from "../chart/ticks.js";
import { h } from "../base/dom.js";
import { onDemand } from "../panel/parts.js";
import { OneFilm } from "./one_film.js";
import { Strip } from "./strip.js";
import { PIXELS } from "../image/pixels.js";

const COUNT = 4;
const SIZE = 176;
const UNIT = /, (nats|bits)$/; // at the end of a chart's title
const HEIGHTS = { below: 176, beside: 120 }; // of charts below a strip, and of one beside it
const LOW = { size: 128, height: 104 }; // of one strip of several, and of the chart below them

/** The lowest and the highest of some values, a little apart where they are one. */
function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** Numbers in words, as fine as their range asks for. */
function wordsOf(values, range) {
  return values ? values.map((value) => value.toFixed(range > 4 ? 0 : 2)).join(", ") : "not said";
}

export class StripFilm extends OneFilm {
  /**
   * `name` is the server function, and `doing` names its work. `charts` is a list of [key of the numbers, name, label].
   * `captionOf(film, frame)` stands below the images; `onChange(moving)` is called at every other frame. `strips` is a
   * list of [name, key of the pictures], null for the x of a frame. A `walk` is one of the four. Charts may be folded
   * under a title, `fold`. `how` is for the film (`roll`).
   */
  constructor(
    ctx,
    { name, doing, label, charts, captionOf, onChange, strips = [[null, null]], walk = "chain", fold = null, ...how },
  ) {
    super(ctx);
    Object.assign(this, { walk, onChange, wordsOf: captionOf });
    const { size, height } = strips.length > 1
      ? LOW
      : { size: SIZE, height: charts.length > 1 ? HEIGHTS.below : HEIGHTS.beside };
    this.strips = strips.map(([title, key]) => ({ title, key, strip: new Strip(title ?? label, COUNT, size) }));
    this.charts = charts.map(([key, title, words]) => ({
      key,
      title,
      chart: new Chart(ctx, {
        label: words,
        height,
        onMove: (step, { rest }) => this.film.go(this.frameAt("index", step + this.drawn.frames[0].index), { rest }),
      }),
    }));
    const rows = this.strips.map(({ title, strip }) =>
      title ? h("figure", { class: "strip-row" }, h("figcaption", {}, title), strip.element) : strip.element
    );
    const shown = h("div", { class: "strip-rows" }, rows);
    const drawn = this.charts.map(({ chart }) => chart.element);
    const side = fold ? onDemand(fold, ...drawn) : h("div", { class: "walk-charts" }, drawn);
    const isBelow = fold || charts.length > 1 || strips.length > 1;
    this.roll({
      name,
      nameOf: () => doing,
      screen: h("div", { class: isBelow ? "walks" : "walks beside-chart" }, shown, side),
      dims: [...this.strips.map(({ strip }) => strip.element), ...drawn],
      label,
      filename: `${name}.gif`,
      framesPerSecond: 10,
      ...how,
    });
  }

  tell(moving) {
    this.onChange(moving);
  }

  arrived() {
    super.arrived();
    this.tell(this.queue.running !== null);
  }

  /** Error of the present question, such as a chain that diverged; null where there was none. */
  get problem() {
    return this.request && this.queue.problemOf(this.request);
  }

  /** The frame on screen where it answers what is asked for now, else null. */
  get frame() {
    return this.current?.frames[this.film.index] ?? null;
  }

  steps() {
    const { frames } = this.drawn;
    return { ...super.steps(), place: (at) => `step ${this.stepOf(frames[at]).toLocaleString("en")}` };
  }

  captionOf(at) {
    return this.wordsOf(this.drawn, this.drawn.frames[at]);
  }

  /** The step that a frame shows; what a walk starts from is step 0, whether its frames count from there or not. */
  stepOf(frame) {
    return frame.index - this.drawn.frames[0].index;
  }

  /** The strips of a frame as rows of {name, bytes}; those that it has no picture for are left out. */
  rowsOf(frame) {
    const rows = this.strips.map(({ title, key }) => ({
      name: title ?? `step ${this.stepOf(frame)}`,
      bytes: key ? frame.pictures[key] : frame.x,
    }));
    return rows.filter(({ bytes }) => bytes);
  }

  draw(at) {
    const frame = this.drawn.frames[at];
    for (const { key, strip } of this.strips) {
      const bytes = key ? frame.pictures[key] : frame.x;
      if (bytes) strip.show(bytes, `step ${this.stepOf(frame)}`);
      else strip.clear();
    }
    for (const each of this.charts) this.showChart(each, frame);
    const { bytes } = this.strips[0].strip;
    this.ctx.show("out", bytes?.subarray(0, PIXELS) ?? null);
  }

  showChart({ key, title, chart }, frame) {
    const { frames } = this.drawn;
    const counted = frames.filter(({ numbers }) => numbers[key]);
    const end = frame.total - 1 - frames[0].index;
    const [low, high] = rangeOf(counted.flatMap(({ numbers }) => numbers[key]));
    chart.show({
      xs: [0, end],
      ys: [low, high],
      ticks: { x: [0, Math.round(end / 2), end], y: roundEnds(low, high) },
      name: title,
      along: "steps",
      lines: Array.from({ length: COUNT }, (_, k) => ({
        points: counted.map((each) => [this.stepOf(each), each.numbers[key][k]]),
        colour: k ? "quiet" : "ink",
        width: k ? 1 : 2,
      })),
      cursor: this.stepOf(frame),
      words: `at step ${this.stepOf(frame)} of ${end}: ${wordsOf(frame.numbers[key], high - low)}`,
    });
  }

  /** Every frame with its numbers, as a table to keep. */
  table(name) {
    if (!this.drawn) return null;
    const keys = this.charts.map(({ key }) => key);
    const head = this.charts.flatMap(({ key, title }) => {
      const [unit = ""] = title.match(UNIT) ?? [];
      return Array.from({ length: COUNT }, (_, k) => `${key} of ${this.walk} ${k + 1}${unit}`);
    });
    const rows = this.drawn.frames.map((frame) => [
      this.stepOf(frame),
      ...keys.flatMap((key) => frame.numbers[key] ?? Array(COUNT).fill("")),
    ]);
    return { name, rows: [["step", ...head], ...rows] };
  }
}
