/** Controls of drawing an image: seed, class, pixel order, temperature, and whether one or sixteen. */

import { fill, h, select } from "../kit/base/dom.js";
import { keySegments } from "../kit/panel/parts.js";
import { createSeed } from "../kit/panel/seed.js";
import { createSlider } from "../kit/panel/slider.js";

const STEP = 0.05;
const ANY = "any";
/** The pixel orders of a MADE. */
const ORDERS = ["rows", "columns", "rows, back", "columns, back"];

/** Temperature as text. */
export const formatT = (value) => String(Number(value.toFixed(2)));

/**
 * `grid` offers sixteen at once; `.again` is the button that draws another, to be disabled while the server works, and
 * `.failed(on)` shows one that calls `onRetry`.
 */
export function createControls(ctx, { grid = false, onPreview = () => {}, onRetry = () => {} } = {}) {
  const { store } = ctx;
  const { commit } = store;
  const seed = createSeed(ctx, { onRetry });
  const choice = h("div", { class: "row" });
  const count = keySegments(ctx, "grid", "How many", [[1, "1"], [16, "16"]]);
  const temperature = createSlider("Temperature", {
    ...{ field: ctx.fields.T, step: STEP, words: formatT, label: "Temperature T", onPreview },
    onRelease: (T) => commit({ T }),
  });
  if (grid) seed.element.append(count);
  const element = h(
    "div",
    { class: "controls" },
    seed.element,
    h("div", { class: "row" }, choice, temperature.element),
  );
  let shown = null;

  function choose(net) {
    const { family, classes, orders } = net;
    const made = family === "made";
    shown = net.name;
    const names = made
      ? ORDERS.slice(0, orders).map((name, i) => [String(i), name])
      : [[ANY, ANY], ...classes.map((name, i) => [String(i), name])];
    const onchange = (value) => commit(made ? { order: +value } : { label: value === ANY ? null : +value });
    const box = select(made ? "Order" : "Class", names, "", onchange);
    fill(choice, box);
    return box.input;
  }

  let box = null;
  /** `whole` is false where an image is not drawn but scored: then class and order are all that counts. */
  function update(whole = true) {
    seed.element.hidden = temperature.element.hidden = !whole;
    const state = store.get();
    const net = ctx.net();
    if (net.name !== shown) box = choose(net);
    box.value = net.family === "made" ? String(state.order) : state.label === null ? ANY : String(state.label);
    seed.update();
    count.set(state.grid);
    temperature.set(state.T);
  }

  return { element, update, again: seed.again, failed: seed.failed };
}
