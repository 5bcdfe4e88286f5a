/** The controls of a mode's panel, as Python declares them, and the request that follows from them. */

import { createClass } from "../image/class_choice.js";
import { h, numberBox, select, setName } from "../base/dom.js";
import { moreControls } from "./more.js";
import { segmented } from "./parts.js";
import { createSeed } from "./seed.js";
import { createSlider } from "./slider.js";
import { createPoints } from "../plane/points.js";

const PAUSE_MS = 600; // in typing, after which a text is asked about

const control = (label, ...parts) => h("div", { class: "control" }, h("span", { class: "label" }, label), parts);

const familyOf = ({ name, dataset }) => name.split(`-${dataset}`)[0];

const KINDS = {
  seed({ key, choose }, ctx) {
    const { element, update } = createSeed(ctx, { key, choose });
    return { element, set: update };
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
  number({ label, field, choose }) {
    const element = numberBox(label, { field, onchange: choose });
    return { element, set: element.set };
  },
  slider({ key, label, field, step, digits, live, options, choose }, { store }) {
    const words = (value) => options.find(([each]) => each === value)?.[1] ?? value.toFixed(digits);
    const onPreview = (value) => live && store.set({ [key]: value });
    const { element, set } = createSlider("", { field, step, words, label, onPreview, onRelease: choose });
    return { element: control(label, element), set };
  },
  text({ label, field, choose }) {
    const input = h("textarea", { rows: 3, maxlength: field.most, spellcheck: "false", "aria-label": label });
    let typing;
    const chosen = () => {
      clearTimeout(typing);
      choose(input.value);
    };
    input.addEventListener("change", chosen);
    input.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(chosen, PAUSE_MS);
    });
    const set = (value) => {
      if (document.activeElement !== input) input.value = value;
    };
    return { element: control(label, input), set };
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

const isWanted = (state, when) => Object.entries(when).every(([key, values]) => values.includes(state[key]));

/**
 * `declared` is what `Panel.to_props` says. `request()` is the question to the server: what a control that is out of
 * sight sets is as at first. `asks` are the keys of the address that ask again.
 * `others` are controls that only this mode has; they stand at the end of the rarer ones.
 */
export function createControls(ctx, declared, others = []) {
  const { store, fields } = ctx;
  const { asks } = declared;
  const [conditions, most, initial] = [{}, {}, {}];
  const made = [];

  function create(control) {
    const { key, kind, when, also } = control;
    const alsoOf = (value) => also.find(([each]) => each === value)?.[1];
    const choose = (value) =>
      store.commit({ ...(asks.includes(key) && declared.renews), ...alsoOf(value), [key]: value });
    const field = control.most === null ? fields[key] : { ...fields[key], high: control.most };
    const { element, set } = KINDS[kind]({ ...control, field, choose }, ctx);
    const place = Object.keys(when).length ? h("div", { class: "sometimes" }, element) : element;
    conditions[key] = when;
    made.push({ key, when, place, set });
    if (control.most !== null) most[key] = control.most;
    initial[key] = control.initial;
    return place;
  }

  const rowsOf = (rows) => rows.map((row) => h("div", { class: "row" }, row.map(create)));
  const element = h("div", { class: "controls" }, rowsOf(declared.controls));
  if (declared.more.length) element.append(moreControls(...rowsOf(declared.more), ...others));

  function valueIn(state, key) {
    const value = state[key] ?? initial[key] ?? null;
    return key in most ? Math.min(most[key], value) : value;
  }

  function request() {
    const state = store.get();
    const valueOf = (key) => isWanted(state, conditions[key] ?? {}) ? valueIn(state, key) : fields[key].initial;
    return Object.fromEntries(Object.entries(declared.request).map(([name, key]) => [name, valueOf(key)]));
  }

  function update() {
    const state = store.get();
    for (const { key, when, place, set } of made) {
      set(valueIn(state, key));
      if (Object.keys(when).length) place.hidden = !isWanted(state, when);
    }
  }

  return { element, asks, request, update };
}
