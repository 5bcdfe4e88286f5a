/** Films of all families on one clock: each in a column of its own, made one after another and played together. */

import { createFilm } from "../kit/player.js";
import { button, fill, h } from "../kit/dom.js";
import { Filmed } from "../kit/filmed.js";
import { segmented } from "../kit/parts.js";
import { Queue } from "../kit/queue.js";
import { CLOCKS, frameAt, longest, shareOf, TICKS, timeOf } from "./clock.js";
import { Column, fillColumns } from "./column.js";
import { drawerOf } from "./drawers.js";
import { clockWords, racing, standing } from "./race_words.js";
import { createSheet, drawCrisp } from "../kit/sheet.js";

const PER_SECOND = 25;
const FASTEST = 60;
const GIF_FRAMES = 51;

/** What is there of `count` x of so many numbers each, and zeros where there are fewer. */
function padded(x, count, size) {
  const all = new (x?.constructor ?? Uint8Array)(count * size);
  all.set(x ?? []);
  return all;
}

export class Race extends Filmed {
  /**
   * `name` is the question, `doing` what it does in words, `label` what the films show. `requestOf(family)` is
   * what is asked of a family, and `whyNot(family)` why nothing is, or null. `rows` are the names of the figures of a
   * column and `figuresOf({family, film, frame})` their values. `beside` stands before the columns. `onChange()` is
   * told whenever there is more to see, and `tell(moving)` when there is something new to say of what is shown. `count`
   * is how many x a column shows; as many as the space shows together unless given.
   */
  constructor(
    ctx,
    { name, doing, label, requestOf, whyNot, rows, pairs, figuresOf, beside = null, count = null, onChange, tell },
  ) {
    super();
    Object.assign(this, {
      ctx,
      label,
      requestOf,
      whyNot,
      rows,
      pairs,
      figuresOf,
      beside,
      count,
      onChange,
      columns: [],
      data: null,
    });
    const nameOf = ({ net }) =>
      `${this.columns.find(({ family }) => family.net === net)?.family.title ?? "Another family"} ${doing}`;
    this.queue = new Queue(ctx, { name: `ask_${name}`, nameOf, onChange: () => this.show(), apart: true });
    this.families = h("div", { class: "families", role: "group", "aria-label": label });
    this.element = h("div", { class: "film-host" });
    this.film = createFilm(this.element, {
      steps: { length: 0 },
      screen: this.families,
      label,
      filename: `${ctx.value().tab}-${ctx.store.get().mode}.gif`,
      framesPerSecond: PER_SECOND,
      frames: GIF_FRAMES,
      tell,
      onStep: (tick, { rest }) => ctx.store.set({ at: tick / TICKS }, { commit: rest }),
    });
    this.all = button("All figures", () => ctx.store.set({ all: !ctx.store.get().all }, { commit: true }), {
      title: "Every figure of every family, or one",
      pressed: false,
    });
    this.clock = segmented("Clock", CLOCKS, (clock) => ctx.store.set({ clock }, { commit: true }));
  }

  /** Has everybody asked; those whose films are the shortest come first, as far as `costOf(family)` knows. */
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

  /** How many x a column shows. */
  get shownTogether() {
    return this.count ?? this.drawer.count;
  }

  /** A column for each network that is asked. */
  cast() {
    const { name } = this.ctx.net();
    if (name === this.data) return;
    this.data = name;
    const { rows, pairs, ctx, shownTogether: count } = this;
    this.columns = ctx.columns().map((family) =>
      new Column(family, { rows, wall: this.drawer.wall(family.title, { ctx, count, pairs }) })
    );
    fillColumns(this.families, this.columns, this.beside);
    this.film.setSteps({ length: 0 });
  }

  /** The film of what is asked of a column now; null before its first frame. */
  current({ request }) {
    return request && this.queue.filmOf(request);
  }

  /** The columns whose films are over, each with its last x. */
  get finished() {
    return this.columns.filter((column) => this.current(column)?.done).map((column) => ({
      column,
      family: column.family,
      film: column.film,
      x: column.film.frames.at(-1).x,
    }));
  }

