/** The controls of a mode's panel, as Python declares them, and the request that follows from them. */

import { createClass } from "../image/class_choice.js";
import { button, fill, h, numberBox, select, setName, setText } from "../base/dom.js";
import { changesOf, plainText } from "../base/plain_text.js";
import { moreControls } from "./more.js";
import { segmented } from "./parts.js";
import { createSeed } from "./seed.js";
import { createSlider } from "./slider.js";
import { createPoints } from "../plane/points.js";

const PAUSE_MS = 600; // in typing, after which a text is asked about

const control = (label, ...parts) => h("div", { class: "control" }, h("span", { class: "label" }, label), parts);

const familyOf = ({ name, dataset }) => name.split(`-${dataset}`)[0];

/** The compared networks that draw images. */
export const makersOf = (columns) =>
  columns.filter(({ error, space }) => !error && space !== "plane" && space !== "colour");

const KINDS = {
  seed({ key, label, choose }, ctx) {
    const how = { key, choose, words: label || undefined, onRetry: () => ctx.again() };
    const { element, update, again, failed } = createSeed(ctx, how);
    return { element, set: update, again, failed };
  },
  class({ initial }, ctx) {
    const { element, update } = createClass(ctx, { initial: initial ?? undefined });
    return { element, set: update };
  },
  points({ label }, ctx) {
    const { element, update } = createPoints(ctx, label);
    return { element, set: update };
  },
  /** The family in the name of a network; its data set stays. */
  family({ label, options }, { store, net }) {
    const few = segmented(label, options, (family) => store.commit({ net: `${family}-${net().dataset}` }));
    return { element: control(label, few), set: () => few.set(familyOf(net())) };
  },
  /** The data set in the name of a network; its family stays. */
  dataset({ label, options }, { store, net }) {
    const few = segmented(label, options, (dataset) => store.commit({ net: `${familyOf(net())}-${dataset}` }));
    return { element: control(label, few), set: () => few.set(net().dataset) };
  },
  /** The family of a compared network that draws images, or all of them. */
  maker({ label, options: [[, all]], choose }, { columns }) {
    const element = select(label, [], "", (family) => choose(family || null));
    const { input } = element;
    let shown = "";
    const set = (chosen) => {
      const makers = makersOf(columns());
      const options = [["", all], ...makers.map(({ family, title }) => [family, title])];
      if (shown !== (shown = JSON.stringify(options))) {
        fill(input, options.map(([value, text]) => h("option", { value }, text)));
      }
      input.value = makers.some(({ family }) => family === chosen) ? chosen : "";
    };
    return { element, set };
  },
  /** The second of two values while a button is pressed. */
  toggle({ key, label, options: [[off], [on, words]], choose }, { store }) {
    const element = button(words, () => choose(store.get()[key] === on ? off : on), {
      title: label || null,
      pressed: false,
    });
    return { element, set: (value) => element.setAttribute("aria-pressed", String(value === on)) };
  },
  number({ label, field, choose }) {
    const element = numberBox(label, { field, onchange: choose });
    return { element, set: element.set };
  },
  slider({ key, label, field, step, digits, live, options, choose, preview }, { store }) {
    const words = (value) => options.find(([each]) => each === value)?.[1] ?? value.toFixed(digits);
    const onPreview = (value) => live ? store.set({ [key]: value }) : preview(key, value);
    const { element, set } = createSlider("", { field, step, words, label, onPreview, onRelease: choose });
    return { element: control(label, element), set };
  },
  text({ label, field, choose }) {
    const input = h("textarea", { rows: 3, maxlength: field.most, spellcheck: "false", "aria-label": label });
    const changed = h("span", { class: "wanted", role: "status" });
    let typing;
    const chosen = ({ rest = true } = {}) => {
      clearTimeout(typing);
      const plain = plainText(input.value);
      setText(changed, changesOf(input.value));
      if (rest) input.value = plain;
      choose(plain);
    };
    input.addEventListener("change", () => chosen());
    input.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => chosen({ rest: false }), PAUSE_MS);
    });
    const set = (value) => {
      if (document.activeElement === input) return;
      if (input.value !== value) setText(changed, "");
      input.value = value;
      if (plainText(value) !== value) chosen(); // an address may bring other characters
    };
    return { element: control(label, input, changed), set };
  },
  list({ label, options, choose }) {
    const valueOf = (text) => options.find(([value]) => String(value) === text)?.[0] ?? Number(text);
    const element = select(label, options, "", (text) => choose(valueOf(text)));
    const { input } = element;
    const set = (value) => {
      input.value = value;
      if (input.value === String(value)) return;
      input.append(h("option", { value }, String(value))); // the address may bring another number
      input.value = value;
    };
    return { element, set };
  },
  segments({ label, options, first, choose }) {
    const few = segmented(label, options.slice(0, first), choose);
    if (first >= options.length) return { element: control(label, few), set: few.set };
    const others = options.slice(first);
    const more = select("or", [["", "another"], ...others], "", (value) => value && choose(value));
    setName(more.input, `Another ${label.toLowerCase()}`);
    const set = (value) => {
      few.set(value);
      more.input.value = others.some(([each]) => each === value) ? value : "";
    };
    return { element: control(label, few, more), set };
  },
};

