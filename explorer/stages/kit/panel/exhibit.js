/** A mode whose answer brings all that it shows: charts, images, a matrix, numbers, a sentence and a table. */

import { askedAnswers } from "../ask/asked.js";
import { h } from "../base/dom.js";
import { updates, whenever } from "../base/live.js";
import { computed, signal, untracked } from "../base/vendor/signals-core.js";
import { tableOfFigures } from "../export/csv.js";
import { EMPTY_PAD, isPadEmpty, NO_PICTURE, Picture, pictureOf, startWithExample } from "../image/picture.js";
import { Second } from "../image/second.js";
import { createTries } from "../lesson/tries.js";
import { fromBase64 } from "../plane/tensors.js";
import { isAbout, requestOf } from "./controls.js";
import { createParts, gridsAt, laidOut } from "./exhibit_shown.js";
import { membersOf, mode } from "./mode.js";
import { headline, NOTHING } from "./more.js";
import { dimAnswer } from "./parts.js";
import { takeNet } from "./take_net.js";

const KEYS = [{ ArrowLeft: -1, ArrowRight: 1 }, { ArrowUp: -1, ArrowDown: 1 }];

/**
 * @typedef {import("./mode.js").Self} Self
 * @typedef {Record<string, any>} Question
 *
 * @typedef {object} Own what a mode has of its own
 * @property {(given: Question, usual: () => Question | null) => Question | null} [question] null is still to be chosen
 * @property {(question: Question) => Question} [theme] the part of a question that the parts of an answer depend on
 * @property {(question: Question) => string} [nameOf] the server function, unless it is the declared one
 * @property {(value: any) => any} [shown] what is shown of an answer
 * @property {(rows: FigureRow[], shown: any) => FigureRow[]} [rows] its numbers
 * @property {Record<string, () => any>} [now] chosen values by their fields, null for none
 * @property {{element: HTMLElement, update(): void} & Record<string, any>} [chooser] the choice of the picture
 * @property {() => string} [lacks] a hint while nothing is asked
 */

/**
 * Asks what the panel declares. Returns signals: the newest answer, its `value`, and what was `asked` for it; what is
 * `shown` of it, and whether it `isCurrent`. `now(key)` is a chosen value, `bytesOf(text)` are images. `show` makes the
 * mode, around elements of its own.
 * @param {Self} self
 * @param {Own} [own]
 */
