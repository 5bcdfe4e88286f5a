/** The player around a screen: where it stands is in the address, and what plays once begins by itself. */

import { atEnd, whenever } from "../base/live.js";
import { signal, untracked } from "../base/vendor/signals-core.js";
import { createFilm } from "./player.js";

/**
 * @typedef {import("../panel/mode.js").Self} Self
 * @typedef {import("../base/vendor/signals-core.js").Signal<number>} Index
 *
 * @typedef {object} Steps what a film plays; its other members are those of the steps of `createFilm`
 * @property {any} [of] what it is a film of: another one begins anew
 * @property {string} [key] what else lets it play once more
 * @property {number} length the steps that are there
 * @property {number} [total] those that there will be, unless these are all
 * @property {boolean} [done] false while more may come
 * @property {() => boolean} [more] true while more are on their way
 * @property {(at: number) => string} caption
 * @property {(at: number) => string} [where]
 * @property {boolean} [hidden]
 *
 * @typedef {object} Place where a film stands, in the address
 * @property {string | null} key the field
 * @property {(given: any, steps: Steps, shown: number | null) => number} indexOf the step that the field says
 * @property {(at: number, steps: Steps) => Record<string, any>} stateOf what the address says of a step
 * @property {() => boolean} plays true if another film plays once
 */

/** True if a film plays once: the address has no place for it in the field `key`, and motion is not reduced. */
const playsOnce = ({ store, fields, prefersReducedMotion }, key) =>
  store.get()[key] === fields[key].initial && !prefersReducedMotion();

/**
 * Place of a film by the kind of its field: the number of the step, null for the last; or a share of the way, 1 for the
 * newest step. Without a field, a film stands where it is, a new one at its end.
 * @returns {Place}
 */
function placeOf({ ctx }, key) {
  const lastOf = ({ length }) => length - 1;
  if (key === null) {
    return {
      ...{ key, plays: () => false },
      indexOf: (_, steps, shown) => Math.min(lastOf(steps), shown ?? lastOf(steps)),
      stateOf: () => ({}),
    };
  }
  const ends = ({ length, total = length }) => total - 1;
  const plays = () => playsOnce(ctx, key);
  if (ctx.fields[key].kind !== "real") {
    return {
      ...{ key, plays },
      indexOf: (given, steps) => Math.min(lastOf(steps), given ?? lastOf(steps)),
      stateOf: (at, steps) => ({ [key]: at === ends(steps) ? null : at }),
    };
  }
  return {
    ...{ key, plays },
    indexOf: (given, steps) => given >= 1 ? lastOf(steps) : Math.min(lastOf(steps), Math.round(given * ends(steps))),
    stateOf: (at, steps) => ({ [key]: at >= lastOf(steps) ? 1 : Number((at / ends(steps)).toFixed(4)) }),
  };
}

/**
 * Makes the player of a mode. Its other options are those of `createFilm`.
 * @param {Self} self
 * @param {object} how
 * @param {() => Steps} how.what what it plays; what this reads is followed
 * @param {{value: string, peek: () => string}} how.words the sentence on the step that is shown
 * @param {string | null} [how.key] field of its place; null for none in the address
 * @param {(usual: Place) => Partial<Place>} [how.place] where its place is another one than the field says by itself
 * @param {Index} [how.at] index of the step that is shown
 * @param {boolean} [how.tellsEach] true if the sentence is that of each step also while it plays
 * @param {Record<string, any>} how.options
 */
export function filmOf(self, { what, words, key = "at", place, at = signal(0), tellsEach = false, options }) {
  const { ctx, state, visits, seen } = self;
  const usual = placeOf(self, key);
  const stands = { ...usual, ...place?.(usual) };
  /** @type {Steps} */
  let steps = { length: 0, caption: () => "" };
  let told = "";
  /** @param {boolean} moving */
  const tell = (moving) => {
    told = words.peek();
    if (options.tell) options.tell(moving);
    else seen(told, moving);
  };
  const film = createFilm({
    at,
    places: () => key === null ? [] : [key],
    onStep: (index, { rest }) => key !== null && ctx.store.set(stands.stateOf(index, steps), { commit: rest }),
    ...options,
    tell,
  });
  self.film = film;

  /** Shows other steps, more of them, or another one of them. */
  function show(next) {
    const before = steps;
    steps = next;
    const { of, key: _, length, total = length, done = true, where, hidden, ...others } = next;
    const played = { ...others, length, total: done ? length : total, place: where };
    film.host.hidden = Boolean(hidden);
    if (!length || hidden) {
      steps = { ...next, length: 0 };
      return film.clear();
    }
    const given = key === null ? null : state[key];
    const isNew = !before.length || before.of !== of;
    const index = stands.indexOf(given, next, isNew ? null : film.index);
    if (isNew) begin(played, index);
    else if (before.length !== length || film.steps.total !== played.total) {
      if (!film.timer) film.index = index;
      film.grow(played);
    } else {
      film.steps = played;
      film.follow(given, index);
      if (before.key !== next.key && !film.timer && stands.plays()) film.toggle();
    }
  }

  function begin(played, index) {
    const plays = stands.plays();
    film.index = plays ? 0 : index;
    film.setSteps(played);
    if (plays) film.toggle();
  }

  whenever(() => {
    if (!visits.value) return;
    if (key !== null) void state[key];
    const next = what();
    untracked(() => show(next));
  });
  whenever(() => {
    const isFirst = words.value !== "" && !told; // it is said at once
    untracked(() => {
      if (isFirst || (tellsEach && film.timer)) tell(true);
      film.tellSoon();
    });
  });
  if (ctx.fields.speed) followSpeed(self, film.parts.speed);
  atEnd(() => film.destroy());
  return film;
}

/** The speed of the player is part of the state. */
function followSpeed({ ctx, state }, speed) {
  speed.addEventListener("change", () => ctx.store.commit({ speed: +speed.value }));
  whenever(() => {
    const wanted = String(state.speed);
    if ([...speed.options].some(({ value }) => value === wanted)) speed.value = wanted;
  });
}
