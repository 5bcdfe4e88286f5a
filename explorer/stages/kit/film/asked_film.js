/** The film that a mode asks for: it grows while the server makes it; an earlier one stays, dimmed, until it begins. */

import { Queue } from "../ask/queue.js";
import { fill, h } from "../base/dom.js";
import { shows, whenever } from "../base/live.js";
import { computed, signal, untracked } from "../base/vendor/signals-core.js";
import { requestOf } from "../panel/controls.js";
import { headline } from "../panel/more.js";
import { dimAnswer } from "../panel/parts.js";
import { Curves } from "./curves.js";
import { filmOf } from "./film.js";

/**
 * @typedef {import("../panel/mode.js").Self} Self
 * @typedef {Record<string, any>} Request
 * @typedef {{report: any, [name: string]: any}} Frame a step, with the report that Python makes of it
 * @typedef {Record<string, any>} Rows a row of the table, or several
 *
 * @typedef {object} Wanted
 * @property {(request: Request) => string} nameOf the film's name while it is made
 * @property {() => Request | null} [request] the question; null while something is still to be chosen
 * @property {(request: Request) => Request[]} [others] films that are made after it
 * @property {() => string | null | undefined} [nothing] words in place of a film; the film is hidden then
 * @property {(frame: Frame, at: number) => any} [reportOf] the report of what is watched of a frame
 * @property {boolean} [estimates] true if the wait is told
 */

/**
 * Asks for the film of a mode. Returns what follows from it: the film `drawn`, which is not the `current` one until that
 * begins, its `frames`, the index `shown` with its `frame`, and the `report` of it with the sentence, `words`; the
 * elements of its `numbers` and `curves`; `play` makes the player and returns the picture; `mode` is for the mode.
 * @param {Self} self
 * @param {Wanted} wanted
 */
export function askedFilm(self, wanted) {
  const { id, ctx, declared } = self;
  const error = () => ctx.net().error;
  const { request: question, nothing = error, reportOf = ({ report }) => report } = wanted;
  const asks = question ?? (() => (error() ? null : requestOf(ctx, declared)));
  const film = films(self, asks, wanted);
  const { drawn, current, frames } = film;
  const at = signal(0);
  const shown = computed(() => Math.min(at.value, frames.value.length - 1));
  const frame = computed(() => frames.value[shown.value] ?? null);
  const report = computed(() => frame.value && reportOf(frame.value, shown.value));
  const words = computed(() => report.value?.words ?? "");
  const heads = ctx.value().heads[id].map((name) => [name, "–", ""]);
  const numbers = headline(heads, 0);
  const go = (index, how) => drawn.peek() && self.film.go(Math.max(0, Math.min(frames.peek().length - 1, index)), how);
  const curves = new Curves(ctx, declared.shows?.curves ?? [], (index, rest) => go(index, { rest }));
  shows(numbers, () => report.value?.numbers);
  const rowsAt = (each, index) => [each.report.row ?? reportOf(each, index).row ?? []].flat();

  function table() {
    const rows = frames.peek().flatMap(rowsAt);
    if (!rows.length) return null;
    return { name: declared.ask, rows: [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))] };
  }

  /** The frames of the curves as the player has come to them; `styleOf(line, index)` may change how a line looks. */
  const draws = (styleOf) =>
    whenever(() => {
      if (!frames.value.length) return;
      const [now, style] = [shown.value, styleOf?.()];
      untracked(() => curves.show(frames.value, now, style));
    });

  /**
   * Makes the player around a screen, of which `dims` are dimmed with an earlier film: the screen itself, unless given.
   * Returns the picture.
   */
  function play(
    { screen, dims = [screen], place, key, where, hidden, styleOf, words: said = words, tellsEach, ...options },
  ) {
    const { queue } = film;
    const empty = h("p", { class: "empty", hidden: () => !nothing() }, () => nothing() ?? "");
    const what = () => ({
      ...stepsOf(drawn.value, frames.value, queue, where),
      hidden: hidden ? hidden() : Boolean(nothing()),
    });
    const player = filmOf(self, {
      ...{ at, what, words: said, key, place, tellsEach },
      options: { screen, queue, filename: `${declared.ask}.gif`, ...options },
    });
    const isEarlier = () => drawn.value !== current.value;
    whenever(() => dimAnswer({ dims: [...dims, player.parts.caption], numbers, seen: self.seen }, isEarlier()));
    draws(styleOf);
    return fill(h("div", { class: "stand" }), empty, player.host);
  }

  const mode = {
    ...{ ...film, numbers, curves, table, leave: () => film.queue.leave() },
    hasResult: (what) => drawn.peek() !== null && (what !== "table" || rowsAt(frames.peek().at(-1)).length > 0),
  };
  return { ...film, at, shown, frame, report, words, heads, numbers, curves, go, play, mode };
}

/** The films of a mode's questions: the one of its `request` once it has begun, and until then the earlier one. */
function films(self, asks, { nameOf, estimates, others = () => [] }) {
  const { ctx, declared, visits } = self;
  const arrivals = signal(0); // frames are added to a film that stays the same
  const queue = new Queue(ctx, {
    ...{ name: declared.ask, nameOf, estimates },
    onChange: () => (arrivals.value += 1),
    onAnother: () => self.film?.pause(),
  });
  const key = computed(() => JSON.stringify(asks()));
  const request = computed(() => JSON.parse(key.value));
  const filmOf = (question) => (arrivals.value, question && queue.filmOf(question));
  const current = computed(() => filmOf(request.value));
  const drawn = signal(null);
  whenever(() => {
    const wanted = request.value ? [request.value, ...others(request.value)] : [];
    if (visits.value) untracked(() => queue.want(wanted));
  });
  whenever(() => {
    const [asked, film] = [request.value, current.value];
    drawn.value = asked && (film ?? drawn.peek());
  });
  const frames = computed(() => (arrivals.value, [...(drawn.value?.frames ?? [])]));
  return { queue, request, current, drawn, frames, filmOf };
}

/** What the player shows of a film. */
const stepsOf = (film, frames, queue, where) => ({
  of: film,
  length: frames.length,
  total: film?.total,
  done: film?.done,
  more: () => !film.done && queue.running !== null,
  where: where ?? ((at) => frames[at].report?.counter ?? `${at}/${film.total - 1}`),
  caption: (at) => frames[at].report.caption,
});

/** Index of the frame whose value is nearest; the first of several. */
export function nearestOf(frames, valueOf, value) {
  const away = frames.map((frame) => Math.abs(valueOf(frame) - value));
  return away.indexOf(Math.min(...away));
}
