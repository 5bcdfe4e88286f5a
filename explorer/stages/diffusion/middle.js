/**
 * Start in the middle: a picture is noised to a time of the visitor's choice, and denoised from there four times
 * (SDEdit).
 */

import { greyOf } from "../kit/panel/chosen.js";
import { h, setText } from "../kit/base/dom.js";
import { captioned, empty } from "../kit/panel/parts.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { keySlider } from "../kit/panel/slider.js";
import { Drawn } from "../questions/drawn.js";
import { answersOf, figuresOf, tableOf, tell } from "./answers.js";
import { addNoise, noiseOf, toGrey } from "./noising.js";
import { ALPHAS } from "./schedule.js";
import { Steps } from "./times.js";

const NAMES = ["mean L2 to picture", "L2 of each"];
const SIZE = 132;
const NOTHING = {
  test: "Choose a test image: it is noised to the time chosen, and the network goes back from there.",
  draw: "Draw something on the pad: it is noised to the time chosen, and the network makes images of it.",
};

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
      ...answersOf(new Steps(ctx, () => this.panel ? this.steps : 1)),
      name: "middle",
      doing: "goes back four ways",
      declared: "middle",
      rows: NAMES,
      beside: h("div", { class: "pictures" }, captioned(original, "the picture"), noisyFigure),
      before: [nothing],
      above: () => [chooser, start],
      below: ({ queue }) => [queue],
      asks: ["img", "draw", "source"],
    });
    Object.assign(this, { original, noisy, noisyFigure, chooser, start, empty: nothing });
  }

  enter() {
    startWithExample(this.ctx);
  }

  get chosen() {
    return drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset);
  }

  /** No more steps than there are times to go back. */
  get steps() {
    const { steps, start } = this.panel.request();
    return Math.min(steps, start);
  }

  /** Question to Python; null while nothing is chosen. */
  requestOf(column) {
    return this.chosen && { ...super.requestOf(column), picture: this.chosen, steps: this.steps };
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

  /** The picture and one xₜ of it, at display rate while the slider is dragged. */
  preview(t) {
    const grey = greyOf(this.ctx);
    if (grey === null) return;
    drawImage(this.original, grey);
    const x0 = Float32Array.from(grey, (value) => value / 127.5 - 1);
    const alpha = ALPHAS[this.ctx.net().schedule][t];
    drawImage(this.noisy, toGrey(addNoise(x0, noiseOf(this.ctx.store.get().seed), alpha)));
    setText(this.noisyFigure.caption, `xₜ at t = ${t}`);
  }

  figuresOf({ frame }) {
    return figuresOf(frame, NAMES);
  }

  tell(moving) {
    tell(this, moving);
  }

  table() {
    return tableOf(this);
  }
}

export default {
  hint: "Noise a picture to any time, then denoise it",
  create: (ctx) => new Middle(ctx),
};
