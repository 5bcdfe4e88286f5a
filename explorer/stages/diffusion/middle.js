/**
 * Start in the middle: a picture is noised to a time of the visitor's choice, and denoised from there four times
 * (SDEdit).
 */

import { greyOf } from "../kit/chosen.js";
import { createClass } from "../kit/class_choice.js";
import { fill, h, setText } from "../kit/dom.js";
import { num } from "../kit/format.js";
import { captioned, createSeen, empty } from "../kit/parts.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/picture.js";
import { drawImage, imageCanvas } from "../kit/pixels.js";
import { createSeed } from "../kit/seed.js";
import { createSlider } from "../kit/slider.js";
import { distance, spread } from "../kit/strip.js";
import { createTries } from "../kit/tries.js";
import { Answers, COUNT } from "./answers.js";
import { createScale, createSteps, few } from "./choices.js";
import { addNoise, noiseOf, toGrey } from "./noising.js";
import { ALPHAS } from "./schedule.js";

const ASK_AGAIN = ["net", "img", "draw", "source", "seed", "label", "w", "start", "steps", "mode"];
const SIZE = 132;
const TEST = { draw: null, source: null, at: null };
const TRIES = [
  ["A little noise", { start: 250, at: null }],
  ["Half-way", { start: 500, at: null }],
  ["Nearly all noise", { start: 850, at: null }],
  ["A boot, as a sneaker", {
    ...TEST,
    net: "diffusion-fashion-mnist",
    img: 30,
    label: 7,
    w: 4,
    start: 600,
    seed: 7,
    steps: 50,
  }],
];
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

class Middle {
  constructor(ctx) {
    this.ctx = ctx;
    const commit = (patch) => ctx.store.set(patch, { commit: true });
    this.original = imageCanvas("The picture", SIZE);
    this.noisy = imageCanvas("The picture, noised", SIZE);
    this.noisyFigure = captioned(this.noisy, "");
    const beside = h("div", { class: "pictures" }, captioned(this.original, "the picture"), this.noisyFigure);
    this.answers = new Answers(ctx, {
      name: "middle",
      doing: "Four ways back",
      label: "Four answers",
      beside,
      onChange: (moving) => this.tell(moving),
    });
    this.empty = empty();
    this.answers.fill(ctx.main, this.empty);
    this.chooser = new Picture(ctx, { others: false });
    this.start = createSlider("from t", {
      field: ctx.fields.start,
      step: 1,
      words: String,
      label: "Time to start from",
      onPreview: (start) => this.preview(start),
      onRelease: (start) => commit({ start }),
    });
    this.seed = createSeed(ctx, { words: "Other noise" });
    this.label = createClass(ctx);
    this.scale = createScale(ctx);
    this.steps = createSteps(ctx);
    this.seen = createSeen();
    const choices = h(
      "div",
      { class: "row" },
      this.label.element,
      this.steps.element,
      this.scale.element,
      this.answers.queue.element,
    );
    const tries = createTries(ctx, TRIES);
    fill(
      ctx.panel,
      h(
        "div",
        { class: "mode-body" },
        this.chooser.element,
        this.start.element,
        this.seed.element,
        choices,
        this.seen.element,
        tries,
      ),
    );
  }

  enter() {
    startWithExample(this.ctx);
  }

  leave() {
    this.answers.leave();
  }

  key(event) {
    return this.answers.key(event);
  }

  /** What Python is asked; null while nothing is chosen. */
  get request() {
    const { net, seed, label, w, start, steps } = this.ctx.store.get();
    const picture = drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset);
    return picture &&
      { net, picture, start, seed, label, w: label === null ? 1 : w, steps: Math.min(few(steps), start) };
  }

  update(changed) {
    const { start } = this.ctx.store.get();
    for (const part of [this.chooser, this.seed, this.label, this.scale, this.steps]) part.update();
    this.start.set(start);
    this.preview(start);
    const { error } = this.ctx.net();
    const shown = this.request !== null && !error;
    this.empty.hidden = shown;
    this.answers.host.hidden = !shown;
    setText(this.empty, error ?? NOTHING[this.chooser.kind]);
    if (ASK_AGAIN.some((key) => changed.has(key))) this.answers.ask(shown ? this.request : null);
    else if (changed.has("at")) this.answers.seek();
    else if (changed.has("assets")) this.tell();
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

  /** What the answers on screen are, and how far from the picture. */
  tell(moving) {
    const { frame } = this.answers;
    const grey = greyOf(this.ctx);
    this.away = frame && grey ? Array.from({ length: COUNT }, (_, k) => distance(frame.x, k, grey, 0)) : null;
    if (!this.away) {
      this.answers.caption([]);
      return this.seen("");
    }
    this.answers.caption(this.away.map((value) => `${num(value)} away`));
    const { start } = this.ctx.store.get();
    const away = this.away.reduce((sum, value) => sum + value, 0) / COUNT;
    this.seen(
      words({
        start,
        s: frame.time,
        alpha: this.alphas[start],
        away,
        among: spread(frame.x, COUNT),
        name: nameOf(this.request.picture),
      }),
      moving,
    );
  }

  picture() {
    return this.answers.picture();
  }

  table() {
    if (!this.away) return null;
    const { net, start, seed } = this.answers.request;
    const rows = this.away.map((value, k) => [k + 1, start, seed, value]);
    return { name: `${net}-middle`, rows: [["answer", "start", "seed", "L2 distance from the picture"], ...rows] };
  }
}

export default {
  hint: "Noise a picture to any time, and let the network go back from there",
  create: (ctx) => new Middle(ctx),
};
