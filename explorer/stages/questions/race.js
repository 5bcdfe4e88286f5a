/** Films of all families on one clock: each in a column of its own, made one after another and played together. */

import { Queue } from "../kit/ask/queue.js";
import { button, figures, FINDING, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { rove } from "../kit/base/rove.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { filmOf } from "../kit/film/film.js";
import { membersOf } from "../kit/panel/mode.js";
import { createHead, NOTHING } from "../kit/panel/more.js";
import { sentences } from "../kit/panel/says.js";
import { clockOf, frameAt, shareOf } from "./clock.js";
import { createColumn, fillColumns } from "./column.js";
import { drawerOf } from "./drawers.js";
import { headOf } from "./head.js";
import { inTurn } from "./in_turn.js";
import { clockWords, racing, standing, waiting } from "./race_words.js";
import { recordedOf } from "./recorded.js";

const GIF_FRAMES = 51;

/** Figures of these names. @param {string[]} names */
export const createFacts = (names) => figures(names.map((name) => [name, "–"]));

/**
 * @typedef {import("../kit/panel/mode.js").Self} Self
 * @typedef {Net["column"]} Family
 * @typedef {Record<string, any>} Request
 * @typedef {HTMLElement & {set(rows: FigureRow[]): void}} Facts
 * @typedef {ReturnType<typeof raceOf>} Race
 *
 * @typedef {object} Entry a family, and what is there of it
 * @property {Family} family
 * @property {Request | null} request the question to it, if there is one
 * @property {Film | null} current the film that answers it
 * @property {Film | null} film this one, or an earlier one until it begins
 *
 * @typedef {{column: Entry, title: string, frame: Frame | null, share: number}} Runner the progress of a film
 *
 * @typedef {object} Asked
 * @property {(family: Family) => Request | null} requestOf the question to a family; null while it lacks something
 * @property {(family: Family) => string | null} whyNot the reason why a family is not asked
 * @property {(family: Family) => number} costOf the order of the films: the shortest come first
 * @property {() => Family[]} [familiesOf] those that are asked, by default the columns of the stage
 * @property {() => boolean} [isHeld] true while a choice is still moving: the questions stay
 * @property {import("./clock.js").Clock} [clock]
 * @property {(frame: Frame) => Frame["x"]} [xOf] the part of a frame that is shown
 */

/**
 * Asks every family. Returns what follows: the `columns`, those that are `finished`, the `films` that answer, the tick
 * that is `shown`, and whether all `rests`; `runners(tick)` is the progress at a tick, and `wordsOf(endWords)` says it.
 * @param {Self} self
 * @param {Asked} asked
 */
export function raceOf(self, { requestOf, whyNot, costOf, ...how }) {
  const { ctx, declared, visits } = self;
  const { familiesOf = ctx.columns, clock = clockOf(ctx), xOf = ({ x }) => x, isHeld = () => false } = how;
  const arrivals = signal(0);
  const arrived = () => (arrivals.value = arrivals.peek() + 1);
  const recorded = recordedOf(self);
  const isOf = (request) => ({ request: own }) => JSON.stringify(own) === JSON.stringify(request);
  const titleOf = (request) => columns.peek().find(isOf(request))?.family.title ?? "Another family";
  const nameOf = (request) => sentences(declared, { title: titleOf(request) }, "doing");
  const queue = new Queue(ctx, { name: declared.ask, nameOf, onChange: arrived, apart: true });
  const cast = computed(() => JSON.stringify([ctx.net().name, familiesOf().map(({ title, lit }) => [title, lit])]));
  const families = computed(() => (cast.value, untracked(familiesOf)));
  const askAll = () => families.value.map((family) => (whyNot(family) === null ? requestOf(family) : null));
  let asked = "[]";
  const key = computed(() => (isHeld() ? asked : (asked = JSON.stringify(askAll()))));
  const requests = computed(() => /** @type {(Request | null)[]} */ (JSON.parse(key.value)));
  /** @type {WeakMap<Family, Film>} */
  const latest = new WeakMap();
  const columns = computed(() => {
    void arrivals.value;
    return families.value.map((family, k) => {
      const request = requests.value[k];
      const current = request && (recorded.filmOf(request) ?? queue.filmOf(request));
      if (current) latest.set(family, current);
      if (!request) latest.delete(family);
      return /** @type {Entry} */ ({ family, request, current, film: latest.get(family) ?? null });
    });
  });
  whenever(() => {
    const all = requests.value.map((request, k) => {
      const family = families.value[k];
      return { request, group: family.group, cost: request && costOf(family) };
    });
    const asked = all.filter(({ request }) => request && !recorded.filmOf(request));
    if (!visits.value || recorded.isPending.value) return;
    untracked(() => {
      queue.want(inTurn(asked).map(({ request }) => request));
      arrived();
    });
  });

  const at = signal(0);
  const films = computed(() => columns.value.map(({ current }) => current).filter(Boolean));
  const shown = computed(() => (films.value.length ? Math.min(at.value, clock.ticks) : clock.ticks));
  const rests = computed(() => (arrivals.value, !recorded.isPending.value && queue.rests));
  const finished = computed(() =>
    columns.value.filter(({ current }) => current?.done).map((column) => ({
      column,
      family: column.family,
      film: column.current,
      x: xOf(column.current.frames.at(-1)),
    }))
  );
  const position = (/** @type {number} */ tick) => clock.position(tick, films.value);
  /** @param {number} tick @returns {Runner[]} */
  const runners = (tick) =>
    columns.value.filter(({ current }) => current).map((column) => {
      const frame = frameAt(column.current, position(tick));
      return { column, title: column.family.title, frame, share: frame ? shareOf(frame) : 0 };
    });

  /** How many are finished at this place of the clock, and whether these are all. */
  const standingAt = computed(() => {
    const all = runners(shown.value);
    const done = all.filter(({ share }) => share >= 1).length;
    return { done, over: done > 0 && done === all.length };
  });

  /** The progress of all at this place of the clock and, once all are finished, `endWords()`. */
  function wordsOf(endWords) {
    const all = runners(shown.value);
    if (standingAt.value.over) return rests.value ? endWords() : "";
    return all.length ? clockWords(declared, position(shown.value), all) : "";
  }

  self.asking.push(() => requests.peek().filter(Boolean).map((argument) => ({ name: declared.ask, argument })));

  return {
    clock,
    queue,
    families,
    columns,
    films,
    at,
    shown,
    rests,
    finished,
    isRecorded: computed(() =>
      films.value.length > 0 && requests.value.every((each) => !each || recorded.filmOf(each))
    ),
    position,
    runners,
    standingAt,
    xOf,
    whyNot,
    wordsOf,
  };
}

/**
 * @typedef {object} Shown how a race is shown
 * @property {string} label name of the films
 * @property {string[]} names of the figures
 * @property {(found: {family: Family, film: Film | null, frame: Frame | null}) => any} figuresOf of a column
 * @property {(family: Family) => any} [factsOf] makes the element that shows them
 * @property {(rows: FigureRow[][]) => FigureRow[]} [leading] rows of the headline, from those of all columns
 * @property {() => string} [finding] the sentence that is the headline, once all columns are finished
 * @property {(family: Family) => string} [noteOf] below them
 * @property {boolean} [pairs] true if each x has another beside it
 * @property {number} [count] the number of x in a column, by default that of the space
 * @property {Child | Child[]} [beside] stands before the columns
 *
 * @typedef {object} Played and how it is played
 * @property {{value: string, peek: () => string}} words
 * @property {() => boolean} hidden
 * @property {(tick: number, runners: Runner[], count: number) => string} [captionOf] the progress of `count` columns
 * @property {(runners: Runner[]) => [name: string, value: string][]} [numbersOf] numbers of the picture
 * @property {number} [frames] the most that a GIF has
 * @property {(moving: boolean) => void} [tell]
 */

/**
 * Shows a race with its player. Returns the `film`, the elements of the `families` and of the headline, `head`, and
 * `looks`, the columns by their families.
 * @param {Self} self
 * @param {Race} race
 * @param {Shown & Played} how
 */
export function playRace(
  self,
  race,
  { label, words, hidden, captionOf, numbersOf, frames = GIF_FRAMES, tell, ...how },
) {
  const { ctx, state } = self;
  const { clock, queue, columns, films, rests, position, runners } = race;
  const { element, looks, head } = showRace(self, race, { label, ...how });
  /** True if the end of the clock is the films' progress so far, and not their end. */
  const isLive = (tick) => tick === clock.ticks && !rests.value;
  const askedOf = () => columns.value.filter(({ request }) => request).length;
  const done = () => films.value.reduce((sum, film) => sum + shareOf(film.frames.at(-1)), 0) / askedOf();
  const caption = captionOf ?? ((tick, all, count) => standing(all, count, position(tick).place >= 1));
  const film = filmOf(self, {
    ...{ at: race.at, words },
    place: () => ({ plays: () => false, indexOf: () => clock.tick, stateOf: clock.stateOf }),
    what: () => ({
      of: race.families.value,
      length: films.value.length && clock.ticks + 1,
      hidden: hidden(),
      where: (tick) => (isLive(tick) ? "now" : clock.timeAt(tick, films.value)),
      reached: (tick) => (isLive(tick) ? Math.round(tick * done()) : tick),
      caption: (tick) => caption(tick, runners(tick), askedOf()),
      numbers: (tick) => numbersOf?.(runners(tick)) ?? [],
    }),
    options: {
      ...{ screen: element, queue, label, frames, tell },
      filename: `${ctx.value().tab}-${state.mode}.gif`,
      framesPerSecond: clock.speedOf([]),
    },
  });
  whenever(() => (film.framesPerSecond = clock.speedOf(films.value)));
  return { film, families: element, head, looks };
}

/**
 * Columns of a race, at the tick that is shown, and its headline.
 * @param {Self} self @param {Race} race @param {Shown} shown
 */
function showRace(self, race, { label, names, figuresOf, noteOf, leading = headOf, beside = null, pairs, ...how }) {
  const { ctx, declared } = self;
  const { count = null, factsOf = () => createFacts(names), finding = null } = how;
  /** The finding or, of several columns, how many are finished. */
  const sentence = () => {
    const { done, over } = race.standingAt.value;
    if (over && race.rests.value) return finding() || NOTHING;
    return done && race.columns.value.length > 1 ? sentences(declared, { done }, "so far") : NOTHING;
  };
  const element = rove(h("div", { class: "families", role: "group", "aria-label": label }));
  const head = createHead();
  const looks = signal(/** @type {Map<Family, import("./column.js").Column>} */ (new Map()));
  const fillWith = (/** @type {Family[]} */ families) => {
    const drawer = drawerOf(ctx);
    const options = { ctx, pairs, count: count ?? drawer.count };
    const made = families.map((family) =>
      createColumn(family, { figures: factsOf(family), tiles: drawer.wall(family.title, options) })
    );
    fillColumns(element, made, beside);
    for (const { figures, family } of made) figures.hidden = made.length === 1 && !family.settings;
    looks.value = new Map(made.map((look) => [look.family, look]));
  };
  whenever(() => {
    const families = race.families.value;
    untracked(() => fillWith(families));
  });
  whenever(() => {
    const all = race.runners(race.shown.value);
    const rows = race.columns.value.flatMap((column) => {
      const look = looks.value.get(column.family);
      return look ? [showColumn(race, column, look, { all, figuresOf, noteOf })] : [];
    });
    const known = rows.filter(Boolean);
    head.hidden = !known.length;
    head.set([...(finding ? [[FINDING, sentence()]] : []), ...leading(known)]);
    ctx.show("out", [...looks.value.values()].map(({ tiles }) => tiles.drawn).find(Boolean) ?? null);
  });
  return { element, looks, head };
}

/** Shows a film as far as it is at a tick; an answer to an earlier question stays, dimmed, until then. */
function showColumn({ queue, whyNot, xOf }, column, look, { all, figuresOf, noteOf }) {
  const { family, request, film } = column;
  const why = whyNot(family);
  look.refuse(why ?? (request && !film ? queue.problemOf(request) : null));
  look.wait(waiting(film || !request ? null : queue.lineOf(request)));
  const runner = all.find((each) => each.column === column);
  const frame = runner ? runner.frame : (film?.frames.at(-1) ?? null);
  look.show({
    x: frame && xOf(frame),
    there: frame?.known ?? null,
    share: runner?.share ?? 0,
    told: runner ? racing(runner.share) : "not drawn yet",
    old: request !== null && !runner,
  });
  if (noteOf) look.say(noteOf(family));
  const figures = figuresOf({ family, film: runner ? film : null, frame: runner?.frame ?? null });
  look.figures.set(figures);
  return why === null && figures;
}

/** The button of the headline between the first number of a column and all of them. */
export function allNumbers({ ctx, state }, elements) {
  const choice = button("All numbers", () => ctx.store.commit({ all: !state.all }), {
    title: "All numbers of every family, or one",
    kind: "more",
  });
  whenever(() => {
    choice.setAttribute("aria-expanded", String(state.all));
    for (const each of elements) each.classList.toggle("one-figure", !state.all);
  });
  return choice;
}

/** What may be asked of a race, by its values. @param {Race} race @param {any} film */
export const toldOf = ({ columns, finished, films, shown, rests, queue, position, runners }, film) =>
  membersOf({
    ...{ columns, finished, films, shown, rests, queue, position, film },
    current: ({ current }) => current,
    runners: () => runners(shown.value),
    isOver: (column) => runners(shown.value).some((runner) => runner.column === column && runner.share >= 1),
  });