export function exhibit(self, own = {}) {
  const { id, ctx, state, declared } = self;
  const choosers = choosersOf(self, own.chooser);
  const usual = () => {
    const given = choosers.given();
    const lacks = !isAbout(ctx, declared) || Boolean(ctx.net().error) || Object.values(given).includes(null);
    return lacks ? null : { ...requestOf(ctx, declared), ...given };
  };
  const question = () => (own.question ? own.question(choosers.given(), usual) : usual());
  const { answer, asks } = answersOf(self, question, own);
  const { value } = answer;
  const now = (key) => own.now?.[key]?.() ?? state[key] ?? value.value?.chosen?.[key] ?? null;
  const shown = computed(() => value.value && (own.shown ?? ((part) => part))(partOf(value.value, now)));
  const heads = ctx.value().heads[id].map((name) => [name, "–", ""]);
  const rows = computed(() => (own.rows ?? ((all) => all))(shown.value?.numbers ?? heads, shown.value));
  const bytesOf = readerOf(value);
  const stops = stopsOf(self, value, now);
  const parts = createParts(self, { shown, value, bytesOf, now, drag: stops.drag });
  whenever(() => {
    for (const [name, images] of Object.entries(shown.value?.pictures ?? {})) ctx.show(name, bytesOf(images));
    const fed = shown.value?.fed ?? shown.value?.pictures?.x;
    if (fed) choosers.chooser?.fed(choosers.isWaiting() ? null : bytesOf(fed), shown.value.levels);
  });

  /**
   * Shows the mode, with elements of its own: `add` above the charts, `below` in the panel, below the controls. `dims`
   * are dimmed with an earlier answer, and `first` stands above all in the panel. With `isLarge`, the choice of the
   * picture stands in the picture. Returns where the parts are `laid`, and the mode.
   * @param {{add?: HTMLElement[], below?: any[], dims?: Element[], isLarge?: boolean} & Record<string, any>} [how]
   */
  function show({ add = [], below = [], dims = [], isLarge = false } = {}) {
    const laid = laidOut(self, parts, add);
    const numbers = headline(rows.peek(), 0);
    const waiting = waitingOf(self, answer, asks, { isWaiting: choosers.isWaiting, lacks: own.lacks });
    whenever(() => {
      numbers.set(rows.value);
      numbers.hidden = value.value !== null && rows.value[0][1] === NOTHING;
      laid.hidden = value.value === null;
    });
    whenever(() =>
      dimAnswer({ dims: [laid, ...dims], numbers, seen: self.seen }, isEarlier(answer.asked.value, asks()))
    );
    const { chooser, second } = choosers;
    const members = {
      main: [waiting, isLarge && updates(chooser), laid],
      above: [numbers],
      below: [!isLarge && chooser, second, ...below, ...gridsAt(parts, "panel")],
      tries: declared.tries.length ? createTries(self.given, declared.tries) : null,
      words: computed(() => shown.value?.words ?? ""),
      enter: choosers.enter,
      key: (event) => stops.key(event) && event.preventDefault(),
      hasResult: () => value.value !== null,
      table: () => value.value && { name: id, rows: value.value.table ?? tableOfFigures(rows.value) },
      ...{ value, bytesOf, chooser, charts: parts.charts, strips: parts.strips, imageGrids: parts.grids },
      asked: computed(asks),
      answer: membersOf(answer),
    };
    return { laid, mode: members };
  }
  return { ...answer, ...choosers, shown, now, bytesOf, parts, show };
}

/**
 * The choices of the pictures of a question: those that are `given`, and what `enter` does for the first visit. While it
 * `isWaiting` for a first stroke, the picture before that is given.
 */
function choosersOf({ ctx, state, declared }, own) {
  const { request, nets, shows } = declared;
  const drawn = () => ctx.value().pens?.[ctx.net().dataset];
  const chooser = "picture" in request
    ? own ?? new Picture(ctx, { others: shows.others, all: shows.kinds, drawn })
    : null;
  const second = "other" in request ? new Second(ctx) : null;
  const offered = () => ({ ...state, ...!shows.kinds && { kind: "test" } });
  const isWaiting = () => chooser !== null && isPadEmpty(offered());
  let last = { img: null, draw: null };

  function pictureNow() {
    const now = offered();
    if (!isPadEmpty(now) || now.img !== null) last = { img: now.img, draw: now.draw };
    return pictureOf(isPadEmpty(now) ? { ...now, ...last, source: null } : now, ctx.net().dataset);
  }
  const given = () => ({ ...(chooser && { picture: pictureNow() }), ...(second && { other: second.picked }) });

  function enter() {
    const { dataset } = ctx.net();
    const alike = nets.filter((name) => ctx.value().nets[name]?.dataset === dataset);
    if (nets.length && !nets.includes(state.net)) {
      takeNet(ctx, [...alike, ...nets], chooser && !shows.others && { set: null });
    }
    const [img, img2] = shows.examples;
    if (chooser) startWithExample(ctx, img);
    second?.start(img2);
  }
  return { chooser, second, given, enter, isWaiting };
}

/**
 * Asks the question, and for as many parts of its answer as there are, one after the other.
 * @param {Self} self @param {() => Question | null} question @param {Own} own
 */
