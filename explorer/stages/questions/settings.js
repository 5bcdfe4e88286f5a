/** One network in several settings, a row each from one noise: what a row costs, and how far it is from a reference. */

import { num } from "../kit/base/format.js";
import { apart } from "../kit/film/strip.js";
import { drawn, figuresIn, inSettings } from "./drawn.js";

export const isSame = (a, b = {}) => Object.entries(a).every(([key, value]) => b[key] === value);

/**
 * @typedef {object} OfRows
 * @property {() => Record<string, any>[]} settings the rows, as for `inSettings`
 * @property {string[]} kept keys of a request that the table has
 * @property {string} away what it calls the distance
 * @property {(settings: Record<string, any>) => Record<string, any>} referenceOf the row from which one is measured
 * @property {boolean} [toEnd] true if that is always from its last x
 * @property {(x: Frame["x"], reference: Frame["x"]) => number} distanceOf
 */

/**
 * Asks for such rows. Besides what `drawn` does, returns `found`, the cost of a finished row and its distance from its
 * reference at a tick, null before; `figuresOf` has these, and `captionOf` the progress of the rows that are asked for.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {OfRows & NonNullable<Parameters<typeof drawn>[1]>} how
 */
export function rowsOf(self, { settings, kept, away, referenceOf, toEnd = false, distanceOf, ...how }) {
  const { state } = self;
  const about = drawn(self, { familiesOf: inSettings(self, settings), ...how });
  const { race } = about;
  const figures = figuresIn(self);

  function found(wanted, tick = race.clock.ticks) {
    const done = race.runners(tick).filter(({ column }) => column.current.done);
    const doneOf = (asked) => done.find(({ column }) => isSame(asked, column.family.settings));
    const [row, reference] = [doneOf(wanted), doneOf(referenceOf(wanted))];
    if (!row) return null;
    const { evaluations, seconds, frames } = row.column.current;
    const other = toEnd ? reference?.column.current.frames.at(-1) : reference?.frame;
    const distance = row.frame && other ? distanceOf(row.frame.x, other.x) : null;
    return { evaluations, seconds, x: frames.at(-1).x, distance };
  }

  function figuresOf({ family: { settings = {} }, film }) {
    const row = film?.done ? found(settings, race.shown.value) : null;
    const isReference = isSame(referenceOf(settings), settings);
    const cost = row ? row.evaluations.toLocaleString("en") : film ? "drawing…" : "–";
    const distance = row?.distance ? num(row.distance) : ""; // none before the reference is there
    return figures({ cost, seconds: row?.seconds, away: row && isReference ? "reference" : distance });
  }

  function table() {
    const { seed, net, mode } = state;
    const all = race.columns.value.flatMap(({ family, request }) => {
      const row = request && found(family.settings);
      return row ? [[...kept.map((key) => request[key]), seed, row.evaluations, row.seconds, row.distance]] : [];
    });
    return all.length
      ? { name: `${net}-${mode}`, rows: [[...kept, "seed", "evaluations", "seconds", away], ...all] }
      : null;
  }
  return { ...about, found, figuresOf, captionOf: rowsCaption(race), table };
}

/** Progress of the rows that are asked for, on a clock of times. @param {import("./race.js").Race} race */
export const rowsCaption = ({ clock, columns, finished }) => (tick) => {
  const asked = columns.value.filter(({ request }) => request).length;
  if (tick === 0) return "All rows start from the same x₁₀₀₀";
  if (clock.timeOf(tick) > 0) return `t = ${clock.timeOf(tick)}`;
  return finished.value.length === asked ? "Finished" : `${finished.value.length} of ${asked} rows drawn`;
};

/** Distance between two rows of so many images. @param {number} count */
export const apartBy = (count) => (x, reference) => apart(x, reference, count);
