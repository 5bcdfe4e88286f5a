/** An energy of images: Langevin chains go down it, from noise or from a picture, and two energies are compared. */

import { h } from "../kit/base/dom.js";
import { updates, whenever } from "../kit/base/live.js";
import { signal } from "../kit/base/vendor/signals-core.js";
import { createImagePicker } from "../kit/image/image_picker.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { captioned } from "../kit/panel/parts.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { imageChains } from "./image_chains.js";

const OTHER = 0;
const BESIDE = 64;
/** @type {[string, string, string][]} */
const CHARTS = [
  ["energy", "energy E of each image, nats", "The energy of every chain, step by step"],
  ["slope", "length of the gradient of E, nats", "The length of the energy's gradient of every chain, step by step"],
];

function langevin(self) {
  const { ctx, state } = self;
  const digits = signal(null); // the image beside it is always a digit, whichever set the picture is of
  const ofDigits = Object.create(ctx, { assets: { get: () => digits.value ?? { has: () => false } } });
  const other = createImagePicker(ofDigits, { key: "img2", example: OTHER, name: "Beside it", title: "No." });
  const chains = imageChains(self, {
    isFree: () => state.begin === "noise",
    nothing: "Choose a test image or draw one: the chains begin with it.",
    needs: "chains",
    asks: ["weigh", () => ({ other: other.index() })],
    doing: "Langevin steps",
    label: "Four chains down the energy",
    charts: CHARTS,
  });
  const { looked, said, problem, chooser, numbers } = chains;
  const first = imageCanvas("The picture on the left", BESIDE);
  whenever(() => {
    const x = looked.value ? fromBase64(looked.value.x).subarray(0, PIXELS) : null;
    if (x) drawImage(first, x);
    chooser.fed(x, 256);
  });
  const pair = h("div", { class: "likelier-pair" }, captioned(first, "x"), updates(other));
  const likelier = h("section", { class: "likelier" }, h("h2", {}, "Which of two is likelier?"), pair, numbers);
  const stopped = h(
    "p",
    { class: "note stopped", role: "status", hidden: () => !problem.value },
    () => problem.value ?? "",
  );
  const host = chains.play(() => [said.value?.words, looked.value?.words]);

  return {
    ...{ main: [chains.empty, host, stopped], under: [likelier], ...chains.mode },
    async enter() {
      chains.mode.enter();
      digits.value ??= await ctx.images("mnist");
    },
  };
}

export default mode(langevin, { hint: "Let chains go down the energy" });
