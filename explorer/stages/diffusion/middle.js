/**
 * Start in the middle: a picture is noised to a time of the visitor's choice, and denoised from there four times
 * (SDEdit).
 */

import { h, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { greyOf } from "../kit/panel/chosen.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { captioned } from "../kit/panel/parts.js";
import { keySlider } from "../kit/panel/slider.js";
import { drawn } from "../questions/drawn.js";
import { answered } from "./answers.js";
import { addNoise, noiseOf, toGrey } from "./noising.js";
import { ALPHAS } from "./schedule.js";
import { stepsOf } from "./times.js";

const SIZE = 132;

/** @param {import("../kit/panel/mode.js").Self} self */
function middle(self) {
  const { ctx, state, declared } = self;
  /** No more steps than there are times to go back. */
  const steps = () => Math.min(requestOf(ctx, declared).steps, state.start);
  const about = drawn(self, {
    asks: (asked) => ({ ...asked, steps: steps() }),
    clock: stepsOf(ctx, steps),
  });
  const { element, preview } = noisedPictures(self);
  const start = keySlider(ctx, "start", "from t", {
    step: 1,
    words: String,
    label: "Time to start from",
    onPreview: preview,
  });
  whenever(() => {
    start.set(state.start);
    preview(state.start);
  });
  return answered(self, about, { beside: element, above: [start.element] });
}

/** The picture and one xₜ of it; `preview(t)` shows them at a time, at display rate while the slider is dragged. */
function noisedPictures({ ctx, state }) {
  const [original, noisy] = ["The picture", "The picture, noised"].map((name) => imageCanvas(name, SIZE));
  const noisyFigure = captioned(noisy, "");
  function preview(t) {
    const grey = greyOf(ctx);
    if (grey === null) return;
    drawImage(original, grey);
    const x0 = Float32Array.from(grey, (value) => value / 127.5 - 1);
    const alpha = ALPHAS[ctx.net().schedule][t];
    drawImage(noisy, toGrey(addNoise(x0, noiseOf(state.seed), alpha)));
    setText(noisyFigure.caption, `xₜ at t = ${t}`);
  }
  return { element: h("div", { class: "pictures" }, captioned(original, "the picture"), noisyFigure), preview };
}

export default mode(middle, { hint: "Noise a picture to any time, then denoise it" });
