/** Surprise: what each token costs, given those before it, as a map over the image. */

import { createHeatLegend } from "../kit/chart/heat.js";
import { PIXELS } from "../kit/image/pixels.js";
import { h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { captioned } from "../kit/panel/parts.js";
import { TokenGrid } from "./tokens_grid.js";

const SIZE = 640;

class Surprise extends Exhibit {
  add() {
    const onChoose = (token) => this.ctx.store.commit({ token });
    this.map = new TokenGrid({ label: "The surprise of each token", onChoose, size: SIZE });
    this.image = new TokenGrid({ label: "The image's tokens, decoded", onChoose, size: SIZE });
    this.legend = createHeatLegend("nats");
    const map = captioned(this.map.canvas, "surprise of each token, −log p");
    map.classList.add("result");
    const pair = h("div", { class: "tokens-pair" }, captioned(this.image.canvas, "its tokens, decoded"), map);
    return [pair, this.legend.element];
  }

  draw(value) {
    super.draw(value);
    const { token } = this.ctx.store.get();
    const bytes = this.bytesOf(value.p).subarray(PIXELS);
    this.map.show({ heat: value.surprise, chosen: token, words: value.words });
    this.image.show({ bytes, chosen: token, words: "as they are decoded" });
    this.legend.show(value.surprise);
    this.ctx.show("out", bytes);
    this.ctx.show("code", this.map.canvas);
  }
}

export default {
  create: (ctx) => new Surprise(ctx, "surprise"),
};
