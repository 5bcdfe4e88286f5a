/** Where the parts of an exhibit stand. */

import { h } from "../base/dom.js";

/** Elements of the grids of a place: "main", "side" or "panel". */
export const gridsAt = ({ imageGrids }, place) =>
  imageGrids.filter((each) => each.place === place).map(({ grid }) => grid.element);

/** Elements of a strip. */
const elementsOf = ({ title, strip }) => [title, strip.element];

/** Elements of an exhibit, with those of its subclass, `own`, above the charts. */
export function laidOut(exhibit, own) {
  const { mode, shows, strips, bars, details, matrixChart, mainSlider } = exhibit;
  const charts = exhibit.charts.map(({ element }) => element);
  const many = strips.filter(({ strip }) => strip.count > 2).flatMap(elementsOf);
  for (const each of [...charts, ...many]) each.classList.add("result"); // kept until a prediction
  const under = mainSlider && h("div", { class: "under" }, mainSlider.element);
  const matrix = matrixChart?.element;
  const main = [...gridsAt(exhibit, "main"), under, !shows.beside && matrix].filter(Boolean);
  const told = [shows.beside && matrix, bars?.element, shows.details && details];
  const side = [...own, ...charts, ...told].filter(Boolean);
  const rows = strips.flatMap(elementsOf);
  const [left, right] = main.length ? [main, [...side, ...rows]] : [side, rows];
  const aside = gridsAt(exhibit, "side");
  const laid = shows.beside
    ? [h("div", {}, left), h("div", {}, right)]
    : [h("div", {}, left, right), aside.length > 0 && h("div", {}, aside)];
  return h("div", { class: `exhibit${shows.beside ? " two" : ""}`, "data-mode": mode }, laid);
}
