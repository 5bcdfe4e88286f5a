/** The film of a mode whose frames bring a `report` each: numbers, words, a caption, rows of the table, and charts. */

import { fill, h } from "../base/dom.js";
import { shows, whenever } from "../base/live.js";
import { computed, untracked } from "../base/vendor/signals-core.js";
import { isAbout, requestOf } from "../panel/controls.js";
import { headline } from "../panel/more.js";
import { askedFrames } from "./asked.js";
import { Curves } from "./curves.js";

/**
 * @typedef {import("../panel/mode.js").Self} Self
 * @typedef {import("./asked.js").Frame} Frame
 *
 * @typedef {object} Reported
 * @property {() => string | null | undefined} [nothing] words in place of a film; the film is hidden then
 * @property {(frame: Frame, at: number) => any} [reportOf] the report of what is watched of a frame
 */

/**
 * Asks for such a film. Besides what follows of its frames (`askedFrames`) returns the `report` of the frame that is
 * shown with its sentence, `words`; the elements of its `numbers`, which have `heads` before they are there, and of its
 * `curves`; `play` makes the player and returns the picture; `mode` is for the mode.
 * @param {Self} self
 * @param {{nameOf: (request: any) => string} & Partial<import("./asked.js").Wanted> & Reported} wanted
 */
export function askedFilm(self, wanted) {
  const { id, ctx, declared } = self;
  const error = () => ctx.net().error;
  const { nothing = error, reportOf = ({ report }) => report } = wanted;
  const film = askedFrames(self, {
    request: () => error() || !isAbout(ctx, { ...declared, nets: [] }) ? null : requestOf(ctx, declared),
    ...wanted,
  });
  const { drawn, frames, shown, frame } = film;
  const report = computed(() => frame.value && reportOf(frame.value, shown.value));
  const words = computed(() => report.value?.words ?? "");
  const heads = ctx.value().heads[id].map((name) => [name, "–", ""]);
  const numbers = headline(heads, 0);
  shows(numbers, () => report.value?.numbers);
  const curves = new Curves(ctx, declared.shows?.curves ?? [], (index, rest) => film.go(index, { rest }));
  const rowsAt = (each, index) => [each.report.row ?? reportOf(each, index).row ?? []].flat();

  function table() {
    const rows = frames.peek().flatMap(rowsAt);
    if (!rows.length) return null;
    return { name: declared.ask, rows: [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))] };
  }

  /**
   * Makes the player around a screen; returns the picture. `styleOf()` returns how a line of the curves looks now, by the
   * line and its index.
   * @param {{screen: HTMLElement} & Partial<import("./asked.js").Shown> & Record<string, any>} how
   */
  function play({ styleOf, ...how }) {
    const empty = h("p", { class: "empty", hidden: () => !nothing() }, () => nothing() ?? "");
    const player = film.player({
      captionOf: ({ report }) => report.caption,
      whereOf: ({ report }, at) => report.counter ?? `${at}/${drawn.peek().total - 1}`,
      hidden: () => Boolean(nothing()),
      ...{ numbers, words, ...how },
    });
    whenever(() => {
      if (!frames.value.length) return;
      const [now, style] = [shown.value, styleOf?.()];
      untracked(() => curves.show(frames.value, now, style));
    });
    return fill(h("div", { class: "stand" }), empty, player.host);
  }

  const mode = {
    ...{ ...film, numbers, curves, table, leave: () => film.queue.leave() },
    hasResult: (what) => drawn.peek() !== null && (what !== "table" || rowsAt(frames.peek().at(-1)).length > 0),
  };
  return { ...film, report, words, heads, numbers, curves, play, mode };
}
