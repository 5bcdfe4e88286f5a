/** Mode 1: what the decoder makes of the place under the cursor, and what the whole model says about a pinned one. */

import { Answered } from "../kit/ask/answered.js";
import { button, figures, fill, h, setName, setText } from "../kit/base/dom.js";
import { dim } from "../kit/panel/parts.js";
import { pair } from "../kit/base/format.js";
import { codeImage, drawImage, imageCanvas } from "../kit/image/pixels.js";
import { paintCursor, paintPin, paintThumb } from "./marks.js";
import { rates } from "./card.js";
import { OnMap } from "./on_map.js";
import { neighbourhood } from "./neighbourhood.js";
import { cloudOf } from "./codes.js";

const RADIUS = 0.15;
const IMAGE_SIZE = 148;
const NEAREST_SIZE = 56;
const COLLAPSED = 0.05; // nats
const LOG_2PI = Math.log(2 * Math.PI);
const MODEL_KEYS = ["beta", "data", "assets", "mode", "redraw", "value"];

const round = (value) => Math.round(value * 1e4) / 1e4;

class Explore extends OnMap {
  constructor(ctx) {
    super(ctx, "explore");
    this.probe = new Answered(ctx, this.declared.ask, () => this.showPinned());
    this.pictured = null;
    this.image = imageCanvas("Decoded image", IMAGE_SIZE);
    this.nearest = imageCanvas("Nearest test image", NEAREST_SIZE);
    this.nearestText = h("p", { class: "quiet" });
    this.answer = h("div");
    this.pinnedAt = h("h2");
    this.unpinned = button("Pin this point", () => this.mapKey({ key: "Enter" }), {
      title: "Ask the whole model about it",
    });
    this.unpinned.classList.add("pin");
    const unpin = button("Unpin", () => this.mapKey({ key: "Escape" }));
    this.pinned = h(
      "div",
      { class: "pinned" },
      h("div", { class: "pinned-head" }, this.pinnedAt, unpin),
      this.answer,
      this.note,
    );
    this.said = ["", "", ""]; // of the codes, of the cursor, of what they cost
    const beside = h(
      "div",
      { class: "at-cursor" },
      this.numbers,
      h("div", { class: "nearest" }, this.nearest, this.nearestText),
    );
    fill(
      ctx.panel,
      h("div", { class: "decoded" }, h("figure", {}, this.image, h("figcaption", {}, "decoded at the cursor")), beside),
      h("section", { "aria-live": "polite" }, this.unpinned, this.pinned),
      this.seen.element,
      ctx.curve,
    );
  }

  get pin() {
    return this.ctx.store.get().pin;
  }

  update(changed) {
    if (changed.has("beta") || this.asksAgain(changed)) this.updatePin();
    const answers = this.ctx.model.main !== null && this.ctx.map.points() !== null;
    this.ctx.panel.style.visibility = answers ? "visible" : "hidden";
    if (!answers) return;
    this.fetchImages();
    const model = MODEL_KEYS.some((key) => changed.has(key));
    if (model || changed.has("z")) this.showCursor();
    if (model) this.showModel();
  }

  pointer({ type, z }) {
    if (type === "tap") this.ctx.store.set({ pin: z.map(round) });
    if (type === "leave" && this.pin) this.ctx.store.set({ z: this.pin });
    return false;
  }

  mapKey({ key }) {
    const { store } = this.ctx;
    if (key === "Enter" || key === " ") store.commit({ pin: store.get().z });
    else if (key === "Escape" && this.pin) store.commit({ pin: null });
    else return false;
    return true;
  }

  /** The test images of a data set are fetched once its model is there, as nothing else is drawn with them. */
  fetchImages() {
    const { model } = this.ctx;
    if (this.pictured === model || !model.ready) return;
    this.pictured = model;
    this.ctx.images(this.ctx.net().dataset);
  }

  updatePin() {
    this.probe.want(this.pin && this.request);
    this.showPinned();
  }

