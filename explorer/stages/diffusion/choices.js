/**
 * What the network is asked for, as far as several modes let a visitor choose it: the guidance, and the number of
 * steps.
 */

import { numberBox } from "../kit/shell/dom.js";
import { createSlider } from "../kit/shell/slider.js";

const MANY = 100;

/** The steps of a film that is drawn several times over: those chosen, but at most a hundred. */
export const few = (steps) => Math.min(MANY, steps);

/** The guidance scale, where a class is chosen. */
export function createScale({ store, fields }) {
  const words = (value) => `w = ${Number(value.toFixed(2))}`;
  const onRelease = (w) => store.commit({ w });
  const { element, set } = createSlider("", {
    field: fields.w,
    step: 0.25,
    words,
    label: "Guidance scale w",
    onRelease,
  });
  const update = () => {
    const { label, w } = store.get();
    element.hidden = label === null;
    set(w);
  };
  return { element, update };
}

/** How many steps of DDIM. */
export function createSteps({ store, fields }) {
  const element = numberBox("Steps", {
    field: { ...fields.steps, high: MANY },
    onchange: (steps) => store.commit({ steps }),
  });
  return { element, update: () => element.set(few(store.get().steps)) };
}
