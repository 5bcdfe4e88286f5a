/** Surprise: what each token costs, given those before it, as a map over the image. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { PIXELS } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { captioned } from "../kit/panel/parts.js";
import { TokenGrid } from "./tokens_grid.js";

const SIZE = 640;

/** @param {import("../kit/panel/mode.js").Self} self */
function surprise(self) {
  const { ctx, state } = self;
  const { value, bytesOf, show } = exhibit(self);
  const onChoose = (token) => ctx.store.commit({ token });
  const map = new TokenGrid({ label: "The surprise of each token", onChoose, size: SIZE });
  const image = new TokenGrid({ label: "The image's tokens, decoded", onChoose, size: SIZE });
  const legend = createHeatLegend("nats");
  whenever(() => {
    if (!value.value) return;
    const { p, words, surprise: heat } = value.value;
    const bytes = bytesOf(p).subarray(PIXELS);
    map.show({ heat, chosen: state.token, words });
    image.show({ bytes, chosen: state.token, words: "as they are decoded" });
    legend.show(heat);
    ctx.show("out", bytes);
    ctx.show("code", map.canvas);
  });
  const costs = captioned(map.canvas, "surprise of each token, −log p");
  costs.classList.add("result");
  const pair = h("div", { class: "tokens-pair" }, captioned(image.canvas, "its tokens, decoded"), costs);
  return show({ add: [pair, legend.element] }).mode;
}

export default mode(surprise);
