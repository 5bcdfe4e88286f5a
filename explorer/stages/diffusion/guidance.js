/**
 * Guidance: one seed and one class under five scales w, beside what a classifier sees in each row and how varied it is.
 */

import { find } from "../kit/base/card.js";
import { h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { withArticle } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { spread } from "../kit/film/strip.js";
import { toBase64 } from "../kit/plane/tensors.js";
import { OfSettings } from "../questions/settings.js";
import { Steps } from "./times.js";

export const COUNT = 8;
const SCALES = [0, 1, 2, 4, 7];
const NOTES = { 0: "no class", 1: "class only" };
const SETTINGS = SCALES.map((w) => ({ title: `w = ${w}`, w }));

/** A number with its name and a bar of its size. */
function createMeter(name) {
  const text = h("span", { class: "number" });
  const bar = h("span", { class: "meter-bar" });
  const room = h("span", { class: "meter-room", "aria-hidden": "true" }, bar);
  const set = (words, share) => {
    setText(text, words);
    bar.style.width = `${100 * Math.max(0, Math.min(1, share))}%`;
  };
  return { element: h("div", { class: "meter" }, h("span", { class: "note" }, name), text, room), set };
}

/** A scale to choose for the other modes, beside how many images are classified as asked and how far they are apart. */
function createFacts({ store }, w) {
  const choose = () => store.commit({ w });
  const title = "Use this w in the other modes too";
  const scale = h("button", { type: "button", class: "button", onclick: choose, title }, `w = ${w}`);
  const [seen, far] = ["as asked", "apart"].map(createMeter);
  const note = w in NOTES && h("span", { class: "note" }, NOTES[w]);
  const name = h("div", { class: "guidance-name" }, scale, note);
  const set = ({ hits, apart, most }) => {
    scale.setAttribute("aria-pressed", String(store.get().w === w));
    seen.set(hits === null ? "" : `${hits} of ${COUNT}`, hits / COUNT);
    far.set(apart === null ? "" : num(apart), apart / most);
  };
  return Object.assign(h("div", { class: "guidance-facts" }, name, seen.element, far.element), { set });
}

/** Sentences on the row without guidance and on the strongest one, and the card's figures for all classes. */
export function guidanceWords(declared, { found, measured, t, name }) {
  const [plain, strong] = [1, 7].map((w) => found[SCALES.indexOf(w)]);
  const [nothing, one, seven] = [0, 1, 7].map((scale) => measured.find(({ w }) => w === scale));
  const there = [plain, strong].every((row) => Number.isFinite(row?.apart));
  const judged = there && t === 0 && plain.hits !== null && strong.hits !== null;
  const rows = sentences(
    declared,
    { plain, strong, t, name: withArticle(name) },
    judged && "seen",
    there && (t > 0 ? "way" : "images"),
  );
  const known = nothing && one && seven;
  const card = { none: nothing, plain: one, strong: seven, n: one?.accuracy.n.toLocaleString("en") };
  return `${rows} ${sentences(declared, card, known ? "measured" : "unmeasured")}`.trim();
}

class Guidance extends OfSettings {
  constructor(ctx) {
    super(ctx, {
      settings: SETTINGS,
      count: COUNT,
      factsOf: ({ settings }) => createFacts(ctx, settings?.w),
      clock: new Steps(ctx),
      below: ({ queue }) => [queue],
    });
    /** @type {WeakMap<Film, number[]>} */
    this.classesOf;
    /** @type {WeakMap<Frame, number>} */
    this.spreads;
    /** @type {Film | null} */
    this.judging;
    Object.assign(this, { classesOf: new WeakMap(), spreads: new WeakMap(), judging: null });
  }

  /** The class: the visitor's, or an example where any is chosen elsewhere. */
  get chosen() {
    return this.controls.request().label;
  }

  requestOf(column) {
    return { ...super.requestOf(column), count: COUNT, sampler: "ddim", eta: 0 };
  }

  update(changed) {
    super.update(changed);
    if (changed.has("w") || changed.has("value")) this.race.show();
  }

  get measured() {
    const { rows } = this.ctx.net();
    const each = SCALES.map((w) => ({
      w,
      accuracy: find(rows, "accuracy", { w }),
      diversity: find(rows, "diversity", { w }),
    }));
    return each.filter(({ accuracy, diversity }) => accuracy && diversity);
  }

  /** Number of images of each scale classified as asked at a tick, and their distance; null is not known. */
  rowsAt(tick) {
    const runners = this.race.runners(tick);
    return this.race.columns.map((column) => {
      const frame = runners.find((runner) => runner.column === column)?.frame;
      if (frame?.index + 1 !== tick) return { hits: null, apart: null };
      if (!this.spreads.has(frame)) this.spreads.set(frame, spread(frame.x, COUNT));
      const seen = tick === this.race.clock.ticks ? this.classesOf.get(this.race.current(column)) : null;
      return { hits: seen?.filter((label) => label === this.chosen).length ?? null, apart: this.spreads.get(frame) };
    });
  }

  /** Measurements of all classes at the scale nearest to the chosen one. */
  leads() {
    const { w } = this.ctx.store.get();
    const [found] = this.measured.sort((a, b) => Math.abs(a.w - w) - Math.abs(b.w - w));
    if (!found) return [];
    return figuresOf(this.declared, { ...found, n: found.accuracy.n.toLocaleString("en") });
  }

  figuresOf({ family }) {
    const found = this.rowsAt(this.race.shown);
    const most = Math.max(...found.map(({ apart }) => apart));
    return { ...found[this.race.columns.findIndex((column) => column.family === family)], most };
  }

  arrived() {
    super.arrived();
    this.judge();
  }

  tell(moving) {
    const tick = this.race.shown ?? this.race.clock.ticks;
    const name = this.ctx.net().classes[this.chosen];
    const report = { found: this.rowsAt(tick), measured: this.measured, t: this.race.clock.timeOf(tick), name };
    this.seen(name ? guidanceWords(this.declared, report) : "", moving);
  }

  /** Has a classifier look at the finished rows, one after the other. */
  async judge() {
    const film = this.race.films.find((film) => film.done && !this.classesOf.has(film));
    if (!film || this.judging) return;
    this.judging = film;
    const images = toBase64(film.frames.at(-1).x);
    const answer = await this.ctx.ask("classify", { net: this.ctx.store.get().net, images }, {
      again: () => this.judge(),
    });
    this.judging = null;
    if (!answer) return;
    this.classesOf.set(film, answer.classes);
    this.race.show();
  }

  table() {
    const { measured } = this;
    if (!measured.length) return null;
    const rows = measured.map((
      { w, accuracy, diversity },
    ) => [w, accuracy.value, accuracy.se, accuracy.n, diversity.value]);
    return {
      name: `${this.ctx.store.get().net}-guidance`,
      rows: [["w", "share of the right class", "standard error", "draws", "diversity, times test images"], ...rows],
    };
  }
}

export default {
  hint: "Larger w: each step closer to the class",
  create: (ctx) => new Guidance(ctx),
};
