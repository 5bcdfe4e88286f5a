/**
 * Start in the middle: a picture is noised to a time of the visitor's choice, and denoised from there four times
 * (SDEdit).
 */

import { greyOf } from "../kit/panel/chosen.js";
import { h, setText } from "../kit/base/dom.js";
import { captioned } from "../kit/panel/parts.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { keySlider } from "../kit/panel/slider.js";
import { Drawn } from "../questions/drawn.js";
import { answersOf, tableOf, tell } from "./answers.js";
import { addNoise, noiseOf, toGrey } from "./noising.js";
import { ALPHAS } from "./schedule.js";
import { Steps } from "./times.js";

const SIZE = 132;

class Middle extends Drawn {
  constructor(ctx) {
    const [original, noisy] = ["The picture", "The picture, noised"].map((name) => imageCanvas(name, SIZE));
    const noisyFigure = captioned(noisy, "");
    const start = keySlider(ctx, "start", "from t", {
      step: 1,
      words: String,
      label: "Time to start from",
      onPreview: (start) => this.preview(start),
    });
    super(ctx, {
      ...answersOf(new Steps(ctx, () => this.steps)),
      beside: h("div", { class: "pictures" }, captioned(original, "the picture"), noisyFigure),
      above: () => [start],
      below: ({ queue }) => [queue],
    });
    /** @type {HTMLCanvasElement} */
    this.original;
    /** @type {HTMLCanvasElement} */
    this.noisy;
    /** @type {ReturnType<typeof captioned>} */
    this.noisyFigure;
    /** @type {ReturnType<typeof keySlider>} */
    this.start;
    /** @type {Answer | null | undefined} */
    this.found;
    Object.assign(this, { original, noisy, noisyFigure, start });
  }

  /** No more steps than there are times to go back. */
  get steps() {
    const { steps, start } = this.controls.request();
    return Math.min(steps, start);
  }

  requestOf(column) {
    const asked = super.requestOf(column);
    return asked && { ...asked, steps: this.steps };
  }

  update(changed) {
    const { start } = this.ctx.store.get();
    this.start.set(start);
    this.preview(start);
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
    return frame?.report.figures ?? this.figures({});
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
