/** Sparse: the few units of many that fire for an image, the picture that each adds, and what is left without one. */

import { rowsPicture } from "../kit/film/strip.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { floats32 } from "../kit/plane/tensors.js";
import { button, h, setText } from "../kit/shell/dom.js";
import { Exhibit } from "../kit/shell/exhibit.js";
import { num } from "../kit/shell/format.js";
import { captioned } from "../kit/shell/parts.js";
import { rove } from "../kit/shell/rove.js";
import { createSlider } from "../kit/shell/slider.js";
import { atomLevels, errorOf, summed } from "./atoms.js";
import { createSets, setOf, SPARSE, takeFamily } from "./code_nets.js";

const SHOWN = 216;
const ATOM = 62;
const NAMED = 8; // whose values are in sight at first

class Dictionary extends Exhibit {
  add() {
    this.images = ["Your picture", "The sum of the atoms", "The chosen atom"].map((name) =>
      captioned(imageCanvas(name, SHOWN), "")
    );
    this.tiles = this.ctx.fields.gains.bounds.map((_, rank) => {
      const canvas = imageCanvas("", ATOM);
      canvas.setAttribute("aria-hidden", "true");
      const name = h("span", { class: `number${rank < NAMED ? "" : " with-numbers"}` });
      const onclick = () => this.ctx.store.commit({ unit: rank });
      const element = h("button", { type: "button", class: "atom", onclick, "aria-pressed": "false" }, canvas, name);
      return { element, canvas, name };
    });
    const label = { class: "atoms", role: "group", "aria-label": "The units that fire, most first" };
    const grid = rove(h("div", label, this.tiles.map(({ element }) => element)));
    return [h("div", { class: "dictionary-images" }, this.images), grid];
  }

  below() {
    const { gains } = this.ctx.fields;
    this.sets = createSets(this.ctx);
    this.slider = createSlider("Activation ×", {
      field: { low: gains.bounds[0][0], high: gains.bounds[0][1] },
      step: 0.1,
      words: (value) => num(value, 1),
      label: "The chosen unit's activation, times this",
      onPreview: (value) => this.gain(value, false),
      onRelease: (value) => this.gain(value, true),
    });
    this.remove = button("Remove it", () => this.gain(this.gains[this.unit] ? 0 : 1, true));
    this.restore = button("Reset", () => this.ctx.store.commit({ gains: gains.initial }));
    return [this.sets, this.slider.element, h("div", { class: "row" }, this.remove, this.restore)];
  }

  enter() {
    takeFamily(this.ctx, [SPARSE]);
    super.enter();
  }

  given() {
    return { ...super.given(), dataset: setOf(this.ctx) };
  }

  get unit() {
    return this.ctx.store.get().unit;
  }

  get gains() {
    return this.ctx.store.get().gains;
  }

  gain(value, commit) {
    this.ctx.store.set({ gains: [...this.gains].map((each, i) => (i === this.unit ? value : each)) }, { commit });
  }

  /** The units of the picture, unpacked once. */
  get units() {
    const { value } = this;
    if (!value || value === this.read?.answer) return value && this.read;
    const [atoms, bias] = [value.atoms, value.bias].map(floats32);
    return (this.read = { ...value, answer: value, x: this.bytesOf(value.pictures.x), atoms, bias });
  }

  update(changed) {
    const { ctx, gains, unit } = this;
    this.sets.set(setOf(ctx));
    const key = JSON.stringify(this.given());
    const isOther = key !== this.of && !changed.has("mode") && !changed.has("gains");
    this.of = key;
    if (isOther) ctx.store.set({ gains: ctx.fields.gains.initial }); // they were another picture's
    this.slider.set(gains[unit]);
    setText(this.remove, gains[unit] ? "Remove it" : "Put it back");
    this.restore.disabled = gains.every((gain) => gain === 1);
    super.update(changed);
    if (changed.has("net")) this.again();
  }

  /** The numbers and the sentence, of the atoms as they are edited. */
  shown(value) {
    const { units, gains, unit } = this;
    const all = summed(units, gains.map(() => 1));
    const [before, after] = [all, summed(units, gains)].map((pixels) => errorOf(pixels, units.x));
    const fire = `${units.units.length} of ${units.of.toLocaleString("en")}`;
    const edited = gains.filter((gain) => gain !== 1).length;
    const then = edited
      ? `With ${edited} changed it is ${num(after, 1)}.`
      : `Unit ${units.units[unit]} has the activation ${
        num(units.values[unit], 1)
      }: without it nothing else changes, the sum is linear.`;
    const [first, ...errors] = this.declared.shows.heads;
    return {
      ...value,
      numbers: [[first, fire, ""], ...[before, after].map((error, k) => [errors[k], num(error, 2), ""])],
      words:
        `${fire} units fire for this picture; it is rebuilt as the bias and a sum of their atoms, with a squared ` +
        `error of ${num(before, 1)}. ${then}`,
    };
  }

  draw(value) {
    super.draw(value);
    const { units, unit, gains } = this;
    this.pixels = summed(units, gains);
    const shown = [
      [units.x, "yours"],
      [this.pixels, `${gains.filter((gain) => gain > 0).length} atoms, summed`],
      [atomLevels(units.atoms, unit), `unit ${units.units[unit]}`],
    ];
    shown.forEach(([pixels, words], k) => {
      drawImage(this.images[k].querySelector("canvas"), pixels);
      setText(this.images[k].caption, words);
    });
    this.ctx.show("out", this.pixels);
    this.tiles.forEach(({ element, canvas, name }, rank) => {
      drawImage(canvas, atomLevels(units.atoms, rank));
      const says = num(units.values[rank] * gains[rank], 1);
      setText(name, says);
      element.setAttribute("aria-label", `Unit ${units.units[rank]}, activation ${says}`);
      element.setAttribute("aria-pressed", String(rank === unit));
      element.classList.toggle("gone", gains[rank] === 0);
    });
  }

  picture() {
    const { units } = this;
    if (!units) return null;
    const bytes = (images) => Uint8Array.from(images.flatMap((pixels) => [...pixels].map((value) => 255 * value)));
    const [some, sum] = [Math.min(8, this.tiles.length), summed(units, this.gains)];
    const atoms = Array.from({ length: some }, (_, rank) => atomLevels(units.atoms, rank));
    const pad = Array.from({ length: some - 2 }, () => new Float32Array(PIXELS));
    const rows = [{ name: "yours, sum", bytes: bytes([Float32Array.from(units.x, (v) => v / 255), sum, ...pad]) }];
    return rowsPicture([...rows, { name: "first atoms", bytes: bytes(atoms) }], some, this.ctx.colours());
  }

  table() {
    const { units, gains } = this;
    if (!units) return null;
    const rows = units.units.map((unit, rank) => [unit, units.values[rank], gains[rank]]);
    return { name: "sparse-units", rows: [["unit", "value", "factor"], ...rows] };
  }
}

export default {
  hint: "Tap an atom to remove or amplify it",
  create: (ctx) => new Dictionary(ctx, "dictionary"),
};
