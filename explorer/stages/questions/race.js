/** Films of all families on one clock: each in a column of its own, made one after another and played together. */

import { createFilm } from "../kit/film/player.js";
import { button, figures, fill, h } from "../kit/base/dom.js";
import { rove } from "../kit/base/rove.js";
import { Queue } from "../kit/ask/queue.js";
import { Clock, frameAt, shareOf } from "./clock.js";
import { Column, fillColumns } from "./column.js";
import { drawerOf } from "./drawers.js";
import { createHead } from "../kit/panel/more.js";
import { headOf } from "./head.js";
import { sentences } from "../kit/panel/says.js";
import { clockWords, racing, standing, waiting } from "./race_words.js";

const GIF_FRAMES = 51;

/** Figures of these names. */
export const createFacts = (names) => figures(names.map((name) => [name, "–"]));

/**
 * @typedef {Net["column"]} Family
 * @typedef {{family: Family, film: Film | null, frame: Frame | null}} Found what is there of a column at a tick
 * @typedef {{column: Column, title: string, frame: Frame | null, share: number}} Runner the progress of a column's film
 * @typedef {Clock & {timeOf?(tick: number): number}} RaceClock
 * @typedef {HTMLElement & {set(rows: FigureRow[]): void}} Facts
 */

export class Race {
  /**
   * `declared` is the panel that Python declares, `label` the name of the films. `requestOf(family)` is the question to
   * a family, or null, and `whyNot(family)` the reason where it is null.
   * `figuresOf({family, film, frame})` are the figures of a column, with these `names`, and `factsOf(family)` makes the
   * element that shows them. `leading(rows)` are the rows of the headline, once those of all columns are known.
   * `beside` stands before the columns.
   * `onChange()` is called after every new frame, and `tell(moving)` when there are new words. `count` is the number of
   * x in a column, by default that of the space. `captionOf(tick, runners, count)` describes the progress of `count`
   * columns, and `numbersOf(runners)` gives numbers of the picture. `frames` is the most that a GIF has. `xOf(frame)`
   * is the part of a frame that a column shows.
   * @param {Ctx} ctx
   * @param {{declared: Panel, names: string[], label: string, requestOf: (family: Family) => Record<string, any> | null,
   *   whyNot: (family: Family) => string | null, figuresOf: (found: Found) => FigureRow[], onChange: () => void,
   *   tell: (moving: boolean) => void} & Record<string, any>} how
   */
  constructor(
    ctx,
    {
      declared,
      names,
      label,
      requestOf,
      whyNot,
      factsOf = () => createFacts(names),
      pairs,
      figuresOf,
      leading = headOf,
      beside = null,
      count = null,
      clock = new Clock(ctx),
      captionOf = (tick, runners, count) => standing(runners, count, this.position(tick).place >= 1),
      numbersOf = () => [],
      xOf = ({ x }) => x,
      frames = GIF_FRAMES,
      onChange,
      tell,
    },
  ) {
    /** @type {Ctx} */
    this.ctx;
    /** @type {Panel} */
    this.declared;
    /** @type {string} */
    this.label;
    /** @type {(family: Family) => Record<string, any> | null} */
    this.requestOf;
    /** @type {(family: Family) => string | null} */
    this.whyNot;
    /** @type {(family: Family) => Facts} */
    this.factsOf;
    /** @type {boolean | undefined} */
    this.pairs;
    /** @type {(found: Found) => FigureRow[]} */
    this.figuresOf;
    /** @type {(rows: FigureRow[][]) => FigureRow[]} */
    this.leading;
    /** @type {Child | Child[]} */
    this.beside;
    /** @type {number | null} */
    this.count;
    /** @type {RaceClock} */
    this.clock;
    /** @type {(tick: number, runners: Runner[], count: number) => string} */
    this.captionOf;
    /** @type {(runners: Runner[]) => [name: string, value: string][]} */
    this.numbersOf;
    /** @type {(frame: Frame) => Frame["x"]} */
    this.xOf;
    /** @type {() => void} */
    this.onChange;
    /** @type {Column[]} */
    this.columns;
    /** @type {string | null} */
    this.data;
    /** @type {ReturnType<typeof createHead>} */
    this.head;
    /** @type {HTMLButtonElement | undefined} */
    this.choice;
    Object.assign(this, {
      ctx,
      declared,
      label,
      requestOf,
      whyNot,
      factsOf,
      pairs,
      figuresOf,
      leading,
      beside,
      count,
      clock,
      captionOf,
      numbersOf,
      xOf,
      onChange,
      columns: [],
      data: null,
      head: createHead(),
    });
    const isOf = (request) => ({ request: own }) => JSON.stringify(own) === JSON.stringify(request);
    const titleOf = (request) => this.columns.find(isOf(request))?.family.title ?? "Another family";
    const nameOf = (request) => sentences(declared, { title: titleOf(request) }, "doing");
    this.queue = new Queue(ctx, { name: declared.ask, nameOf, onChange: () => this.show(), apart: true });
    this.families = rove(h("div", { class: "families", role: "group", "aria-label": label }));
    this.film = createFilm({
      screen: this.families,
      queue: this.queue,
      label,
      filename: `${ctx.value().tab}-${ctx.store.get().mode}.gif`,
      framesPerSecond: clock.speedOf([]),
      frames,
      tell,
      places: () => ["at"],
      onStep: (tick, { rest }) => ctx.store.set(clock.stateOf(tick), { commit: rest }),
    });
    this.element = this.film.host;
  }