  showCursor() {
    const { ctx } = this;
    const { z, beta } = ctx.store.get();
    const decoded = ctx.decode(z, beta);
    drawImage(this.image, decoded);
    ctx.show("code", codeImage(z));
    ctx.show("out", decoded);
    setName(this.image, `Decoded image at z = ${pair(z)}`);
    const near = neighbourhood(ctx, z, RADIUS);
    const { rate, distortion } = rates(ctx.net(), beta);
    const far = (z[0] ** 2 + z[1] ** 2) / 2 + LOG_2PI;
    // without a KL term there is no rate, and so no bound
    const found = { ...near, z, far, distortion, bound: rate + distortion };
    this.numbers.set(this.figures(found, rate === null ? "plain" : "bound"));
    this.showNearest(found);
    const { count, most } = near;
    const text = this.words(found, count < 2 ? ["nothing", "one"][count] : most.count === count ? "all" : "most");
    this.say(1, text, true);
    ctx.describe(`z = ${pair(z)}. ${text}`);
  }

  showModel() {
    const { ctx } = this;
    const { beta } = ctx.store.get();
    const { rate, distortion } = rates(ctx.net(), beta);
    const found = { ...cloudOf(ctx.map.points()), rate, bits: rate / Math.LN2, distortion };
    const hasCollapsed = rate !== null && rate <= COLLAPSED;
    this.say(0, this.words(found, beta === 0 ? "autoencoder" : hasCollapsed ? "collapsed" : "cloud"));
    const cost = rate === null ? ctx.net().prior ?? this.words(found, "undefined") : this.words(found, "costs");
    this.say(2, distortion === null ? "" : cost);
  }

  say(part, text, moving) {
    this.said[part] = text;
    this.seen(this.said.filter(Boolean).join(" "), moving);
  }

  showNearest(found) {
    const { index, name } = found;
    const pixels = this.ctx.assets.sprite(index);
    this.nearest.hidden = !pixels;
    if (pixels) drawImage(this.nearest, pixels);
    setText(this.nearestText, this.words(found, "nearest"));
    setName(this.nearest, `Test image ${index}, ${name}`);
  }

  showPinned() {
    const { pin, probe: { asked, value, failed, isCurrent } } = this;
    const isOfPin = String(asked?.z) === String(pin) && asked.dataset === this.ctx.store.get().data;
    const isEarlier = isOfPin && asked.beta !== this.ctx.store.get().beta;
    this.earlier(isEarlier ? asked.beta : null);
    dim(this.answer, isEarlier);
    this.stretch = isCurrent && !isEarlier ? value : null;
    this.unpinned.hidden = pin !== null;
    this.pinned.hidden = pin === null;
    if (pin === null) return;
    setText(this.pinnedAt, `Pinned at ${pair(pin)}`);
    const waits = () => h("p", { class: "quiet" }, this.words({}, failed ? "lost" : "asking"));
    fill(this.answer, isOfPin ? figures(value.numbers) : waits());
    this.ctx.refresh("overlay");
  }

  /** The measured curve; β = 0 has a distortion and nothing else. */
  hasResult(what) {
    return what === "table" ? Boolean(this.ctx.net().curve?.length) : super.hasResult(what);
  }

  table() {
    const { curve, beta_zero: zero } = this.ctx.net();
    if (!curve?.length) return null;
    const columns = Object.keys(curve[0]);
    const rows = [...(zero ? [{ beta: 0, ...zero }] : []), ...curve].map((row) => columns.map((column) => row[column]));
    return {
      name: `rate-distortion-${this.ctx.store.get().data}`,
      rows: [columns.map((column) => (column === "beta" ? column : `${column}, nats`)), ...rows],
    };
  }

  draw(layer) {
    const { z } = this.ctx.store.get();
    if (this.pin) paintPin(layer, this.pin, this.stretch);
    paintCursor(layer, z, RADIUS);
    if (this.ctx.map.isAlone && this.ctx.model.main) paintThumb(layer, z, this.image);
  }
}

export default {
  create: (ctx) => new Explore(ctx),
};
