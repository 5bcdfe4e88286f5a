/** Beside the plane: what its marks mean, and the numbers at the cursor and at this level. */

import { h } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf } from "../kit/panel/says.js";
import { colourOf } from "../kit/plane/field_paint.js";
import { createLegend } from "../kit/plane/legend.js";

const KEYS = [
  ["━", "exact score", ({ quiet }) => quiet],
  ["→", "network's score", ({ ink }) => ink],
  ["▓", "density of noisy data", ({ quiet }) => quiet],
];
const DROPPED = ["○", "dropped noise", ({ you }) => you];
const WALKED = {
  sde: ["■", "reverse SDE", (colours) => colourOf("sde", colours)],
  ode: ["●", "probability-flow ODE", (colours) => colourOf("ode", colours)],
};
const NOTE = "Arrows are −ε̂, the score times √(1 − ᾱ); longer ones than 3 are cut. The shade is the density.";
const [CLOSE, FAR] = [0.05, 0.5];

/** Facts of a toy's field at a time and at the cursor; `level` is null before the first level. */
export function reportOf({ says }, level, cursor) {
  if (!level) return { cursor };
  const { t, alpha, difference } = level;
  const [probe, ratio] = [level.probe(cursor), Math.sqrt(difference.error / difference.size)];
  const verdict = says[ratio < CLOSE ? "close" : ratio < FAR ? "near" : "far"];
  const gap = Math.hypot(...probe.learned.map((value, i) => value - probe.exact[i]));
  const both = { learned: [...probe.learned], exact: [...probe.exact] };
  const shares = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
  return {
    cursor,
    t,
    difference,
    verdict,
    gap,
    shares,
    probe: { ...probe, ...both },
    deviation: shares[1],
    off: 100 * ratio,
  };
}

export function createFieldSide(ctx, declared) {
  const legend = createLegend(ctx);
  const numbers = headline(figuresOf(declared, { cursor: [0, 0] }), 0);
  const note = h("p", { class: "note with-words" }, NOTE);

  /** `scene` is what the plane shows; the legend has its marks alone. */
  function show(report, { drops, ways }) {
    const walked = drops.length ? [DROPPED, ...ways.map((way) => WALKED[way])] : [];
    legend.show([...KEYS, ...walked]);
    numbers.set(figuresOf(declared, report));
  }

  return { element: h("div", { class: "beside-side" }, numbers, legend.element, note), show };
}
