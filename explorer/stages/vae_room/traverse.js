/** Traverse: every latent of a picture by what it costs on average, and the picture with one of them moved. */

import { h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { codeImage, drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { keySlider } from "../kit/panel/slider.js";

const SIZE = 400;
const STEP = 0.2;

/** @param {import("../kit/panel/mode.js").Self} self */
function traverse(self) {
  const { ctx, state } = self;
  const image = imageCanvas("The picture with this latent moved", SIZE);
  const slider = keySlider(ctx, "z", "z", {
    step: STEP,
    words: (value) => num(value, 1),
    label: "Where the latent is moved to",
    live: true,
  });
  /** Value of the latent: as it was moved, or the step that is nearest to the encoder's value. */
  function moved() {
    if (state.z !== null) return state.z;
    const own = Math.max(-3, Math.min(3, value.value?.mu[state.rank] ?? 0));
    return Number((STEP * Math.round(own / STEP)).toFixed(1));
  }
  const { value, bytesOf, parts, show } = exhibit(self, { now: { z: moved } });
  whenever(() => {
    if (!value.value) return;
    const { rank } = state;
    const z = moved();
    const bytes = imageOf(bytesOf(value.value.x), Math.round((z + 3) / STEP));
    slider.set(z);
    drawImage(image, bytes);
    image.setAttribute("aria-label", `The picture with latent ${rank + 1} moved to ${num(z, 1)}`);
    parts.strips[0].strip.mark(Math.round(z) + 3);
    ctx.show("code", codeImage(value.value.mu.map((mu, k) => (k === rank ? z : mu))));
    ctx.show("out", bytes);
  });
  return { ...show({ add: [h("div", { class: "moved" }, image, slider.element)] }).mode, image };
}

export default mode(traverse);