function answersOf(self, question, { theme = (asked) => asked, nameOf }) {
  const { ask, request } = self.declared;
  const known = signal({ of: "", parts: 0 }); // of what is asked about
  const themeOf = (asked) => JSON.stringify(theme(asked));
  function asks() {
    const asked = question();
    if (!asked || !("parts" in request)) return asked;
    return { ...asked, parts: known.value.of === themeOf(asked) ? known.value.parts : 0 };
  }
  const answer = askedAnswers(self, nameOf ?? ask, asks, { own: ask });
  whenever(() => {
    if (!answer.value.value?.more || !answer.isCurrent.value) return;
    untracked(() => (known.value = { of: themeOf(question()), parts: known.peek().parts + 1 }));
  });
  return { answer, asks };
}

/** True if an answer is to an earlier question than to other parts of the same. */
function isEarlier(asked, question) {
  const [of, now] = [asked, question].map((each) => JSON.stringify({ ...each, parts: 0 }));
  return of !== now;
}

/** Words in place of an answer, and a hint above the one that stays while the pad is empty. */
function waitingOf({ ctx, declared: { shows } }, { value, failed }, asks, { isWaiting, lacks = () => NO_PICTURE }) {
  const isHint = () => value.value !== null;
  const words = () => failed.value ? shows.failed : asks() === null ? lacks() : isHint() ? EMPTY_PAD : shows.waits;
  const look = () => isHint() ? "quiet" : asks() !== null && !failed.value ? "empty awaited" : "empty";
  return h("p", { class: look, hidden: () => isHint() && !isWaiting() }, () => ctx.net().error ?? words());
}

/** Reads the images of the newest answer, each text once. */
function readerOf(value) {
  let of = null;
  /** @type {Map<string | string[], Uint8Array>} */
  const read = new Map();
  return (text) => {
    if (of !== (of = value.value)) read.clear();
    if (!read.has(text)) read.set(text, Array.isArray(text) ? joined(text) : fromBase64(text));
    return read.get(text);
  };
}

/** The bytes of several texts, one after the other. */
const joined = (texts) => Uint8Array.from(texts.flatMap((text) => [...fromBase64(text)]));

/** Index of the chosen value, or of the one nearest to the number that is. */
function placeOf(values, now) {
  const away = values.map((value) => (value === now ? 0 : Math.abs(value - now)));
  return away.indexOf(Math.min(...away.filter((each) => !Number.isNaN(each))));
}

/** The answer for the chosen value of the field of `each`, if there is one: this field asks nothing. */
function partOf(value, now) {
  if (!value.each) return { ...value, ...value.report };
  const { key, values, parts } = value.each;
  const part = parts[placeOf(values, now(key))];
  const over = (name) => value[name]?.map((each, k) => each && { ...each, ...part[name]?.[k] });
  return { ...value, ...part, charts: over("charts"), strips: over("strips") };
}

/** Drag and keys choose among the values of an answer: [place, value] each, and how far up a place is, if that counts. */
function stopsOf({ ctx, declared: { shows } }, value, now) {
  const stopsAt = (key) => value.peek()?.stops?.[key] ?? [];

  function drag(key, place, { rest = false, up = 0 }) {
    const away = ([at, , high = up]) => Math.abs(at - place) + Math.abs(high - up);
    const [nearest] = stopsAt(key).toSorted((a, b) => away(a) - away(b));
    if (nearest) ctx.store.set({ [key]: nearest[1] }, { commit: rest });
  }

  /** True of a key that chooses. */
  function key({ key }) {
    const end = { Home: 0, End: -1 }[key];
    const sets = shows.charts.find(({ sets }) => sets)?.sets;
    if (end !== undefined && stopsAt(sets).length) {
      ctx.store.commit({ [sets]: stopsAt(sets).at(end)[1] });
      return true;
    }
    return Object.keys(value.peek()?.stops ?? {}).some((name, i) => {
      const stops = stopsAt(name);
      const values = [...new Set(stops.map(([, value]) => value))];
      const next = values[placeOf(values, now(name)) + KEYS[stops[0]?.length === 3 ? 1 : i][key]];
      if (next !== undefined) ctx.store.commit({ [name]: next });
      return next !== undefined;
    });
  }
  return { drag, key };
}

/** @param {Self} self */
export const exhibited = (self) => exhibit(self).show().mode;

export default mode(exhibited);
