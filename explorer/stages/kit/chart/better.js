/** One rule for all that is compared: when one figure is measured to be better than another. */

/**
 * How many standard errors hold 95 in 100 differences by chance: of many images, or of the means over so many seeds
 * each.
 */
const SURE = 2;
const STUDENT = { 2: 4.3, 3: 2.8, 4: 2.4, 5: 2.3 };

/** What the rule says of bounds, wherever bounds stand beside exact values. */
export const BOUNDS =
  "An upper bound below another family's exact value means better; otherwise a bound decides nothing.";

/** A value held to what real images reach: nothing is better than they are. */
const held = (
  { value, floor },
  better,
) => (floor === undefined ? value : better === "least" ? Math.max(value, floor) : Math.min(value, floor));

/** How much may be chance in the difference of two figures. */
const doubt = (first, second) =>
  (STUDENT[first.seeds ?? second.seeds] ?? SURE) * Math.hypot(first.se ?? 0, second.se ?? 0);

/** Whether two values are closer together than their standard errors can tell. */
export const isNear = (first, second) => Math.abs(first.value - second.value) <= doubt(first, second);

/** True of a bound and of an ODE's estimate of one: the truth may lie on its better side. */
export const isBounded = ({ kind, solver }) => kind === "bound" || Number.isFinite(solver);

/**
 * Whether the first figure is measured to be better than the second, of the same pixels: {value, se, kind, floor}.
 *
 * `better` is the side that is better, the "least" or the "most".
 */
export function isBetter(first, second, better) {
  const gain = held(first, better) - held(second, better);
  return !isBounded(second) && (better === "least" ? -gain : gain) > doubt(first, second);
}
