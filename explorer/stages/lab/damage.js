/** Damage: a set of real images is damaged, or a network draws one; the metrics judge it beside their floor. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { PIXELS, tiled } from "../kit/image/pixels.js";
import { Answered } from "../kit/shell/answered.js";
import { button, fill, h } from "../kit/shell/dom.js";
import { listed, num, percent } from "../kit/shell/format.js";
import { PanelAnswer } from "../kit/shell/panel_answer.js";
import { debounce, onDemand, whileBusy } from "../kit/shell/parts.js";
import { keySlider } from "../kit/shell/slider.js";
import { COLUMNS, Sheet } from "./sheet.js";
import { createVerdicts, within, worseWords } from "./verdicts.js";

const STEP = 0.1;
const REST = 60; // milliseconds without a change, before the metrics are asked for

class Damage extends PanelAnswer {
  constructor(ctx) {
    super(ctx, "damage");
    const { metrics, limit } = ctx.value();
    this.film = new Answered(ctx, "sheet", () => this.show());
    this.slower = new Answered(ctx, "slower", () => this.show());
    this.ask = debounce(() => super.again(), REST);
    const askSlower = () => whileBusy(this.slowerButton, () => this.slower.want(this.controls.request()), "Measuring…");
    this.slowerButton = button("Three slower metrics", askSlower, {
      title: "log p, and a classifier trained on the set",
    });
    this.sheet = new Sheet(ctx, "The first images of the set");
    this.slider = keySlider(ctx, "strength", "Strength", { step: STEP, words: (value) => num(value, 1), live: true });
    this.strength = h("div", { class: "lab-strength" }, this.slider.element);
    this.verdicts = createVerdicts(metrics, limit);
    this.shares = h("div", { class: "lab-shares result" });
    const images = h("div", {}, this.sheet.element, this.strength, onDemand("Share of each class", this.shares));
    const judged = h("div", {}, this.verdicts.element, this.slowerButton);
    this.open(h("div", { class: "lab-screen" }, images, judged));
  }

  get isDamaged() {
    return this.ctx.store.get().of === "damaged";
  }

  again() {
    const { data, damage, seed } = this.ctx.store.get();
    this.film.want(this.isDamaged ? { data, damage, seed } : null);
    this.ask();
  }

  /** The figures of all metrics, of the slower ones where they were measured for this set. */
  get figures() {
    return [...this.value.rows, ...(this.hasSlower ? this.slower.value.rows : [])];
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
    this.screen.style.opacity = "";
    const isCurrent = this.answer.isCurrent;
    for (const part of [this.verdicts.element, this.shares]) part.style.opacity = isCurrent ? "" : 0.4;
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
    this.verdicts.show(this.figures);
    this.slowerButton.hidden = this.hasSlower;
    fill(this.shares, classes.made.map((share, label) => barOf(share, label)));
  }

  rows(value) {
    const { metrics } = this.ctx.value();
    const by = Object.fromEntries((value ? this.figures : []).map((row) => [row.name, row]));
    const chief = by.frechet;
    return [
      ["Fréchet distance, divided by its floor", chief ? num(chief.value / chief.floor, 1) : "–", ""],
      ...Object.entries(metrics).map(([name, { title }]) => [
        title,
        by[name] ? `${num(by[name].value)} (floor ${num(by[name].floor)})` : "–",
        by[name] ? worseWords(by[name].worse) : "",
      ]),
    ];
  }

  words({ n }) {
    const rows = this.figures;
    const { metrics } = this.ctx.value();
    const of = (verdict) =>
      rows.filter((row) => row.verdict === verdict).map(({ name }) => within(metrics[name].title));
    const [fooled, blind] = [of("fooled"), of("blind")];
    const noticed = rows.length - fooled.length - blind.length;
    const trick = fooled.length > noticed
      ? `${fooled.length} of ${rows.length} metrics are fooled: they rate this set better than real images.`
      : `${noticed} of ${rows.length} metrics notice that this set is not real.`;
    return `${trick} ` + (blind.length ? `Blind: ${listed(blind)}. ` : "") +
      (fooled.length ? `Fooled: ${listed(fooled)}. ` : "") +
      `Each set has ${n} images. The floor is what two sets of real images score. ` +
      "A metric notices a figure that is worse than its floor by more than two standard deviations (σ).";
  }

  picture() {
    return this.images && tiled(this.images, COLUMNS);
  }

  table() {
    const { value } = this;
    const head = ["metric", "value", "floor", "floor_sd", "worse_by_sd", "verdict"];
    const line = (row) => [row.name, row.value, row.floor, row.deviation, row.worse, row.verdict];
    return value && { name: "metrics", rows: [head, ...this.figures.map(line)] };
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
  hint: "Drag the strength, and see which metrics notice the damage",
  create: (ctx) => new Damage(ctx),
};
