/** Beside the plane: what its marks mean, and the numbers at the cursor and at this level. */

import { h } from "../kit/shell/dom.js";
import { brief, num, pair } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { share } from "./field_words.js";
import { colourOf } from "../kit/plane/field_paint.js";
import { createLegend } from "../kit/plane/legend.js";

const KEYS = [
  ["━", "exact score", ({ quiet }) => quiet],
  ["→", "the network's", ({ ink }) => ink],
  ["○", "dropped noise", ({ you }) => you],
  ["■", "reverse SDE", (colours) => colourOf("sde", colours)],
  ["●", "probability-flow ODE", (colours) => colourOf("ode", colours)],
];
const NOTE = "Arrows are −ε̂, the score times √(1 − ᾱ); longer ones than 3 are cut. The shade is the density.";

const APART = 4; // the headline among the rows

export function createFieldSide(ctx) {
  const legend = createLegend(ctx);
  const numbers = headline(rows(null, [0, 0]), APART);
  const note = h("p", { class: "note with-words" }, NOTE);

  /** `level` is a toy's field at a time, or null while there is none. */
  function show(level, cursor) {
    legend.show(KEYS);
    numbers.set(rows(level, cursor));
  }

  return { element: h("div", { class: "beside-side" }, numbers, legend.element, note), show };
}

function rows(level, cursor) {
  const probe = level?.probe(cursor);
  const found = level?.difference;
  const gap = probe && Math.hypot(probe.learned[0] - probe.exact[0], probe.learned[1] - probe.exact[1]);
  return [
    ["cursor", pair(cursor)],
    ["log p at t", num(probe?.logP), "nats"],
    ["ε̂, the network's", probe ? pair(probe.learned) : "–"],
    ["−√(1−ᾱ) ∇log p", probe ? pair(probe.exact) : "–"],
    ["‖ε̂ − ε*‖ at the cursor", num(gap, 3)],
    ["√ᾱ, √(1−ᾱ)", level ? pair([Math.sqrt(level.alpha), Math.sqrt(1 - level.alpha)], 3) : "–"],
    ["mean ‖ε̂ − ε*‖²", found ? brief(found.error) : "–"],
    ["of mean ‖ε*‖²", found ? brief(found.size) : "–"],
    ["so off by", found ? num(100 * share(found), 1) : "–", "%"],
  ];
}
