/**
 * Guidance: one seed and one class under five scales w, beside what a classifier sees in each row and how varied it is.
 */

import { find } from "../kit/base/card.js";
import { h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { withArticle } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { spread } from "../kit/film/strip.js";
import { toBase64 } from "../kit/plane/tensors.js";
import { drawn, inSettings } from "../questions/drawn.js";
import { rowsCaption } from "../questions/settings.js";
import { stepsOf } from "./times.js";

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

/** @param {import("../kit/panel/mode.js").Self} self */
function guidance(self) {
  const { ctx, state, declared } = self;
  const clock = stepsOf(ctx);
  const { race, play } = drawn(self, {
    familiesOf: inSettings(self, () => SETTINGS),
    asks: (asked) => ({ ...asked, count: COUNT, sampler: "ddim", eta: 0 }),
    clock,
  });
  /** The class: the visitor's, or an example where any is chosen elsewhere. */
  const chosen = () => requestOf(ctx, declared).label;
  const measured = computed(() => measuredIn(ctx.net()));
  const classesOf = judged(self, race);
  /** Number of images of each scale classified as asked at the tick that is shown, and their distance; null is not known. */
  const rows = computed(() => {
    const tick = race.shown.value;
    const all = race.runners(tick);
    return race.columns.value.map((column) => {
      const frame = all.find((runner) => runner.column === column)?.frame;
      if (frame?.index + 1 !== tick) return { hits: null, apart: null };
      const seen = tick === clock.ticks ? classesOf(column.current) : null;
      return { hits: seen?.filter((label) => label === chosen()).length ?? null, apart: spreadOf(frame) };
    });
  });
  const words = computed(() => {
    const name = ctx.net().classes[chosen()];
    const report = { found: rows.value, measured: measured.value, t: clock.timeOf(race.shown.value), name };
    return name ? guidanceWords(declared, report) : "";
  });

  /** Measurements of all classes at the scale nearest to the chosen one. */
  function leads() {
    const [found] = measured.value.toSorted((a, b) => Math.abs(a.w - state.w) - Math.abs(b.w - state.w));
    return found ? figuresOf(declared, { ...found, n: found.accuracy.n.toLocaleString("en") }) : [];
  }

  const { mode } = play({
    words,
    figuresOf({ family }) {
      const k = race.columns.value.findIndex((column) => column.family === family);
      return { ...rows.value[k], most: Math.max(...rows.value.map(({ apart }) => apart)) };
    },
    factsOf: ({ settings }) => createFacts(ctx, settings?.w),
    leading: (all) => (all.length ? leads() : []),
    captionOf: rowsCaption(race),
    frames: Infinity,
    count: COUNT,
    below: [race.queue.element],
  });
  const head = ["w", "share of the right class", "standard error", "draws", "diversity, times test images"];
  const rowOf = ({ w, accuracy, diversity }) => [w, accuracy.value, accuracy.se, accuracy.n, diversity.value];
  const table = () =>
    measured.value.length ? { name: `${state.net}-guidance`, rows: [head, ...measured.value.map(rowOf)] } : null;
  return { ...mode, table };
}

/** Measurements of all classes, by their scales. */
function measuredIn({ rows }) {
  const each = SCALES.map((w) => ({
    w,
    accuracy: find(rows, "accuracy", { w }),
    diversity: find(rows, "diversity", { w }),
  }));
  return each.filter(({ accuracy, diversity }) => accuracy && diversity);
}

const spreads = new WeakMap();

/** Distance between the images of a frame, found once. */
function spreadOf(frame) {
  if (!spreads.has(frame)) spreads.set(frame, spread(frame.x, COUNT));
  return spreads.get(frame);
}

/** Has a classifier look at the finished rows, one after the other; returns the classes that it sees in a film. */
function judged({ ctx, state }, { films }) {
  const news = signal(0);
  /** @type {WeakMap<Film, number[]>} */
  const classesOf = new WeakMap();
  let judging = null;

  async function judge() {
    const film = films.peek().find((film) => film.done && !classesOf.has(film));
    if (!film || judging) return;
    judging = film;
    const images = toBase64(film.frames.at(-1).x);
    const answer = await ctx.ask("classify", { net: state.net, images }, { again: () => judge() });
    judging = null;
    if (!answer) return;
    classesOf.set(film, answer.classes);
    news.value += 1;
    judge();
  }
  whenever(() => {
    if (films.value.length) untracked(judge);
  });
  return (film) => (news.value, classesOf.get(film));
}

export default mode(guidance, { hint: "Larger w: each step closer to the class" });
