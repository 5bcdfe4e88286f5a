/** Mode 1: what the decoder makes of the place under the cursor, and what the whole model says about a pinned one. */

import { button, figures, fill, h, setText } from "../shared/dom.js";
import { fixed, point } from "../shared/format.js";
import { drawImage, imageCanvas } from "../shared/pixels.js";
import { paintCursor, paintPin, paintThumb } from "./marks.js";
import { neighbourhood } from "./neighbourhood.js";
import { describeCloud, describeCursor, describeRate } from "./sentences.js";

const RADIUS = 0.15;
const IMAGE_SIZE = 168;
const NEAREST_SIZE = 56;
const LOG_2PI = Math.log(2 * Math.PI);
const REST_MS = 350;
const MODEL_KEYS = ["beta", "data", "assets", "mode", "redraw", "value"];

const mode = {
  id: "explore",
  title: "Explore",
  hint: "Hover, drag a finger or press the arrow keys; click or Enter pins a point.",
  create: (ctx) => new Explore(ctx),
};
export default mode;

class Explore {
  constructor(ctx) {
    Object.assign(this, { ctx, pin: null, probe: null, timer: 0, touched: null });
    this.image = imageCanvas("Decoded image", IMAGE_SIZE);
    this.numbers = figures(cursorRows([0, 0], null));
    this.nearest = imageCanvas("Nearest test image", NEAREST_SIZE);
    this.nearestText = h("p", { class: "quiet" });
    this.pinned = h("section", { class: "pinned", "aria-live": "polite" });
    this.sentences = [1, 2, 3].map(() => h("li"));
    const beside = h("div", { class: "beside" }, this.numbers, h("div", { class: "nearest" }, this.nearest, this.nearestText));
    fill(
      ctx.panel,
      h("div", { class: "decoded" }, h("figure", {}, this.image, h("figcaption", {}, "decoded at the cursor")), beside),
      this.pinned,
      h("section", {}, h("h2", {}, "What you see"), h("ul", { class: "see" }, this.sentences)),
    );
  }

  /** A link that names a point opens with that point pinned. */
  enter() {
    if (!this.pin && new URLSearchParams(location.search).has("z")) this.pinAt(this.ctx.store.get().z);
    this.showPinned();
  }

  leave() {
    clearTimeout(this.timer);
  }

  update(changed) {
    if (this.pin && ["data", "beta", "assets"].some((key) => changed.has(key))) this.askAgain();
    const { ready } = this.ctx.assets;
    this.ctx.panel.style.visibility = ready ? "visible" : "hidden";
    if (!ready) return;
    const model = MODEL_KEYS.some((key) => changed.has(key));
    if (model || changed.has("z")) this.showCursor();
    if (model) this.showModel();
  }

  pointer({ type, z }) {
    this.touch();
    if (type === "tap") this.pinAt(z);
    if (type === "leave" && this.pin) this.ctx.store.set({ z: this.pin });
    return false;
  }

  key({ key }) {
    this.touch();
    if (key === "Enter" || key === " ") this.pinAt(this.ctx.store.get().z);
    else if (key === "Escape" && this.pin) this.unpin();
    else return false;
    this.ctx.store.set({}, { commit: true });
    return true;
  }

  /** The test images of a data set are fetched when its map is first touched. */
  touch() {
    const { assets } = this.ctx;
    if (this.touched === assets || !assets.ready) return;
    this.touched = assets;
    assets.sprites().then(() => this.ctx.refresh("redraw"));
  }

  pinAt(z) {
    this.pin = z.map((value) => Math.round(value * 1e4) / 1e4);
    this.probe = null;
    this.showPinned();
    this.ask();
  }

  unpin() {
    Object.assign(this, { pin: null, probe: null });
    clearTimeout(this.timer);
    this.showPinned();
    this.ctx.refresh("pin");
  }

  /** An answer holds for one network only; a pin that stays is asked about again when β rests. */
  askAgain() {
    this.probe = null;
    this.showPinned();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), REST_MS);
  }

  async ask() {
    const { ctx, pin } = this;
    const { data: dataset, beta } = ctx.store.get();
    if (!pin || !ctx.assets.ready) return;
    const answer = await ctx.ask("probe", { dataset, beta, z: pin });
    if (!answer || this.pin !== pin) return;
    this.probe = answer;
    this.showPinned();
    ctx.refresh("pin");
  }

  showCursor() {
    const { ctx } = this;
    const { z, beta } = ctx.store.get();
    drawImage(this.image, ctx.decode(z, beta));
    this.image.setAttribute("aria-label", `Decoded image at z = (${point(z)})`);
    if (this.touched) this.touch();
    const near = neighbourhood(ctx, z, RADIUS);
    this.numbers.set(cursorRows(z, near));
    this.showNearest(near);
    const text = describeCursor(near);
    this.say(1, text);
    ctx.describe(`z = (${point(z)}). ${text}`);
  }

  showModel() {
    const { beta } = this.ctx.store.get();
    this.say(0, describeCloud(this.ctx, beta));
    this.say(2, describeRate(this.ctx, beta));
  }

  say(line, text) {
    setText(this.sentences[line], text ?? "");
    this.sentences[line].hidden = !text;
  }

  showNearest({ index, name, distance }) {
    const pixels = this.ctx.assets.sprite(index);
    this.nearest.hidden = !pixels;
    if (pixels) drawImage(this.nearest, pixels);
    setText(this.nearestText, `Nearest code: test image ${index}, “${name}”, ${fixed(distance)} away.`);
    this.nearest.setAttribute("aria-label", `Test image ${index}, ${name}`);
  }

  showPinned() {
    const { pin, probe } = this;
    if (!pin) return fill(this.pinned, button("Pin this point", () => this.key({ key: "Enter" }), { title: "Ask the whole model about it" }));
    const head = h("div", { class: "pinned-head" }, h("h2", {}, `Pinned at (${point(pin)})`), button("Unpin", () => this.key({ key: "Escape" })));
    fill(this.pinned, head, probe ? figures(probeRows(probe)) : h("p", { class: "quiet" }, "Asking the model…"));
  }

  draw(layer) {
    const { z } = this.ctx.store.get();
    if (this.pin) paintPin(layer, this.pin, this.probe);
    paintCursor(layer, z, RADIUS);
    if (layer.width < 520 && this.ctx.assets.ready) paintThumb(layer, z, this.image);
  }
}

function cursorRows(z, near) {
  const log = -LOG_2PI - 0.5 * (z[0] ** 2 + z[1] ** 2);
  return [
    ["z", `(${point(z)})`],
    ["‖z‖", fixed(Math.hypot(...z))],
    ["log p(z)", fixed(log), "nats"],
    [`codes within ${RADIUS}`, near ? String(near.count) : "–"],
  ];
}

function probeRows({ prior, neighbours, radius, stretch }) {
  return [
    ["prior density p(z)", prior.toPrecision(3)],
    [`codes within ${radius}`, String(neighbours)],
    ["stretch, most", fixed(stretch[0], 1), "per unit"],
    ["stretch, least", fixed(stretch[1], 1), "per unit"],
  ];
}