  /** Nobody looks any more: the films stand still, and the server's work ends. */
  leave() {
    this.film?.pause();
    this.queue.leave();
  }

  /** Hands a key to the player; true where it was meant for it. */
  key(event) {
    this.film?.key(event);
    return event.defaultPrevented;
  }

  /** The button of the headline between the first number of a column and all; where no mode shows it, all are there. */
  get all() {
    const { store } = this.ctx;
    this.choice ??= button("All numbers", () => store.commit({ all: !store.get().all }), {
      title: "All numbers of every family, or one",
      kind: "more",
    });
    return this.choice;
  }

  /**
   * Asks every family; the shortest films come first, if `costOf(family)` knows them.
   * @param {(family: Family) => number} [costOf]
   */
  ask(costOf = () => 0) {
    this.cast();
    for (const column of this.columns) {
      column.request = this.whyNot(column.family) === null ? this.requestOf(column.family) : null;
    }
    const asked = this.columns.filter(({ request }) => request);
    this.queue.want([...asked].sort((a, b) => costOf(a.family) - costOf(b.family)).map(({ request }) => request));
    this.show();
  }

  get drawer() {
    return drawerOf(this.ctx);
  }

  /** Number of x in a column. */
  get shownTogether() {
    return this.count ?? this.drawer.count;
  }

  /** A column for each network that is asked, in each of its settings. */
  cast() {
    const families = this.ctx.columns();
    const key = JSON.stringify([this.ctx.net().name, families.map(({ title, lit }) => [title, lit])]);
    if (key === this.data) return;
    this.data = key;
    const { pairs, ctx, shownTogether: count } = this;
    this.columns = families.map((family) =>
      new Column(family, { figures: this.factsOf(family), wall: this.drawer.wall(family.title, { ctx, count, pairs }) })
    );
    fillColumns(this.families, this.columns, this.beside);
    for (const { figures, family } of this.columns) figures.hidden = families.length === 1 && !family.settings;
    this.film.clear();
  }

  /** The film of a column's current request; null before its first frame. */
  current({ request }) {
    return request && this.queue.filmOf(request);
  }

  /** The columns whose films are over, each with its last x. */
  get finished() {
    return this.columns.filter((column) => this.current(column)?.done).map((column) => ({
      column,
      family: column.family,
      film: column.film,
      x: this.xOf(column.film.frames.at(-1)),
    }));
  }

  /** True if a column shows the end of its film. */
  isOver(column) {
    return this.runners(this.shown).some((runner) => runner.column === column && runner.share >= 1);
  }

  /** True if nothing more will come by itself. */
  get rests() {
    return this.queue.rests;
  }

  /** The films that are there. */
  get films() {
    return this.columns.map((column) => this.current(column)).filter(Boolean);
  }

  /** The clock at a tick. */
  position(tick) {
    return this.clock.position(tick, this.films);
  }

