/**
 * Start in the middle: a picture is noised to a time of the visitor's choice, and denoised from there four times
 * (SDEdit).
 */

import { greyOf } from "../kit/shell/chosen.js";
import { h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { captioned, empty } from "../kit/shell/parts.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { keySlider } from "../kit/shell/slider.js";
import { distance, spread } from "../kit/film/strip.js";
import { Drawn } from "../questions/drawn.js";
import { answersOf, COUNT, frameOf } from "./answers.js";
import { createControls } from "../kit/shell/controls.js";
import { createSteps, few } from "./choices.js";
import { addNoise, noiseOf, toGrey } from "./noising.js";
import { ALPHAS } from "./schedule.js";

const ASKS = ["img", "draw", "source", "w", "start", "steps"];
const SIZE = 132;
const NOTHING = {
  test: "Choose a test image: it is noised to the time chosen, and the network goes back from there.",
  draw: "Draw something on the pad: it is noised to the time chosen, and the network makes images of it.",
};

/**
 * What is left of a picture at a time, and how far the four answers, which have come to time s, lie from it and from
 * each other.
 */
function words({ start, s, alpha, away, among, name }) {
  const left = `At t = ${start} a share √ᾱ = ${num(Math.sqrt(alpha))} of ${name} is left in xₜ, beside ` +
    `${num(Math.sqrt(1 - alpha))} of noise: signal to noise ${num(alpha / (1 - alpha), 3)}.`;
  if (s > 0) {
    return `${left} By t = ${s} the four lie ${num(away)} (L2) from ${name} on average and ${num(among)} ` +
      "from each other, what noise is left in them included.";
  }
  const verdict = among < away
    ? "they agree with each other more than with it"
    : "they differ from each other more than from it";
  return `${left} The four answers lie ${num(away)} (L2) from ${name} on average and ${num(among)} from ` +
    `each other: ${verdict}.`;
}

/** How many steps it takes back from where it starts. */
const stepsOf = ({ steps, start }) => Math.min(few(steps), start);

class Middle extends Drawn {
  constructor(ctx) {
    const [original, noisy] = ["The picture", "The picture, noised"].map((name) => imageCanvas(name, SIZE));
    const noisyFigure = captioned(noisy, "");
    const chooser = new Picture(ctx, { others: false });
    const nothing = empty();
    const start = keySlider(ctx, "start", "from t", {
      step: 1,
      words: String,
      label: "Time to start from",
      onPreview: (start) => this.preview(start),
    });
    super(ctx, {
      ...answersOf(ctx, stepsOf),
      name: "middle",
      doing: "goes back four ways",
      others: "Other noise",
      rows: ["from the picture"],
      beside: h("div", { class: "pictures" }, captioned(original, "the picture"), noisyFigure),
      before: [nothing],
      above: () => [chooser, start],
      below: ({ queue }) => [createControls(ctx, ctx.value().panels.middle), queue],
      rare: [createSteps(ctx)],
      asks: ASKS,
    });
    Object.assign(this, { original, noisy, noisyFigure, chooser, start, empty: nothing });
  }

  enter() {
    startWithExample(this.ctx);
  }

  get chosen() {
    return drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset);
  }

  /** What Python is asked; null while nothing is chosen. */
  requestOf(column) {
    const { label, w, start, steps } = this.ctx.store.get();
    const how = { start, w: label === null ? 1 : w, steps: stepsOf({ steps, start }) };
    return this.chosen && { ...super.requestOf(column), picture: this.chosen, ...how };
  }

  update(changed) {
    const { start } = this.ctx.store.get();
    this.start.set(start);
    this.preview(start);
    this.empty.hidden = this.chosen !== null;
    this.race.element.hidden = this.chosen === null;
    setText(this.empty, NOTHING[this.chooser.kind]);
    super.update(changed);
  }

  get alphas() {
    return ALPHAS[this.ctx.net().schedule];
  }

  /** The picture and one xₜ of it, at display rate while the slider is dragged. */
  preview(t) {
    const grey = greyOf(this.ctx);
    for (const canvas of [this.original, this.noisy]) canvas.hidden = grey === null;
    if (grey === null) return;
    drawImage(this.original, grey);
    const x0 = Float32Array.from(grey, (value) => value / 127.5 - 1);
    drawImage(this.noisy, toGrey(addNoise(x0, noiseOf(this.ctx.store.get().seed), this.alphas[t])));
    setText(this.noisyFigure.caption, `xₜ at t = ${t}`);
  }

  /** How far each image of a frame is from the picture; null while one of them is not there. */
  awayOf(frame) {
    const grey = greyOf(this.ctx);
    return frame && grey ? Array.from({ length: COUNT }, (_, k) => distance(frame.x, k, grey, 0)) : null;
  }

  figuresOf({ frame }) {
    return [["from the picture", this.awayOf(frame)?.map((value) => num(value)).join(", ") ?? "–"]];
  }

  /** What the answers on screen are, and how far from the picture. */
  tell(moving) {
    const frame = frameOf(this);
    this.away = this.awayOf(frame);
    if (!this.away) return this.seen("");
    const { start } = this.ctx.store.get();
    this.seen(
      words({
        start,
        s: frame.time,
        alpha: this.alphas[start],
        away: this.away.reduce((sum, value) => sum + value, 0) / COUNT,
        among: spread(frame.x, COUNT),
        name: nameOf(this.chosen),
      }),
      moving || this.race.queue.running !== null,
    );
  }

  picture() {
    const { seed, start } = this.ctx.store.get();
    return this.race.picture(`From t = ${start}; seed ${seed}.`);
  }

  table() {
    if (!this.away) return null;
    const { net, start, seed } = this.ctx.store.get();
    const rows = this.away.map((value, k) => [k + 1, start, seed, value]);
    return { name: `${net}-middle`, rows: [["answer", "start", "seed", "L2 distance from the picture"], ...rows] };
  }
}

export default {
  hint: "Noise a picture to any time, then denoise it",
  create: (ctx) => new Middle(ctx),
};
