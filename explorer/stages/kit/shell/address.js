/** The state in the query string: read key by key, a malformed value is passed over, defaults are left out. */

import { canBePlayed } from "../base/moves.js";
import { oddIn, passedOver, saidIn } from "./said.js";
import { same } from "../base/store.js";

/** @returns {(value: number) => boolean} */
const within = (/** @type {{low?: number, high?: number}} */ { low, high }) => (value) => value >= low && value <= high;

/**
 * The kinds of `explorer/fields.py`, read from text and written to it; `read` gives undefined for what it cannot
 * accept.
 * @type {Record<string, (field: any) => Pick<Field, "read" | "write">>}
 */
const kinds = {
  oneof: ({ choices, former }) => ({ read: (text) => choiceOf(choices, former ?? [], text), write: String }),
  flag: () => ({
    read: (text) => text === "1" ? true : text === "0" ? false : undefined,
    write: (value) => (value ? "1" : "0"),
  }),
  whole: (bounds) => ({
    read: (text) => (/^\d{1,10}$/.test(text) && within(bounds)(+text) ? +text : undefined),
    write: String,
  }),
  real: ({ zero, ...bounds }) => ({
    read: (text) => readReal(text, (value) => (zero && value === 0) || within(bounds)(value)),
    write: short,
  }),
  reals: ({ bounds }) => ({
    read: (text) => readReals(text, (i) => bounds[i], (count) => count === bounds.length),
    write: writeReals,
  }),
  points: ({ most, reach }) => ({
    read: (text) => readReals(text, () => [-reach, reach], (count) => count % 2 === 0 && count <= 2 * most),
    write: writeReals,
  }),
  wholes: ({ high, most }) => ({
    read: (text) => readWholes(text, high, (values) => most === null || values.length <= most),
    write: String,
  }),
  distinct: ({ count, high }) => ({
    read: (text) => readWholes(text, high, (values) => values.length === count && new Set(values).size === count),
    write: String,
  }),
  /** Unpadded base64url text; the state keeps the text. */
  bytes: ({ size, further = [] }) => ({
    read: (
      text,
    ) => (/^[\w-]+$/.test(text) && [size, ...further].some((each) => text.length === Math.ceil((each * 4) / 3))
      ? text
      : undefined),
    write: String,
  }),
  /** Points of two bytes each, as text like that of bytes. */
  drawing: ({ most }) => ({
    read: (
      text,
    ) => (/^[\w-]+$/.test(text) && isWhole(text.length) && text.length <= Math.ceil((most * 8) / 3) ? text : undefined),
    write: String,
  }),
  text: ({ least, most }) => ({
    read: (text) => (text.length >= least && text.length <= most ? text : undefined),
    write: String,
  }),
  moves: (limits) => ({ read: (text) => (canBePlayed(text, limits) ? text : undefined), write: String }),
};

/**
 * The fields that Python declares, by key, each with how it is read and written.
 * @param {Record<string, Omit<Field, "read" | "write">>} declared @returns {Record<string, Field>}
 */
export const fieldsOf = (declared) =>
  Object.fromEntries(Object.entries(declared).map(([key, field]) => [key, { ...field, ...kinds[field.kind](field) }]));

/**
 * State that `mode` opens with where no address gives another, {state, always}, as Python declares it of the mode's field.
 * @param {Record<string, Field>} fields @param {string} mode
 */
const openingOf = (fields, mode) => fields.mode?.opens?.[mode];

/**
 * The typical seed of a mode for the network, or the data set, that `key` chooses; undefined without one.
 * @param {Record<string, Field>} fields @param {State} state @param {string} key
 */
const typicalSeed = (fields, state, key) => fields.mode?.seeds?.[state.mode]?.[state[key]];

/**
 * State that a tab opens with, of the mode that it opens in; empty for any other mode.
 * @param {Record<string, Field>} fields @param {string} mode
 */
function firstOf({ mode: { initial, opening } }, mode) {
  const state = opening?.state ?? {};
  return mode === (state.mode ?? initial) ? state : {};
}

