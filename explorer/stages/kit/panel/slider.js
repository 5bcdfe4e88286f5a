/** A labelled slider beside its number: a preview while it is dragged, the value when it is released. */

import { h, setText } from "../base/dom.js";

/**
 * @param {string} name what stands before the slider
 * @param {{field: Pick<Field, "low" | "high" | "help">, step: number, words: (value: number) => string,
 *   label?: string, onPreview?: (value: number) => void, onRelease: (value: number) => void}} how
 *   `words` is the value as text; `label` is the name for a screen reader, where a symbol stands on screen
 */
export function createSlider(name, { field, step, words, label = name, onPreview = () => {}, onRelease }) {
  const { low: min, high: max, help: title } = field;
  const input = h("input", { type: "range", min, max, step, title, "aria-label": label });
  const output = h("output", { class: "number" });
  const show = (value) => {
    setText(output, words(value));
    input.setAttribute("aria-valuetext", words(value));
  };
  input.addEventListener("input", () => {
    show(+input.value);
    onPreview(+input.value);
  });
  input.addEventListener("change", () => onRelease(+input.value));
  const set = (value) => {
    if (+input.value !== value) input.value = value;
    show(value);
  };
  return { element: h("div", { class: "slider" }, h("span", {}, name), input, output), input, set };
}

/**
 * A slider for a key of the store, which it sets when it is released; if `live`, also while it is dragged.
 * @param {Pick<Ctx, "store" | "fields">} ctx @param {string} key @param {string} name
 * @param {{step: number, words: (value: number) => string, live?: boolean, label?: string,
 *   onPreview?: (value: number) => void}} how
 */
export function keySlider({ store, fields }, key, name, { live = false, ...how }) {
  return createSlider(name, {
    field: fields[key],
    onPreview: (value) => live && store.set({ [key]: value }),
    onRelease: (value) => store.commit({ [key]: value }),
    ...how,
  });
}