  /** Whether a column shows the end of its film. */
  isOver(column) {
    return this.runners(this.shown).some((runner) => runner.column === column && runner.share >= 1);
  }

  /** Whether nothing more will come of itself. */
  get rests() {
    return this.queue.rests;
  }

  /** The clock at a tick, between two where the address says so; the films that are there say where it ends. */
  position(tick) {
    const { clock, at } = this.ctx.store.get();
    const films = this.columns.map((column) => this.current(column)).filter(Boolean);
    return { clock, place: tick === this.tick ? at : tick / TICKS, end: longest(films, clock) };
  }

  get tick() {
    return Math.round(TICKS * this.ctx.store.get().at);
  }

  /** Shows what is there of each film; what answers an earlier question stays, dimmed, until then. */
  show() {
    for (const column of this.columns) {
      column.film = this.current(column) ?? (column.request ? column.film : null);
      const problem = column.request && this.queue.problemOf(column.request);
      column.refuse(this.whyNot(column.family) ?? (column.film ? null : problem));
    }
    const some = this.columns.some((column) => this.current(column));
    const { clock, all } = this.ctx.store.get();
    this.clock.set(clock);
    this.all.setAttribute("aria-pressed", String(all));
    this.families.classList.toggle("one-figure", !all);
    this.film.framesPerSecond = clock === "seconds" && some
      ? Math.min(FASTEST, TICKS / this.position(TICKS).end)
      : PER_SECOND;
    if (!some) this.rest();
    else if (!this.film.steps.length) this.film.setSteps(this.steps());
    if (some) this.film.show(this.film.timer ? this.film.index : this.tick);
    if (!this.film.timer) this.onChange();
  }

  /** Nothing new has arrived: the clock has nothing to show. */
  rest() {
    this.film.setSteps({ length: 0 });
    this.draw(TICKS);
  }

  steps() {
    this.film.index = this.tick;
    return {
      length: TICKS + 1,
      show: (tick) => this.draw(tick),
      draw: (canvas, tick) => this.paint(canvas, tick),
      place: (tick) => timeOf(this.position(tick)),
      caption: (tick) => standing(this.runners(tick), this.columns.filter(({ request }) => request).length),
      numbers: () => [],
    };
  }

  /** Where everybody is at a tick: the frame and the share of the way. */
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
    for (const column of this.columns) {
      const found = runners.find((runner) => runner.column === column);
      const frame = found ? found.frame : (column.film?.frames.at(-1) ?? null);
      const share = found?.share ?? 0;
      column.show({
        x: frame && frame.x,
        there: frame?.known ?? null,
        share,
        words: found ? racing(share) : "not drawn yet",
        old: !found,
      });
      column.figures.set(
        this.figuresOf({ family: column.family, film: found ? column.film : null, frame: found?.frame ?? null }),
      );
    }
  }

  /**
   * What is on screen: how far everybody has come at this place of the clock, and once all are finished, `endWords()`.
   */
  wordsOf(endWords) {
    const runners = this.runners(this.shown);
    const over = runners.length > 0 && runners.every(({ share }) => share >= 1);
    if (over) return this.rests ? endWords() : "";
    return runners.length ? clockWords(this.position(this.shown), runners) : "";
  }

  paint(canvas, tick) {
    const { drawer, shownTogether: count, ctx } = this;
    const rows = this.runners(tick).map(({ title, frame }) => ({
      name: title,
      bytes: padded(frame?.x, count, drawer.size),
    }));
    drawer.paintRows(canvas, rows, count, ctx.colours(), ctx);
  }

  /** What is on screen, over the state in `words`. */
  picture(words) {
    if (!this.film.steps.length) return null;
    const rows = h("canvas");
    this.paint(rows, this.film.index);
    const { width, height } = rows;
    const place = `${this.film.steps.place(this.film.index)}: ${this.film.steps.caption(this.film.index)}.`;
    return createSheet(this.ctx.colours(), {
      words: [words, place],
      width,
      height,
      paint: (context) => drawCrisp(context, rows),
    });
  }

  /** Takes the place of `main`, under what says why there is nothing. */
  fill(main, ...before) {
    fill(main, h("div", { class: "race" }, before, this.element, this.queue.element));
  }
}
