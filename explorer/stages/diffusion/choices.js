/** What the network is asked for, as far as several modes let a visitor choose it: the class, and the number of steps. */

import { fill, h, numberBox, select } from "../shared/dom.js";
import { STRONGEST } from "./fields.js";
import { createSlider } from "./slider.js";

const ANY = "any";
const MANY = 100;

/** The steps of a film that is drawn several times over: those chosen, but at most a hundred. */
export const few = (steps) => Math.min(MANY, steps);

/** The class; `initial` stands there while none is chosen, "any" unless it is given. */
export function createClass(ctx, { initial = ANY } = {}) {
  const { store } = ctx;
  const element = select("Class", [], "", (value) => store.set({ label: value === ANY ? null : +value }, { commit: true }));
  let shown = null;
  const update = () => {
    const { name, classes } = ctx.net();
    if (name !== shown) fill(element.input, initial === ANY && h("option", { value: ANY }, ANY), classes.map((text, i) => h("option", { value: i }, text)));
    shown = name;
    element.input.value = String(store.get().label ?? initial);
  };
  return { element, update };
}

/** The guidance scale, where a class is chosen. */
export function createScale({ store }) {
  const words = (value) => `w = ${Number(value.toFixed(2))}`;
  const onRelease = (w) => store.set({ w }, { commit: true });
  const { element, set } = createSlider("", { min: 0, max: STRONGEST, step: 0.25, words, label: "Guidance scale w", onRelease });
  const update = () => {
    const { label, w } = store.get();
    element.hidden = label === null;
    set(w);
  };
  return { element, update };
}

/** How many steps of DDIM. */
export function createSteps({ store }) {
  const element = numberBox("Steps", { min: 1, max: MANY, onchange: (steps) => store.set({ steps }, { commit: true }) });
  return { element, update: () => element.set(few(store.get().steps)) };
}