/**
 * The change of a state that opens a mode by hand. Values that the visitor has not chosen are the mode's initial ones,
 * unless another such mode is open, or those that the tab opens with; a seed is then the typical one of what `key` chooses.
 * @param {Record<string, Field>} fields @param {State} state @param {string} mode @param {string} [key]
 */
export function openingFrom(fields, state, mode, key = "net") {
  const opening = openingOf(fields, mode);
  const takes = opening && (opening.always || !openingOf(fields, state.mode));
  const opened = { ...(mode !== state.mode && firstOf(fields, mode)), ...takes && opening.state };
  const unsaid = Object.entries(opened).filter(([key]) => same(state[key], fields[key].initial));
  const change = { ...Object.fromEntries(unsaid), mode };
  const seed = typicalSeed(fields, { ...state, ...change }, key);
  const isChosen = ![fields.seed?.initial, typicalSeed(fields, state, key)].includes(state.seed);
  return seed === undefined || isChosen || mode === state.mode ? change : { ...change, seed };
}

/** True if an address says nothing of these fields. @param {Record<string, Field>} fields @param {string} search */
export const isSilent = (fields, search) => !saidIn(fields, search).size;

/**
 * The state in the address, by the result of `fieldsOf`; an address with a mode alone gives the mode's initial state,
 * and one that says nothing gives the state that the tab opens with.
 * @param {Record<string, Field>} fields @returns {State}
 */
export function readAddress(fields, search = globalThis.explorerAddress.search) {
  const query = saidIn(fields, search);
  /** @type {Partial<State>} */
  const state = {};
  for (const [key, { read, initial }] of Object.entries(fields)) {
    const value = query.has(key) ? read(query.get(key)) : undefined;
    state[key] = value === undefined ? initial : value;
  }
  const opening = openingOf(fields, state.mode);
  const isBare = !Object.keys(fields).some((key) => key !== "mode" && query.has(key));
  for (const [key, value] of Object.entries(opening && (opening.always || isBare) ? opening.state : {})) {
    if (!query.has(key)) state[key] = value;
  }
  return /** @type {State} */ ({ ...state, ...(query.size ? {} : fields.mode?.opening?.state) });
}

/**
 * Writes what differs from its initial value, and what its mode opens with in another way; leaves the keys of others as
 * they are. Another mode is a step in the browser's history where it `steps`.
 * @param {string} tab @param {Record<string, Field>} fields @param {State} state
 * @param {{steps?: boolean, without?: [string, string][]}} how
 */
function writeAddress(tab, fields, state, { steps = true, without = [] } = {}) {
  const query = new URLSearchParams(globalThis.explorerAddress.search);
  for (const [key] of without) query.delete(key);
  const before = readAddress(fields);
  const isOpened = (state.inside ?? null) !== null && before.inside === null;
  const isStep = steps && (before.mode !== state.mode || isOpened);
  const opened = openingOf(fields, state.mode)?.state ?? {};
  for (const [key, { write, initial }] of Object.entries(fields)) {
    const value = state[key];
    const plain = value === null || value === undefined ||
      (!(key in opened) && write(value) === (initial === null ? null : write(initial)));
    if (plain) query.delete(key);
    else query.set(key, write(value));
  }
  const silent = { ...state, ...fields.mode?.opening?.state };
  const isOther = Object.keys(silent).some((key) => !same(silent[key], state[key]));
  if (isOther && isSilent(fields, query.toString())) query.set("mode", state.mode);
  if (globalThis.tabOf(query) !== tab) query.set("tab", tab);
  if (fields[[...query.keys()].at(-1)]?.kind === "text") putLast(query, "tab");
  const address = new URL(globalThis.explorerAddress.href);
  address.search = query.toString().replaceAll("%2C", ",");
  globalThis.explorerAddress.write(address, { step: isStep });
}

/** Puts a key at the end of a query: signs that a sentence adds to a link would be taken for a text's own. */
function putLast(query, key) {
  const value = query.get(key);
  if (value === null) return;
  query.delete(key);
  query.append(key, value);
}