const isWanted = (when, { store, net }) => {
  const state = store.get();
  return Object.entries(when).every(([key, values]) => values.includes(key in state ? state[key] : net?.()[key]));
};

/** Value of a key of the address, by its control if it has one. */
function valueOf({ store }, key, { initial = null, most = null } = {}) {
  const value = store.get()[key] ?? initial;
  return most === null ? value : Math.min(most, value);
}

/**
 * True if the network in use is one that a panel is about: of its networks, and of points where a control chooses these.
 * A mode that is entered again may find another one, until it takes its own.
 */
export function isAbout({ store, net }, { nets, controls, more }) {
  const isOfPoints = [...controls, ...more].flat().some(({ kind }) => kind === "points");
  return (!nets.length || nets.includes(store.get().net)) && (!isOfPoints || Boolean(net().points));
}

/** Question to the server that a panel declares: what a control that is out of sight sets is as at first. */
export function requestOf(ctx, { request, controls, more }) {
  const all = Object.fromEntries([...controls, ...more].flat().map((control) => [control.key, control]));
  const asked = (key) => isWanted(all[key]?.when ?? {}, ctx) ? valueOf(ctx, key, all[key]) : ctx.fields[key].initial;
  return Object.fromEntries(Object.entries(request).map(([name, key]) => [name, asked(key)]));
}

/**
 * `declared` is the result of `Panel.to_props`. `asks` are the keys of the address that ask again, and `seed` is the
 * control of a seed. `onPreview(key, value)` is called while a slider that is not live is dragged. `others` are
 * controls that only this mode has; they stand at the end of the rarer ones.
 */
export function createControls(ctx, declared, others = []) {
  const { store, fields } = ctx;
  const { asks } = declared;
  const made = [];
  /** @type {{asks: string[], seed: any, request: () => Record<string, any>, onPreview: (key: string, value: number) => void}} */
  const all = { asks, seed: null, request: () => requestOf(ctx, declared), onPreview: () => {} };

  function create(control) {
    const { key, kind, when, also } = control;
    const alsoOf = (value) => also.find(([each]) => each === value)?.[1];
    const choose = (value) =>
      store.commit({ ...(asks.includes(key) && declared.renews), ...alsoOf(value), [key]: value });
    const field = control.most === null ? fields[key] : { ...fields[key], high: control.most };
    /** @param {[key: string, value: number]} what */
    const preview = (...what) => all.onPreview(...what);
    const part = KINDS[kind]({ ...control, field, choose, preview }, ctx);
    const { element, set } = part;
    if (kind === "seed") all.seed = part;
    const place = Object.keys(when).length ? h("div", { class: "sometimes" }, element) : element;
    made.push({ control, place, set });
    return place;
  }

  const rowsOf = (rows) => rows.map((row) => h("div", { class: "row" }, row.map(create)));
  const element = h("div", { class: "controls" }, rowsOf(declared.controls));
  if (declared.more.length) element.append(moreControls(...rowsOf(declared.more), ...others));

  function update() {
    for (const { control, place, set } of made) {
      set(valueOf(ctx, control.key, control));
      if (Object.keys(control.when).length) place.hidden = !isWanted(control.when, ctx);
    }
  }

  return Object.assign(all, { element, update });
}
