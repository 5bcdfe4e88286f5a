/** Damage: a set of real images is damaged, or a network draws one; the metrics judge it beside their floor. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { PIXELS } from "../kit/image/pixels.js";
import { Answered } from "../kit/ask/answered.js";
import { button, fill, h } from "../kit/base/dom.js";
import { num, percent } from "../kit/base/format.js";
import { debounce, dim, onDemand, whileBusy } from "../kit/panel/parts.js";
import { keySlider } from "../kit/panel/slider.js";
import { ReportAnswer } from "../kit/panel/report_answer.js";
import { Sheet } from "./sheet.js";
import { createVerdicts } from "./verdicts.js";

const STEP = 0.1;
const REST = 60; // milliseconds without a change, before the metrics are asked for

class Damage extends ReportAnswer {
  constructor(ctx) {
    super(ctx, "damage");
    this.film = new Answered(ctx, "sheet", () => this.show());
    this.slower = new Answered(ctx, "slower", () => this.show());
    this.ask = debounce(() => {
      super.again();
      this.show();
    }, REST);
    const askSlower = () => whileBusy(this.slowerButton, () => this.slower.want(this.controls.request()), "Measuring…");
    this.slowerButton = button("Three slower metrics", askSlower, {
      title: "−log p, and a classifier trained on the set",
    });
    this.sheet = new Sheet(ctx, "The first images of the set");
    this.slider = keySlider(ctx, "strength", "Strength", { step: STEP, words: (value) => num(value, 1), live: true });
    this.strength = h("div", { class: "lab-strength" }, this.slider.element);
    this.verdicts = createVerdicts(ctx.value());
    this.shares = h("div", { class: "lab-shares result" });
    const shares = onDemand("Share of each class", this.shares);
    const judged = h("div", {}, this.strength, this.verdicts.element, this.slowerButton, shares);
    this.open(h("div", { class: "lab-screen" }, this.sheet.element, judged));
    this.dims = [this.verdicts.element, this.shares];
  }

  get isDamaged() {
    return this.ctx.store.get().of === "damaged";
  }

  again() {
    const { data, damage, seed } = this.ctx.store.get();
    this.film.want(this.isDamaged ? { data, damage, seed } : null);
    this.ask();
  }

  /** Answer to show: the one with the slower metrics, once it is there. */
  shown(value) {
    return this.hasSlower ? this.slower.value : value;
  }

  get hasSlower() {
    return this.slower.isCurrent && this.slower.key === this.answer.key;
  }

  /** The images of the strength under the thumb, at once; those of a network come with its figures. */
  get images() {
    const film = this.film.value;
    if (this.isDamaged && film) {
      film.bytes ??= fromBase64(film.frames);
      const frame = Math.round(this.ctx.store.get().strength * film.steps);
      return film.bytes.subarray(frame * film.shown * PIXELS, (frame + 1) * film.shown * PIXELS);
    }
    return this.value && fromBase64(this.value.images);
  }

  show() {
    const { strength } = this.ctx.store.get();
    this.strength.hidden = !this.isDamaged;
    this.slider.set(strength);
    super.show();
    dim(this.sheet.element, this.isDamaged && !this.film.isCurrent);
    const { images } = this;
    if (!images) return;
    this.sheet.show(images, this.nameOf());
    this.ctx.show("x", images.subarray(0, PIXELS));
  }

  nameOf() {
    const { of, damage, strength } = this.ctx.store.get();
    const { damages, generators } = this.ctx.value();
    return of === "damaged" ? `${damages[damage]}, strength ${num(strength, 1)}` : `drawn by a ${generators[of]}`;
  }

  draw({ classes }) {
    this.verdicts.show(this.shown(this.value).rows);
    this.slowerButton.hidden = this.hasSlower;
    fill(this.shares, classes.map((share, label) => barOf(share, label)));
  }
}

const barOf = (share, label) =>
  h(
    "div",
    { class: "lab-share", title: `class ${label}: ${percent(share)}` },
    h("span", { class: "lab-bar", style: `--p: ${Math.min(100, 300 * share)}%` }),
    h("span", {}, String(label)),
  );

export default {
  hint: "Which metrics notice the damage?",
  create: (ctx) => new Damage(ctx),
};
