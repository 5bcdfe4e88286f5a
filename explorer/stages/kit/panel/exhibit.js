/** A mode whose answer brings all that it shows: charts, images, a matrix, numbers, a sentence and a table. */

import { Answered } from "../ask/answered.js";
import { Bars } from "../chart/bars.js";
import { Chart } from "../chart/chart.js";
import { Matrix } from "../chart/matrix.js";
import { tableOfFigures } from "../export/csv.js";
import { Strip } from "../film/strip.js";
import { ImageGrid } from "../image/grid.js";
import { drawnOrTest, NO_PICTURE, Picture, pictureOf, startWithExample } from "../image/picture.js";
import { Second } from "../image/second.js";
import { fromBase64 } from "../plane/tensors.js";
import { fill, h, setText } from "../base/dom.js";
import { num } from "../base/format.js";
import { createTries } from "../lesson/tries.js";
import { createControls } from "./controls.js";
import { gridsAt, laidOut } from "./exhibit_layout.js";
import { headline, NOTHING } from "./more.js";
import { createSeen, dimAnswer, empty, fillPanel, numberTable } from "./parts.js";
import { keySlider } from "./slider.js";
import { partNow, stopAt, stopOfKey } from "./stops.js";
import { takeNet } from "./take_net.js";

/** The layout is what `Shows.to_props` says; a subclass may `add` elements and show more of an answer. */
export class Exhibit {
  /** @param {Ctx} ctx @param {string} mode */
  constructor(ctx, mode) {
    /** @type {string | undefined} what the parts of an answer are about */
    this.about;
    /** @type {number | undefined} */
    this.parts;
    /** @type {Map<any, Uint8Array>} */
    this.bytes = new Map();
    this.ctx = ctx;
    this.mode = mode;
    this.declared = ctx.value().panels[mode];
    this.answer = new Answered(ctx, this.declared.ask, () => this.show());
    const { shows, request } = this.declared;
    this.shows = shows;
    this.needs = ["picture", "other", "nets"].filter((name) => name in request);
    this.charts = shows.charts.map(({ label, height, sets }) =>
      new Chart(ctx, { label, height, onMove: sets && ((place, how) => this.drag(sets, place, how)) })
    );
    this.strips = shows.strips.map(([count, size, sets]) => this.row(count, size, sets));
    if (shows.bars) this.bars = new Bars(shows.bars);
    this.details = h("div", {
      class: "details with-numbers",
      tabindex: 0,
      role: "region",
      "aria-label": "Every figure",
    });
    if (this.needs.includes("picture")) this.chooser = this.choosePicture();
    if (this.needs.includes("other")) this.second = new Second(ctx);
    for (const { canvas, onMove } of this.charts) if (onMove) canvas.tabIndex = 0; // for the keys
    this.imageGrids = shows.grids.map((layout) => {
      const onChoose = layout.sets ? (place) => ctx.store.commit({ [layout.sets]: place }) : null;
      return { ...layout, grid: new ImageGrid({ ...layout, onChoose }) };
    });
    if (shows.matrix) this.matrixChart = new Matrix(ctx, shows.matrix);
    if (shows.slider) this.mainSlider = this.sliderOf(shows.slider);
    this.laid = laidOut(this, this.add());
    this.open(this.below());
  }

  /** Shows the mode; `below` stands in the panel, under the choice of the picture. */
  open(below) {
    const { ctx, declared, laid } = this;
    this.dims = [laid];
    this.controls = createControls(ctx, declared);
    this.numbers = headline(this.rows(null), 0);
    this.seen = createSeen();
    this.waiting = empty();
    fill(ctx.main, this.waiting, laid);
    const [panel, choosers] = [gridsAt(this, "panel"), [this.chooser?.element, this.second?.element]];
    const own = [this.controls.element, ...choosers, ...below, ...panel, this.seen.element];
    fillPanel(ctx, this.numbers, ...own, createTries(ctx, declared.tries));
  }

  /** The choice of the picture that is asked about. */
  choosePicture() {
    const { ctx, shows } = this;
    const drawn = () => ctx.value().pens?.[ctx.net().dataset];
    return new Picture(ctx, { others: shows.others, all: shows.kinds, drawn });
  }

  /** The answer that is shown; null for none. */
  get value() {
    return this.answer.value;
  }

  /** Content of a subclass above the charts. */
  add() {
    return [];
  }

  /** Content of a subclass in the panel, below the controls. */
  below() {
    return [];
  }

  /** The main control, under the images. */
  sliderOf({ key, label, step, digits }) {
    return keySlider(this.ctx, key, label, { step, words: (value) => num(value, digits), live: true });
  }

  row(count, size, sets) {
    const strip = new Strip("", count, size);
    strip.canvas.addEventListener("click", (event) => {
      const row = sets && this.value?.strips[this.strips.findIndex((each) => each.strip === strip)];
      if (row) this.ctx.store.commit(row.sets[strip.placeAt(event)]);
    });
    return { title: h("h2"), strip };
  }

  enter() {
    const { nets, shows } = this.declared;
    const { dataset } = this.ctx.net();
    const alike = nets.filter((name) => this.ctx.value().nets[name]?.dataset === dataset);
    if (nets.length && !nets.includes(this.ctx.store.get().net)) {
      takeNet(this.ctx, [...alike, ...nets], this.chooser && !shows.others && { set: null });
    }
    const [img, img2] = shows.examples;
    if (this.chooser) startWithExample(this.ctx, img);
    this.second?.start(img2);
  }

