/** Films that a mode asks for: one grows while the server makes it; an earlier one stays, dimmed, until it begins. */

import { Queue } from "../ask/queue.js";
import { whenever } from "../base/live.js";
import { computed, signal, untracked } from "../base/vendor/signals-core.js";
import { dimAnswer } from "../panel/parts.js";
import { filmOf } from "./film.js";

/**
 * @typedef {import("../panel/mode.js").Self} Self
 * @typedef {Record<string, any>} Request
 * @typedef {{index: number, total: number, x: any, pictures: Record<string, any>, numbers: Record<string, any>, [name: string]: any}}
 *   Frame a step, as `stream.js` reads it
 *
 * @typedef {object} Wanted
 * @property {(request: Request) => string} nameOf the film's name while it is made
 * @property {() => Request | null} request the question; null while something is still to be chosen
 * @property {(request: Request) => Request[]} [others] films that are made after it
 *
 * @typedef {object} Shown how the player shows a film; its other options are those of `createFilm`
 * @property {HTMLElement} screen
 * @property {HTMLElement[]} [dims] what is dimmed with an earlier film: the screen, unless given; with none, nothing is
 * @property {HTMLElement} [numbers] and the headline
 * @property {(frame: Frame) => string} captionOf
 * @property {(frame: Frame, at: number) => string} whereOf
 * @property {() => boolean} [hidden]
 * @property {any} words the sentence on the frame that is shown
 * @property {string} [key] field of its place in the address
 * @property {any} [place] as for `filmOf`
 * @property {boolean} [tellsEach] true if the sentence is that of each frame also while it plays
 */

/**
 * Asks for films. Returns what follows: the film `drawn`, which is not the `current` one until that begins, its
 * `frames`, whether it is `done`, the index `shown` with its `frame`; `filmOf(request)` is the film of any question, and
 * `problem` why there is none. `go` is a visitor's move, and `player` makes the player.
 * @param {Self} self
 * @param {Wanted} wanted
 */
export function askedFrames(self, wanted) {
  const { arrivals, queue, request } = asking(self, wanted);
  /** @param {Request | null} question */
  const ofQuestion = (question) => (arrivals.value, question && queue.filmOf(question));
  const current = computed(() => ofQuestion(request.value));
  const problem = computed(() => (arrivals.value, request.value && queue.problemOf(request.value)));
  const drawn = signal(/** @type {any} */ (null));
  whenever(() => {
    const [asked, film] = [request.value, current.value];
    drawn.value = asked && (film ?? drawn.peek());
  });
  const frames = computed(() => (arrivals.value, /** @type {Frame[]} */ ([...(drawn.value?.frames ?? [])])));
  const done = computed(() => (arrivals.value, Boolean(drawn.value?.done)));
  const at = signal(0);
  const shown = computed(() => Math.min(at.value, frames.value.length - 1));
  const frame = computed(() => frames.value[shown.value] ?? null);
  const isEarlier = () => drawn.value !== current.value;

  /**
   * A visitor's move to a frame, or to the newest.
   * @param {number} index
   * @param {{rest?: boolean}} [how]
   */
  function go(index, how) {
    if (drawn.peek()) self.film.go(Math.max(0, Math.min(frames.peek().length - 1, index)), how);
  }

  /** @param {Shown & Record<string, any>} how */
  function player(
    { screen, dims = [screen], numbers, captionOf, whereOf, hidden, words, key, place, tellsEach, ...how },
  ) {
    const steps = () => ({
      of: drawn.value,
      length: frames.value.length,
      total: drawn.value?.total,
      done: done.value,
      more: () => !drawn.peek()?.done && queue.running !== null,
      hidden: hidden?.(),
    });
    const what = () => {
      const all = frames.value;
      return { ...steps(), where: (at) => whereOf(all[at], at), caption: (at) => captionOf(all[at]) };
    };
    const film = filmOf(self, {
      ...{ at, what, words, key, place, tellsEach },
      options: { screen, queue, filename: `${self.declared.ask}.gif`, ...how },
    });
    const all = { dims: [...dims, film.parts.caption], numbers, seen: self.seen };
    if (dims.length) whenever(() => dimAnswer(all, isEarlier()));
    return film;
  }
  return { queue, request, current, problem, drawn, frames, done, shown, frame, filmOf: ofQuestion, go, player };
}

/**
 * The queue that asks, and what it is asked; `arrivals` counts its news: frames are added to a film that stays the same.
 * @param {Self} self
 * @param {Wanted} wanted
 */
function asking(self, { nameOf, request: asks, others }) {
  const { ctx, declared, visits } = self;
  const arrivals = signal(0);
  const queue = new Queue(ctx, {
    ...{ name: declared.ask, nameOf },
    onChange: () => (arrivals.value += 1),
    onAnother: () => self.film?.pause(),
  });
  const key = computed(() => JSON.stringify(asks()));
  const request = computed(() => /** @type {Request | null} */ (JSON.parse(key.value)));
  whenever(() => {
    const wanted = request.value ? [request.value, ...(others?.(request.value) ?? [])] : [];
    if (visits.value) untracked(() => queue.want(wanted));
  });
  self.asking.push(() => (request.peek() ? [{ name: declared.ask, argument: request.peek() }] : []));
  return { arrivals, queue, request };
}

/**
 * Index of the frame whose value is nearest; the first of several.
 * @param {Frame[]} frames
 * @param {(frame: Frame) => number} valueOf
 * @param {number} value
 */
export function nearestOf(frames, valueOf, value) {
  const away = frames.map((frame) => Math.abs(valueOf(frame) - value));
  return away.indexOf(Math.min(...away));
}
