/**
 * A mode whose film brings a `report` of each frame: it has numbers, words, a caption, a row of the table or
 * several, and what `Curves` in Python says of its charts.
 */

import { headline } from "../panel/more.js";
import { Curves } from "./curves.js";
import { PanelFilm } from "./panel_film.js";

/** A subclass says `draw(at)`, and calls `open` once. */
export class ReportFilm extends PanelFilm {
  constructor(ctx, mode) {
    super(ctx, mode);
    this.heads = ctx.value().heads[mode].map((name) => [name, "–", ""]);
    this.numbers = headline(this.heads, 0);
    this.curves = new Curves(ctx, this.declared.shows?.curves ?? [], (at, rest) => this.moveTo(at, rest));
  }

  /** Sentence and figures of a frame on screen: of another one where that is watched. */
  reportOf(at) {
    return this.drawn.frames[at].report;
  }

  stateOf(at) {
    return this.isShare ? super.stateOf(at) : { [this.placed]: at === this.drawn.total - 1 ? null : at };
  }

  captionOf(at) {
    return this.drawn.frames[at].report.caption;
  }

  words(at) {
    return this.reportOf(at).words;
  }

  draw(at) {
    this.numbers.set(this.reportOf(at).numbers);
    this.curves.show(this.drawn.frames, at);
  }

  /** Stops the film at the frame under the pointer, or at the newest. */
  moveTo(at, rest) {
    if (!this.drawn) return;
    this.film.pause();
    this.ctx.store.set(this.stateOf(Math.max(0, Math.min(this.last, at))), { commit: rest });
  }

  /** Rows that a frame adds to the table. */
  rowsAt(at) {
    return [this.drawn.frames[at].report.row ?? this.reportOf(at).row ?? []].flat();
  }

  hasResult(what) {
    return super.hasResult() && (what !== "table" || this.rowsAt(this.last).length > 0);
  }

  table() {
    const rows = this.drawn?.frames.flatMap((_, at) => this.rowsAt(at)) ?? [];
    if (!rows.length) return null;
    return { name: this.declared.ask, rows: [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))] };
  }
}
