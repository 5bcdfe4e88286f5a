/** The parts of an exhibit: each shows its part of the answer, and where they stand. */

import { fill, h, setText } from "../base/dom.js";
import { num } from "../base/format.js";
import { shows, whenever } from "../base/live.js";
import { untracked } from "../base/vendor/signals-core.js";
import { Bars } from "../chart/bars.js";
import { Chart } from "../chart/chart.js";
import { Matrix } from "../chart/matrix.js";
import { Strip } from "../film/strip.js";
import { ImageGrid } from "../image/grid.js";
import { numberTable } from "./parts.js";
import { keySlider } from "./slider.js";

/**
 * @typedef {import("./mode.js").Self} Self
 *
 * @typedef {object} Answer what the parts show
 * @property {{value: any}} shown the shown part of the answer
 * @property {{value: any, peek: () => any}} value the answer
 * @property {(text: string | string[]) => Uint8Array} bytesOf images of one text, or of a list of them
 * @property {(key: string) => any} now the chosen value of a field
 * @property {(key: string, place: number, how: {rest?: boolean, up?: number}) => void} drag
 */

/** Has a part in sight while there is something for it, and shows that. */
function sometimes(part, what) {
  whenever(() => {
    const now = what();
    part.element.hidden = !now;
    if (now) untracked(() => part.show(now));
  });
  return part;
}

/**
 * Makes the parts that Python declares, as `Shows.to_props` says.
 * @param {Self} self @param {Answer} answer
 */
export function createParts(self, answer) {
  const { shows: declared } = self.declared;
  const { shown } = answer;
  return {
    charts: chartsOf(self, answer),
    strips: declared.strips.map((each, k) => stripOf(self, answer, each, k)),
    bars: declared.bars && sometimes(new Bars(declared.bars), () => shown.value?.bars),
    details: declared.details && detailsOf(shown),
    grids: gridsOf(self, answer),
    matrix: declared.matrix && shows(new Matrix(self.ctx, declared.matrix), () => shown.value?.matrix),
    slider: declared.slider && sliderOf(self, answer),
  };
}

function chartsOf({ ctx, declared }, { shown, drag }) {
  return declared.shows.charts.map(({ label, height, sets }, k) => {
    const chart = new Chart(ctx, { label, height, onMove: sets && ((place, how) => drag(sets, place, how)) });
    if (sets) chart.canvas.tabIndex = 0; // for the keys
    return sometimes(chart, () => shown.value?.charts?.[k]);
  });
}

function gridsOf({ ctx, declared }, { shown, bytesOf }) {
  return declared.shows.grids.map((layout, k) => {
    const onChoose = layout.sets ? (place) => ctx.store.commit({ [layout.sets]: place }) : null;
    const grid = new ImageGrid({ ...layout, onChoose });
    const show = (now) => grid.show({ ...now, bytes: bytesOf(now.images) });
    sometimes({ element: grid.element, show }, () => shown.value?.grids?.[k]);
    return { ...layout, grid };
  });
}

/** A row of images under its name; if an image sets something, a click does so. */
function stripOf({ ctx }, { shown, value, bytesOf }, [count, size, sets], k) {
  const [title, strip] = [h("h2"), new Strip("", count, size)];
  strip.canvas.addEventListener("click", (event) => {
    const row = sets && value.peek()?.strips[k];
    if (row) ctx.store.commit(row.sets[strip.placeAt(event)]);
  });
  whenever(() => {
    const { name = "", images, says, at } = shown.value?.strips?.[k] ?? {};
    setText(title, name);
    title.hidden = !name;
    strip.element.hidden = !images;
    strip.label = name || says;
    if (images) strip.show(bytesOf(images), says);
    if (at !== undefined) strip.mark(at);
  });
  return { title, strip };
}

/** The main control, under the images. */
function sliderOf({ ctx, declared }, { now, value }) {
  const { key, label, step, digits } = declared.shows.slider;
  const slider = keySlider(ctx, key, label, { step, words: (value) => num(value, digits), live: true });
  whenever(() => value.value && slider.set(now(key)));
  return h("div", { class: "under" }, slider.element);
}

function detailsOf(shown) {
  const name = "Every figure";
  const element = h("div", { class: "details with-numbers", tabindex: 0, role: "region", "aria-label": name });
  whenever(() => {
    const { head, rows } = shown.value?.details ?? {};
    if (head) fill(element, numberTable(name, head, rows));
  });
  return element;
}

/** Elements of the grids of a place: "main", "side" or "panel". */
export const gridsAt = ({ grids }, place) =>
  grids.filter((each) => each.place === place).map(({ grid }) => grid.element);

/** The parts as they stand in the picture, with a mode's `own` elements above the charts. @param {Self} self */
export function laidOut({ id, declared: { shows } }, parts, own) {
  const elementsOf = ({ title, strip }) => [title, strip.element];
  const { strips, matrix } = parts;
  const charts = parts.charts.map(({ element }) => element);
  const many = strips.filter(({ strip }) => strip.count > 2).flatMap(elementsOf);
  for (const each of [...charts, ...many]) each.classList.add("result"); // kept until a prediction
  const main = [...gridsAt(parts, "main"), parts.slider, !shows.beside && matrix].filter(Boolean);
  const told = [shows.beside && matrix, parts.bars?.element, parts.details];
  const side = [...own, ...charts, ...told].filter(Boolean);
  const rows = strips.flatMap(elementsOf);
  const [left, right] = main.length ? [main, [...side, ...rows]] : [side, rows];
  const aside = gridsAt(parts, "side");
  const laid = shows.beside
    ? [h("div", {}, left), h("div", {}, right)]
    : [h("div", {}, left, right), aside.length > 0 && h("div", {}, aside)];
  return h("div", { class: `exhibit${shows.beside ? " two" : ""}`, "data-mode": id }, laid);
}
