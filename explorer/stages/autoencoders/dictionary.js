/** Sparse: the few units of many that fire for an image, the picture that each adds, and what is left without one. */

import { button, figures, fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { moreNumbers } from "../kit/shell/more.js";
import { captioned, createSeen, empty, fillPanel } from "../kit/shell/parts.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { rove } from "../kit/shell/rove.js";
import { createSlider } from "../kit/shell/slider.js";
import { rowsPicture } from "../kit/film/strip.js";
import { floats32, fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { atomLevels, errorOf, summed } from "./atoms.js";
import { createSets, setOf, SPARSE, takeFamily } from "./code_nets.js";

const SHOWN = 216;
const ATOM = 62;

class Dictionary {
  constructor(ctx) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, "units", () => ctx.refresh("units"));
    Object.assign(this, { read: null, key: null });
    this.build();
  }

  build() {
    const { ctx } = this;
    const { gains } = ctx.fields;
    this.yours = captioned(imageCanvas("Your picture", SHOWN), "yours");
    this.sum = captioned(imageCanvas("The sum of the atoms", SHOWN), "");
    this.atom = captioned(imageCanvas("The chosen atom", SHOWN), "");
    this.numbers = figures(this.rows(null));
    this.tiles = gains.bounds.map((_, rank) => {
      const canvas = imageCanvas("", ATOM);
      canvas.setAttribute("aria-hidden", "true");
      const name = h("span", { class: "number" });
      const element = h(
        "button",
        { type: "button", class: "atom", onclick: () => this.choose(rank), "aria-pressed": "false" },
        canvas,
        name,
      );
      return { element, canvas, name };
    });
    this.empty = empty("Choose a test image or draw one: see which of the units fire for it.");
    this.grid = rove(h("div", { class: "atoms", role: "group", "aria-label": "The units that fire, most first" }));
    fill(this.grid, this.tiles.map(({ element }) => element));
    this.body = h(
      "div",
      { class: "dictionary" },
      h("div", { class: "dictionary-images" }, this.yours, this.sum, this.atom),
      this.grid,
    );
    fill(ctx.main, this.empty, this.body);
    this.sets = createSets(ctx);
    this.chooser = new Picture(ctx, { others: false });
    this.slider = createSlider("What it says, ×", {
      field: { low: gains.bounds[0][0], high: gains.bounds[0][1] },
      step: 0.1,
      words: (value) => num(value, 1),
      label: "The chosen unit's value, times this",
      onPreview: (value) => this.gain(value, false),
      onRelease: (value) => this.gain(value, true),
    });
    this.remove = button("Remove it", () => this.gain(this.gains[this.unit] ? 0 : 1, true));
    this.restore = button("All as they were", () => ctx.store.commit({ gains: gains.initial }));
    this.seen = createSeen();
    fillPanel(
      ctx,
      this.sets,
      this.chooser.element,
      this.slider.element,
      h("div", { class: "row" }, this.remove, this.restore),
      moreNumbers(this.numbers),
      this.seen.element,
      createTries(ctx, ctx.value().tries.dictionary),
    );
  }

  enter() {
    takeFamily(this.ctx, [SPARSE]);
    startWithExample(this.ctx);
  }

  get request() {
    const dataset = setOf(this.ctx);
    const picture = drawnOrTest(this.ctx.store.get(), dataset);
    return picture && { dataset, picture };
  }

  get unit() {
    return this.ctx.store.get().unit;
  }

  get gains() {
    return this.ctx.store.get().gains;
  }

  choose(unit) {
    this.ctx.store.commit({ unit });
  }

  gain(value, commit) {
    this.ctx.store.set({ gains: [...this.gains].map((each, i) => (i === this.unit ? value : each)) }, { commit });
  }

  /** The units of the picture, unpacked once. */
  get units() {
    const answer = this.request && this.found.of(this.request);
    if (answer && this.read?.answer !== answer) {
      this.read = { answer, x: fromBase64(answer.x), atoms: floats32(answer.atoms), bias: floats32(answer.bias) };
    }
    return answer ? { ...answer, ...this.read } : null;
  }

  update(changed) {
    const { ctx, request } = this;
    this.sets.set(setOf(ctx));
    this.chooser.update();
    const key = JSON.stringify(request);
    const [other, entered] = [key !== this.key, changed.has("mode")];
    this.key = key;
    if (other && !entered && !changed.has("gains")) ctx.store.set({ gains: ctx.fields.gains.initial }); // they were another picture's
    if (other || entered) this.found.want(request ? [request] : []);
    this.empty.hidden = request !== null;
    this.body.hidden = request === null;
    this.slider.set(this.gains[this.unit]);
    setText(this.remove, this.gains[this.unit] ? "Remove it" : "Put it back");
    this.restore.disabled = this.gains.every((gain) => gain === 1);
    if (this.units) this.show(this.units);
  }

  show(units) {
    const { unit, gains } = this;
    const whole = summed(units, gains.map(() => 1));
    this.pixels = summed(units, gains);
    const errors = [whole, this.pixels].map((pixels) => errorOf(pixels, units.x));
    this.chooser.fed(units.x);
    drawImage(this.yours.querySelector("canvas"), units.x);
    drawImage(this.sum.querySelector("canvas"), this.pixels);
    this.ctx.show("out", this.pixels);
    drawImage(this.atom.querySelector("canvas"), atomLevels(units.atoms, unit));
    setText(this.sum.caption, `${gains.filter((gain) => gain > 0).length} atoms, summed`);
    setText(this.atom.caption, `unit ${units.units[unit]}`);
    this.tiles.forEach(({ element, canvas, name }, rank) => {
      drawImage(canvas, atomLevels(units.atoms, rank));
      const value = num(units.values[rank] * gains[rank], 1);
      setText(name, value);
      element.setAttribute("aria-label", `Unit ${units.units[rank]}, says ${value}`);
      element.setAttribute("aria-pressed", String(rank === unit));
      element.classList.toggle("gone", gains[rank] === 0);
    });
    this.numbers.set(this.rows(units, errors));
    const words = this.words(units, errors);
    this.seen(words);
    this.ctx.describe(words);
  }

  rows(units, errors = []) {
    return [
      ["units that fire", units ? `${units.units.length} of ${units.of.toLocaleString("en")}` : "–"],
      ["squared error, all atoms", num(errors[0], 2)],
      ["squared error, as edited", num(errors[1], 2)],
    ];
  }

  words(units, [before, after]) {
    const { unit, gains } = this;
    const first =
      `${units.units.length} of ${units.of.toLocaleString("en")} units fire for this picture; it is rebuilt ` +
      `as the bias and a sum of their atoms, with a squared error of ${num(before, 1)}.`;
    const edited = gains.filter((gain) => gain !== 1).length;
    const then = edited
      ? `With ${edited} changed it is ${num(after, 1)}.`
      : `Unit ${units.units[unit]} says ${
        num(units.values[unit], 1)
      }: without it nothing else changes, the sum is linear.`;
    return `${first} ${then}`;
  }

  hasResult() {
    return Boolean(this.units);
  }

  picture() {
    const { units } = this;
    if (!units) return null;
    const bytes = (images) => Uint8Array.from(images.flatMap((pixels) => [...pixels].map((value) => 255 * value)));
    const [some, sum] = [Math.min(8, this.tiles.length), summed(units, this.gains)];
    const atoms = Array.from({ length: some }, (_, rank) => atomLevels(units.atoms, rank));
    const pad = Array.from({ length: some - 2 }, () => new Float32Array(PIXELS));
    const rows = [{ name: "yours, sum", bytes: bytes([units.x.map((v) => v / 255), sum, ...pad]) }];
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
  create: (ctx) => new Dictionary(ctx),
};