  /** Shows each film as far as it has arrived; an answer to an earlier question stays, dimmed, until then. */
  show() {
    for (const column of this.columns) {
      column.film = this.current(column) ?? (column.request ? column.film : null);
      const problem = column.request && this.queue.problemOf(column.request);
      column.refuse(this.whyNot(column.family) ?? (column.film ? null : problem));
      column.wait(waiting(column.film || !column.request ? null : this.queue.lineOf(column.request)));
    }
    const { films, clock } = this;
    const { all } = this.ctx.store.get();
    this.choice?.setAttribute("aria-expanded", String(all));
    if (this.choice) { for (const each of [this.families, this.head]) each.classList.toggle("one-figure", !all); }
    this.film.framesPerSecond = clock.speedOf(films);
    if (!films.length) this.rest();
    else if (this.film.steps.length !== clock.ticks + 1) this.film.setSteps(this.steps());
    if (films.length) this.film.show(this.film.timer ? this.film.index : clock.tick);
    if (!this.film.timer) this.onChange();
  }

  /** Nothing new has arrived: the clock has nothing to show. */
  rest() {
    this.film.clear();
    this.draw(this.clock.ticks);
  }

  /** True if the end of the clock is the films' progress so far, and not their end. */
  isLive(tick) {
    return tick === this.clock.ticks && !this.rests;
  }

  steps() {
    this.film.index = this.clock.tick;
    return {
      length: this.clock.ticks + 1,
      show: (tick) => this.draw(tick),
      place: (tick) => (this.isLive(tick) ? "now" : this.clock.timeAt(tick, this.films)),
      reached: (tick) => (this.isLive(tick) ? Math.round(tick * this.done) : tick),
      caption: (tick) => this.captionOf(tick, this.runners(tick), this.columns.filter(({ request }) => request).length),
      numbers: (tick) => this.numbersOf(this.runners(tick)),
    };
  }

  /** Share of the way that is done, on average over all who are asked. */
  get done() {
    const asked = this.columns.filter(({ request }) => request).length;
    return this.films.reduce((sum, { frames }) => sum + shareOf(frames.at(-1)), 0) / asked;
  }

  /** Progress of every family at a tick: the frame and the share of its film. */
  runners(tick) {
    const position = this.position(tick);
    return this.columns.flatMap((column) => {
      const film = this.current(column);
      const frame = film && frameAt(film, position);
      return film ? [{ column, title: column.family.title, frame, share: frame ? shareOf(frame) : 0 }] : [];
    });
  }

  draw(tick) {
    const runners = this.runners(tick);
    this.shown = tick;
    const rows = this.columns.map((column) => {
      const found = runners.find((runner) => runner.column === column);
      const frame = found ? found.frame : (column.film?.frames.at(-1) ?? null);
      const share = found?.share ?? 0;
      column.show({
        x: frame && this.xOf(frame),
        there: frame?.known ?? null,
        share,
        words: found ? racing(share) : "not drawn yet",
        old: column.request !== null && !found,
      });
      const about = { family: column.family, film: found ? column.film : null, frame: found?.frame ?? null };
      const figures = this.figuresOf(about);
      column.figures.set(figures);
      return this.whyNot(column.family) === null ? [figures] : [];
    }).flat();
    this.head.hidden = !rows.length;
    this.head.set(this.leading(rows));
    this.handOver();
  }

  /** The progress of all at this place of the clock and, once all are finished, `endWords()`. */
  wordsOf(endWords) {
    const runners = this.runners(this.shown);
    const over = runners.length > 0 && runners.every(({ share }) => share >= 1);
    if (over) return this.rests ? endWords() : "";
    return runners.length ? clockWords(this.declared, this.position(this.shown), runners) : "";
  }

  /** Hands what is drawn in the first column that has something to the picture of the mechanism. */
  handOver() {
    this.ctx.show("out", this.columns.map(({ tiles }) => tiles.drawn).find(Boolean) ?? null);
  }

  hasResult() {
    return Boolean(this.film.steps.length);
  }

  /** Takes the place of `main`, under what says why there is nothing. */
  fill(main, ...before) {
    fill(main, h("div", { class: "race" }, before, this.element));
  }
}