  drag(key, place, { rest, up = 0 }) {
    const patch = stopAt(key, this.value?.stops, place, up);
    if (patch) this.ctx.store.set(patch, { commit: rest });
  }

  /** Chosen value; that of the answer while none is. */
  now(key) {
    return this.ctx.store.get()[key] ?? this.value?.chosen?.[key] ?? null;
  }

  key({ key }) {
    const { sets } = this.shows.charts.find(({ sets }) => sets) ?? {};
    const patch = stopOfKey(key, this.value?.stops, sets, (name) => this.now(name));
    if (patch) this.ctx.store.commit(patch);
    return patch !== null;
  }

  /** Question besides the controls; null is still to be chosen. */
  given() {
    const { store, net } = this.ctx;
    const picture = this.shows.kinds ? pictureOf : drawnOrTest;
    const own = { picture: this.chooser && picture(store.get(), net().dataset), other: this.second?.picked };
    return Object.fromEntries(this.needs.map((name) => [name, own[name]]));
  }

  /** Question, without the number of parts of its answer. */
  get asked() {
    return { ...this.controls.request(), ...this.given() };
  }

  /** Part of the question that the parts of an answer depend on. */
  get theme() {
    return this.asked;
  }

  get isLacking() {
    return Boolean(this.ctx.net().error) || Object.values(this.given()).includes(null);
  }

  again() {
    const theme = JSON.stringify(this.theme);
    if (theme !== this.about) this.parts = 0;
    this.about = theme;
    const { asked, parts } = this;
    this.answer.want(this.isLacking ? null : "parts" in this.declared.request ? { ...asked, parts } : asked);
  }

  /** True if the picture answers an earlier question; it stays while more parts of the same are computed. */
  get isEarlier() {
    const of = (asked) => JSON.stringify({ ...asked, parts: 0 });
    return of(this.answer.asked) !== of(JSON.parse(this.answer.key));
  }

  update(changed) {
    const { chooser, second, controls } = this;
    for (const part of [chooser, second, controls]) part?.update();
    if (changed.has("mode") || controls.asks.some((key) => changed.has(key))) this.again();
    if (changed.size) this.show();
  }

  show() {
    const { value, ctx } = this;
    dimAnswer(this, this.isEarlier);
    this.waiting.classList.toggle("awaited", this.answer.isPending);
    if (value) this.draw(value);
    const rows = this.rows(value);
    this.numbers.set(rows);
    this.numbers.hidden = Boolean(value) && rows[0][1] === NOTHING;
    this.seen(value ? this.words(value) : "");
    this.mainSlider?.set(this.now(this.shows.slider.key));
    this.waiting.hidden = Boolean(value);
    this.laid.hidden = !value;
    const lacks = this.answer.key === "null" ? this.lacks : this.shows.waits;
    setText(this.waiting, ctx.net().error ?? (this.answer.failed ? this.shows.failed : lacks));
    if (!value?.more || !this.answer.isCurrent) return;
    this.parts += 1;
    this.again();
  }

  /** Numbers of the answer; their names before it is there. */
  rows(value) {
    return value ? this.shown(value).numbers : this.ctx.value().heads[this.mode].map((name) => [name, "–", ""]);
  }

  words(value) {
    return this.shown(value).words;
  }

  table() {
    return this.value && { name: this.mode, rows: this.value.table ?? tableOfFigures(this.rows(this.value)) };
  }

  hasResult() {
    return Boolean(this.value);
  }

  /** Hint while nothing is asked. */
  get lacks() {
    return NO_PICTURE;
  }

  /** The answer for what is chosen. */
  shown(value) {
    return partNow(value, (key) => this.now(key));
  }

  draw(answer) {
    const { ctx } = this;
    const value = this.shown(answer);
    this.charts.forEach((chart, k) => {
      chart.element.hidden = !value.charts?.[k];
      if (value.charts?.[k]) chart.show(value.charts[k]);
    });
    this.imageGrids.forEach(({ grid }, k) => {
      const found = value.grids?.[k];
      grid.element.hidden = !found;
      if (found) grid.show({ ...found, bytes: this.bytesOf(found.images) });
    });
    if (value.matrix) this.matrixChart?.show(value.matrix);
    this.strips.forEach(({ title, strip }, k) => {
      const { name = "", images, says, at } = value.strips?.[k] ?? {};
      setText(title, name);
      title.hidden = !name;
      strip.element.hidden = !images;
      strip.label = name || says;
      if (images) strip.show(this.bytesOf(images), says);
      if (at !== undefined) strip.mark(at);
    });
    if (this.bars) {
      this.bars.element.hidden = !value.bars;
      if (value.bars) this.bars.show(value.bars);
    }
    for (const [name, images] of Object.entries(value.pictures ?? {})) ctx.show(name, this.bytesOf(images));
    const fed = value.fed ?? value.pictures?.x;
    if (fed) this.chooser?.fed(this.bytesOf(fed), value.levels);
    const { head, rows } = value.details ?? {};
    if (head) fill(this.details, numberTable(this.details.ariaLabel, head, rows));
  }

  /** Images of one text, or of a list of them. */
  bytesOf(text) {
    if (this.bytesFrom !== this.value) this.bytes.clear();
    this.bytesFrom = this.value;
    if (!this.bytes.has(text)) this.bytes.set(text, Array.isArray(text) ? joined(text) : fromBase64(text));
    return this.bytes.get(text);
  }
}

/** The bytes of several texts, one after the other. */
const joined = (texts) => Uint8Array.from(texts.flatMap((text) => [...fromBase64(text)]));

export default {
  create: (ctx) => new Exhibit(ctx, ctx.id),
};
