/**
 * What it cannot do: there is no likelihood to show; instead the nearest image to a picture is searched for, as a film.
 */

import { Chart } from "../kit/chart/chart.js";
import { PanelFilm } from "../kit/film/panel_film.js";
import { paintRows } from "../kit/film/strip.js";
import { Board } from "../kit/image/board.js";
import { createNearest } from "../kit/image/nearest.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { greyOf } from "../kit/shell/chosen.js";
import { h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { createSentences, headline } from "../kit/shell/more.js";

const OF_PICTURE = ["img", "draw", "source", "set"];
const SIZE = 232;
const CHART_HEIGHT = 180;
const PER_SECOND = 8;
/** What stands where other families show how likely a picture is. */
const NO_LIKELIHOOD = "A GAN cannot say how likely this picture is: it draws images, and defines no density. Nor has " +
  "it an encoder: what can be asked is how near it comes to the picture, and the code for that has " +
  "to be searched for.";
const NOTHING = {
  test: "Choose a test image: the nearest image that the generator can make is searched for.",
  draw: "Draw something on the pad: the nearest image that the generator can make is searched for.",
};

class Cannot extends PanelFilm {
  constructor(ctx) {
    super(ctx, "cannot");
    const board = (label, caption) => {
      const made = new Board({ label, size: SIZE });
      return Object.assign(made, { figure: h("figure", {}, made.element, h("figcaption", {}, caption)) });
    };
    this.boards = {
      target: board("The picture", "the picture"),
      found: board("The nearest image found", "nearest image"),
      left: board("What is left over", "what is left over"),
    };
    this.chart = new Chart(ctx, {
      label: "The error of every start, step by step",
      height: CHART_HEIGHT,
      onMove: (step, { rest }) => this.film.go(this.frameAt("index", step), { rest }),
    });
    this.numbers = headline(this.rows(null), 0);
    this.chooser = new Picture(ctx);
    this.nearest = createNearest(ctx);
    const pictures = h("div", { class: "search-boards" }, Object.values(this.boards).map(({ figure }) => figure));
    this.open({
      nameOf: () => "Searching for a code",
      screen: h("div", { class: "search" }, pictures, this.chart.element),
      dims: [this.boards.found.element, this.boards.left.element],
      label: "The search, step by step",
      filename: "gan-search.gif",
      framesPerSecond: PER_SECOND,
      above: [this.numbers, this.chooser.element],
      below: [this.nearest.element],
    });
    const why = createSentences({});
    why.set(NO_LIKELIHOOD);
    ctx.main.prepend(h("div", { class: "cannot" }, why.element, why.more));
  }

  enter() {
    super.enter();
    startWithExample(this.ctx);
  }

  wanted() {
    const picture = drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset);
    return picture && { ...super.wanted(), picture };
  }

  get asks() {
    return [...super.asks, ...OF_PICTURE];
  }

  update(changed) {
    this.chooser.update();
    super.update(changed);
    if (!OF_PICTURE.some((key) => changed.has(key))) this.arrived(); // the picture itself may have come
    this.empty.hidden = this.request !== null;
    this.film.host.hidden = this.request === null;
    setText(this.empty, this.ctx.net().error ?? NOTHING[this.chooser.kind]);
  }

  /** The newest frame is shown while the search goes on. */
  begin() {
    this.film.index = this.at;
    this.film.setSteps(this.steps());
  }

  /** The picture as 784 shares of white, or null. */
  get target() {
    const grey = greyOf(this.ctx);
    return grey && Float32Array.from(grey, (value) => value / 255);
  }

  arrived() {
    const { target } = this;
    if (target) this.boards.target.show({ values: target, words: "what is searched for" });
    super.arrived();
    const done = this.current?.done ? this.current : null;
    const found = done && Float32Array.from(done.frames.at(-1).x, (value) => value / 255);
    this.nearest.meet(done && `${done.id}`, found, this.ctx.net().dataset);
  }

  captionOf(at) {
    return this.drawn.frames[at].caption;
  }

  draw(at) {
    const frame = this.drawn.frames[at];
    const values = Float32Array.from(frame.x, (value) => value / 255);
    const { target } = this;
    this.ctx.show("out", values);
    this.boards.found.show({ values, words: `${frame.class}, error ${num(frame.numbers.error[0], 3)}` });
    if (target && this.current) {
      this.boards.left.show({
        values: values.map((value, i) => Math.abs(value - target[i])),
        words: `error ${num(frame.numbers.error[0], 3)}`,
      });
    }
    this.numbers.set(this.rows(frame));
    this.showChart(at);
  }

  rows(frame) {
    const { drawn } = this;
    const cost = drawn ? `${drawn.evaluations.toLocaleString("en")} in ${num(drawn.seconds, 1)} s` : "–";
    return [...(frame?.told ?? this.ctx.value().heads.cannot.map((name) => [name, "–"])), [
      "evaluations of G, forward",
      cost,
    ]];
  }

  showChart(at) {
    const { frames } = this.drawn;
    const best = frames.map(({ index, numbers }) => [index, numbers.error[0]]);
    const top = Math.max(...frames.flatMap(({ numbers }) => numbers.errors[0]));
    const each = frames[0].numbers.errors[0].map((_, k) => ({
      points: frames.map(({ index, numbers }) => [index, numbers.errors[0][k]]),
      colour: "quiet",
      width: 1,
    }));
    const end = frames[0].total - 1;
    this.chart.show({
      xs: [0, end],
      ys: [0, top * 1.05],
      ticks: { x: [0, Math.round(end / 2), end], y: [0, Number(top.toFixed(2))] },
      name: "error (rms) of every start; the best is bold",
      lines: [...each, { points: best, colour: "ink", width: 2.5 }],
      cursor: frames[at].index,
      dot: best[at],
      words: frames[at].caption,
    });
  }

  /** What is seen once the search is over. */
  words() {
    return this.current?.done && this.target ? this.current.frames.at(-1).words : "";
  }

  paint(canvas, at) {
    const { target } = this;
    const found = this.drawn.frames[at].x;
    const bytes = new Uint8Array(3 * found.length);
    const goal = Uint8Array.from(target ?? found, (value) => (target ? Math.round(255 * value) : value));
    [goal, found, found.map((value, i) => Math.abs(value - goal[i]))].forEach((image, k) =>
      bytes.set(image, k * found.length)
    );
    paintRows(canvas, [{ name: `step ${this.drawn.frames[at].index}`, bytes }], 3, this.ctx.colours());
  }

  table() {
    if (!this.drawn) return null;
    const rows = this.drawn.frames.map((frame) => {
      const { error: [error], score: [score], errors: [each] } = frame.numbers;
      return [frame.index, error, frame.class, score, ...each];
    });
    const starts = this.drawn.frames[0].numbers.errors[0].map((_, k) => `error of start ${k + 1}`);
    return {
      name: `${this.ctx.net().name}-search`,
      rows: [["step", "error left over (rms)", "class", "score", ...starts], ...rows],
    };
  }
}

export default {
  hint: "Draw a picture: the generator searches for its nearest image",
  create: (ctx) => new Cannot(ctx),
};
