/** One network in several settings, a row each from one noise: what a row costs, and how far it is from a reference. */

import { num } from "../kit/base/format.js";
import { apart } from "../kit/film/strip.js";
import { Drawn, withSettings } from "./drawn.js";

export const isSame = (a, b = {}) => Object.entries(a).every(([key, value]) => b[key] === value);

/** @typedef {{leads?(): FigureRow[], referenceOf?(settings: Record<string, any>): Record<string, any>}} OfRows of a subclass */

export class OfSettings extends Drawn {
  /**
   * `settings` are the rows, as for `withSettings`; `kept` the keys of a request that the table has, and `away` what it
   * calls the distance. With a `clock` of times, the caption says them. A subclass says `referenceOf(settings)`, the row
   * from which one is measured, always from its last x if `toEnd`, and `leads()`, the rows of the headline.
   * @param {Ctx} ctx
   * @param {{settings: any, kept?: string[], away?: string, clock?: any} & Record<string, any>} how
   */
  constructor(ctx, { settings, kept = [], away = "", clock, ...how }) {
    super(withSettings(ctx, settings), {
      leading: (rows) => (rows.length ? /** @type {OfSettings & OfRows} */ (this).leads() : []),
      frames: Infinity,
      ...(clock && { clock, captionOf: (tick) => this.captionOf(tick) }),
      ...how,
    });
    /** @type {string[]} */
    this.kept;
    /** @type {string} */
    this.away;
    Object.assign(this, { kept, away });
  }

  toEnd = false;

  distanceOf(x, reference) {
    return apart(x, reference, this.race.count);
  }

  /** Cost of a finished row, and its distance from its reference at a tick; null before. */
  found(wanted, tick = this.race.clock.ticks) {
    const rows = this.race.runners(tick).filter(({ column }) => column.film.done);
    const rowOf = (asked) => rows.find(({ column }) => isSame(asked, column.family.settings));
    const [row, reference] = [
      rowOf(wanted),
      rowOf(/** @type {OfSettings & OfRows} */ (this).referenceOf(wanted)),
    ];
    if (!row) return null;
    const { evaluations, seconds, frames } = row.column.film;
    const other = this.toEnd ? reference?.column.film.frames.at(-1) : reference?.frame;
    const distance = row.frame && other ? this.distanceOf(row.frame.x, other.x) : null;
    return { evaluations, seconds, x: frames.at(-1).x, distance };
  }

  figuresOf({ family: { settings = {} }, film }) {
    const found = film?.done ? this.found(settings, this.race.shown) : null;
    const isReference = isSame(/** @type {OfSettings & OfRows} */ (this).referenceOf(settings), settings);
    const cost = found ? found.evaluations.toLocaleString("en") : film ? "drawing…" : "–";
    const distance = found?.distance ? num(found.distance) : ""; // none before the reference is there
    return this.figures({ cost, seconds: found?.seconds, away: found && isReference ? "reference" : distance });
  }

  /** Progress of the rows that are asked for. */
  captionOf(tick) {
    const { clock, finished, columns } = this.race;
    const asked = columns.filter(({ request }) => request).length;
    if (tick === 0) return "All rows start from the same x₁₀₀₀";
    if (clock.timeOf(tick) > 0) return `t = ${clock.timeOf(tick)}`;
    return finished.length === asked ? "Finished" : `${finished.length} of ${asked} rows drawn`;
  }

  table() {
    const { seed, net, mode } = this.ctx.store.get();
    const rows = this.race.columns.flatMap(({ family: { settings }, request }) => {
      const found = request && this.found(settings);
      if (!found) return [];
      return [[...this.kept.map((key) => request[key]), seed, found.evaluations, found.seconds, found.distance]];
    });
    if (!rows.length) return null;
    return { name: `${net}-${mode}`, rows: [[...this.kept, "seed", "evaluations", "seconds", this.away], ...rows] };
  }
}