const tabButton = (tab) => document.querySelector(`#families [data-tab-id="${CSS.escape(tab)}"]`);

/** The tab that the address is about. */
const wantedTab = () => globalThis.tabOf(globalThis.explorerAddress.search);

/** The query string where it is about this tab, else none. @param {string} tab */
export const queryOf = (tab) => (wantedTab() === tab ? globalThis.explorerAddress.search : "");

/**
 * Reads what the address says and nobody understands; takes that out of the address and returns a sentence about it,
 * or none.
 * @param {string} tab @param {Record<string, Field>} fields @param {Store} store
 */
export function tidyAddress(tab, fields, store) {
  const { unknown, spelt } = oddIn(tab, fields, queryOf(tab));
  if (unknown.length || spelt.length) {
    writeAddress(tab, fields, store.get(), { steps: false, without: [...unknown, ...spelt] });
  }
  return passedOver(unknown);
}

/**
 * Keeps the address and the page's title in step with a tab's state while its stage is in sight, and the state in step
 * with the browser's history. The page itself keeps the open tab.
 * @param {HTMLElement} root @param {Store} store
 * @param {{tab: string, fields: Record<string, Field>, modes: ModeTitle[]}} kept the store's `mode` is one of the modes
 */
export function keepAddress(root, store, { tab, fields, modes }) {
  const isShown = () => root.clientWidth > 0;
  const name = () => {
    const mode = modes.find(({ id }) => id === store.get().mode);
    document.title = [mode.title, tabButton(tab)?.textContent.trim(), "Explorer"].filter(Boolean).join(" · ");
  };
  store.subscribe(null, (changed, { commit, state }) => {
    if (!(commit || changed.has("mode")) || !isShown()) return; // to ask has the page laid out
    if (commit) writeAddress(tab, fields, state);
    if (changed.has("mode")) name();
  });
  whenShown(root, (again) => {
    if (again) writeAddress(tab, fields, store.get(), { steps: false });
    name();
  });
  addEventListener("popstate", () => {
    if (wantedTab() === tab) store.commit(readAddress(fields));
  });
}

/**
 * Calls `work` when `root` is shown, and says whether it was hidden before: then other tabs have written the address.
 */
function whenShown(root, work) {
  let [shown, again] = [false, false];
  new ResizeObserver(() => {
    const wasShown = shown;
    shown = root.clientWidth > 0;
    if (shown && !wasShown) work(again);
    again ||= !shown;
  }).observe(root);
}

/** The choice of a name, which may be in other letters; a visitor's network joins the choices later. */
function choiceOf(choices, former, text) {
  const small = text.toLowerCase();
  const names = [...choices.map((choice) => [String(choice), choice]), ...former];
  const [, found] = names.find(([name]) => name === text) ?? names.find(([name]) => name.toLowerCase() === small) ?? [];
  return choices.find((choice) => String(choice) === String(found));
}

/** True if unpadded base64 of that length holds an even number of bytes. */
const isWhole = (length) => length % 4 !== 1 && Math.floor((length * 3) / 4) % 2 === 0;

function readReal(text, accepts) {
  if (!/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && accepts(value) ? value : undefined;
}

const short = (value) => String(Number(value.toPrecision(5)));

const writeReals = (values) => values.map(short).join(",");

/** Numbers with commas between them, each within the bounds of its place, if there are as many as wanted. */
function readReals(text, boundsAt, wanted) {
  const parts = text.split(",");
  if (!wanted(parts.length)) return undefined;
  const values = parts.map((part, i) => {
    const [low, high] = boundsAt(i);
    return readReal(part, within({ low, high }));
  });
  return values.includes(undefined) ? undefined : values;
}

/** Whole numbers from 0 with commas between them, if they are `wanted`. */
function readWholes(text, high, wanted) {
  if (!/^\d+(,\d+)*$/.test(text)) return undefined;
  const values = text.split(",").map(Number);
  return values.every((value) => value <= high) && wanted(values) ? values : undefined;
}
