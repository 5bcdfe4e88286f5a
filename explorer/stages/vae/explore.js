/** Mode 1: what the decoder makes of the place under the cursor, and what the whole model says about a pinned one. */

import { Answered } from "../kit/ask/answered.js";
import { button, figures, fill, h, setName, setText } from "../kit/base/dom.js";
import { createMore, headline } from "../kit/panel/more.js";
import { brief, num, pair } from "../kit/base/format.js";
import { codeImage, drawImage, imageCanvas } from "../kit/image/pixels.js";
import { createEarlier } from "./earlier.js";
import { paintCursor, paintPin, paintThumb } from "./marks.js";
import { rates } from "./card.js";
import { OnMap } from "./on_map.js";
import { neighbourhood } from "./neighbourhood.js";
import { describeCloud, describeCursor, describeRate } from "./sentences.js";

const RADIUS = 0.15;
const IMAGE_SIZE = 148;
const NEAREST_SIZE = 56;
const [ASKING, LOST] = ["Asking the model…", "The model did not answer."];
const LOG_2PI = Math.log(2 * Math.PI);
const PIN_KEYS = ["pin", "data", "beta", "rest", "assets", "mode"];
const MODEL_KEYS = ["beta", "data", "assets", "mode", "redraw", "value"];

const round = (value) => Math.round(value * 1e4) / 1e4;

class Explore extends OnMap {
  constructor(ctx) {
    super(ctx);
    this.probe = new Answered(ctx, "probe", () => this.showPinned());
    this.pictured = null;
    this.image = imageCanvas("Decoded image", IMAGE_SIZE);
    this.numbers = headline(rowsAt({}, [0, 0], null), 0);
    this.nearest = imageCanvas("Nearest test image", NEAREST_SIZE);
    this.nearestText = h("p", { class: "quiet" });
    this.answer = h("div");
    this.earlier = createEarlier(this.answer);
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
      this.earlier.element,
    );
    this.sentences = [1, 2, 3].map(() => h("li"));
    const see = h("ul", { class: "see" }, this.sentences);
    const more = createMore("words", ["more", "less"], (isOpen) => see.classList.toggle("first-only", !isOpen));
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
      h("section", { class: "seen" }, h("h2", { class: "spoken" }, "What you see"), see, more),
      ctx.curve,
    );
  }

  get pin() {
    return this.ctx.store.get().pin;
  }

  update(changed) {
    if (PIN_KEYS.some((key) => changed.has(key))) this.updatePin();
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

  /** Question to Python about the pinned point, once β lies still; null where it cannot be asked. */
  get request() {
    const { ctx, pin } = this;
    if (!pin || !ctx.model.ready || ctx.net().error) return null;
    return { dataset: ctx.store.get().data, beta: ctx.restingBeta, z: pin };
  }

  updatePin() {
    this.probe.want(this.request);
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
    this.numbers.set(rowsAt(rates(ctx.net(), beta), z, near));
    this.showNearest(near);
    const text = describeCursor(near);
    this.say(1, text);
    ctx.describe(`z = ${pair(z)}. ${text}`);
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
    setText(this.nearestText, `Nearest: test image ${index}, “${name}”, ${num(distance)} away.`);
    setName(this.nearest, `Test image ${index}, ${name}`);
  }

  showPinned() {
    const { pin, probe: { asked, value, failed, isCurrent } } = this;
    const isOfPin = String(asked?.z) === String(pin) && asked.dataset === this.ctx.store.get().data;
    const isEarlier = isOfPin && asked.beta !== this.ctx.store.get().beta;
    this.earlier(isEarlier ? asked.beta : null);
    this.stretch = isCurrent && !isEarlier ? value : null;
    this.unpinned.hidden = pin !== null;
    this.pinned.hidden = pin === null;
    if (pin === null) return;
    setText(this.pinnedAt, `Pinned at ${pair(pin)}`);
    fill(this.answer, isOfPin ? figures(probeRows(value)) : h("p", { class: "quiet" }, failed ? LOST : ASKING));
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

function rowsAt({ rate = null, distortion = null }, z, near) {
  const log = -LOG_2PI - 0.5 * (z[0] ** 2 + z[1] ** 2);
  // without a KL term there is no rate, and so no bound
  const bound = rate === null
    ? ["D alone, R undefined, test images", distortion === null ? "–" : num(distortion, 1), "nats"]
    : ["−ELBO = D + R, test images", num(distortion + rate, 1), "nats"];
  return [
    bound,
    ["z", `${pair(z)}`],
    ["−log p(z)", num(-log), "nats"],
    [`codes within ${RADIUS}`, near ? String(near.count) : "–"],
  ];
}

function probeRows({ prior, stretch }) {
  return [
    ["prior density p(z)", brief(prior, 3)],
    ["stretch", stretch.map((value) => num(value, 1)).join(" and "), "per unit"],
  ];
}

export default {
  hint: "Hover, drag or use the arrow keys; click pins a point",
  create: (ctx) => new Explore(ctx),
};
