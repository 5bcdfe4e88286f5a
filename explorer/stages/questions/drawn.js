/**
 * Films of one question in every column, on one clock. Python declares the mode's panel: the server function, the
 * controls, what the films show (`films`), what a network does meanwhile (`doing`), the figures of a column
 * (`columns`) and the sentences.
 */

import { createControls } from "../kit/panel/controls.js";
import { h, setText } from "../kit/base/dom.js";
import { createMore } from "../kit/panel/more.js";
import { createSeen, empty, fillPanel } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createTries } from "../kit/lesson/tries.js";
import { drawerOf, whose } from "./drawers.js";
import { Race } from "./race.js";

const ASK_AGAIN = ["data", "mode"];
const SHOW_AGAIN = ["at", "clock", "all", "assets"];

/** A mode's context with other columns than its networks'. */
export const withColumns = (ctx, columns) => Object.create(ctx, { columns: { value: columns } });

/**
 * A mode's context with a column for each of the `settings` of one network: {title, …}, what it is then called and what
 * is asked of it besides; a function gives those of the moment.
 */
export const withSettings = (ctx, settings) => {
  const columns = () => {
    const { column } = ctx.net();
    const wanted = typeof settings === "function" ? settings() : settings;
    return column.error ? [column] : wanted.map(({ title, ...asked }) => ({ ...column, title, settings: asked }));
  };
  return withColumns(ctx, columns);
};

/**
 * @typedef {{element: HTMLElement, update?: () => void}} PanelPart a part of the panel
 * @typedef {{figuresOf?(found: any): FigureRow[], tell?(moving: boolean): void}} Told what a subclass has
 */
export class Drawn {
  /**
   * `above(race)` and `below(race)` make parts of the panel, {element, update}, above and below the declared controls.
   * `asks` are further keys that ask again. The rest is for the race. A subclass has `columnOf` or `figuresOf`, and
   * `tell`.
   * @param {Ctx} ctx
   * @param {{above?: (race: Race) => PanelPart[], below?: (race: Race) => PanelPart[], asks?: string[]} & Record<string, any>} [how]
   */
  constructor(ctx, { above = () => [], below = () => [], asks = [], ...ofRace } = {}) {
    /** @type {Ctx} */
    this.ctx;
    /** @type {Panel} */
    this.declared;
    /** @type {ReturnType<typeof drawerOf>} */
    this.drawer;
    const declared = ctx.value().panels[ctx.id];
    Object.assign(this, { ctx, declared, drawer: drawerOf(ctx) });
    this.controls = createControls(ctx, declared);
    this.asks = [...ASK_AGAIN, ...this.controls.asks, ...asks];
    this.chooser = "picture" in declared.request ? this.drawer.chooser(ctx) : null;
    this.second = "other" in declared.request ? this.drawer.second(ctx) : null;
    const names = this.figures({}).map(([name]) => name);
    this.race = new Race(ctx, {
      declared,
      names,
      label: this.say({ many: this.drawer.many, whose: whose(ctx) }, "films"),
      requestOf: (column) => this.requestOf(column),
      whyNot: ({ error }) => error ?? null,
      figuresOf: (found) => /** @type {Drawn & Told} */ (this).figuresOf(found),
      onChange: () => this.arrived(),
      tell: (moving) => /** @type {Drawn & Told} */ (this).tell(moving),
      ...ofRace,
    });
    this.seen = createSeen();
    this.empty = empty();
    this.race.fill(ctx.main, this.empty);
    const over = [this.chooser, this.second, ...above(this.race)].filter(Boolean);
    const under = below(this.race);
    const { head } = this.race;
    const fold = (isOpen) => head.classList.toggle("one-figure", !isOpen);
    if (ofRace.numbersOf) head.append(createMore("numbers", ["All numbers", "Fewer numbers"], fold)); // of the film
    else if (names.length !== 1) head.append(this.race.all);
    const elements = (parts) => parts.map(({ element }) => element);
    const last = under.length > 0 && h("div", { class: "row" }, elements(under));
    fillPanel(ctx, head, elements(over), this.controls.element, last, this.seen.element, createTries(ctx));
    this.parts = [...over, this.controls, ...under];
  }

  enter() {
    if (this.chooser) this.drawer.start(this.ctx);
    this.second?.start();
  }

  leave() {
    this.race.leave();
  }

  key(event) {
    return this.race.key(event);
  }

  update(changed) {
    this.tune();
    if (this.asks.some((key) => changed.has(key))) this.ask();
    else if (SHOW_AGAIN.some((key) => changed.has(key))) this.race.show();
  }

  /** The controls show what is chosen, and where nothing is, the stage says what to choose. */
  tune() {
    for (const part of this.parts) part.update?.();
    const { lacks } = this;
    this.empty.hidden = lacks === null;
    this.race.element.hidden = this.isLacking;
    setText(this.empty, lacks ?? "");
  }

  ask() {
    this.race.ask((column) => this.costOf(column));
  }

  /**
   * Cost of a column's film, if it is known before it is drawn: that of an image of its network.
   * @param {Column} column
   */
  costOf({ card }) {
    return card?.compare?.sampling?.milliseconds ?? 0;
  }

  /** The picture that is asked about; null while none is chosen. */
  get chosen() {
    return this.drawer.picked(this.ctx);
  }

  /** The pictures of the question. */
  get given() {
    return { ...(this.chooser && { picture: this.chosen }), ...(this.second && { other: this.second.picked }) };
  }

  /** True while a picture is still to be chosen. */
  get isLacking() {
    return Object.values(this.given).includes(null);
  }

  /** Hint, where nothing can be asked; null where something can. */
  get lacks() {
    const { drawer, ctx } = this;
    if (!this.isLacking) return null;
    const rest = this.say({ part: drawer.part.kept, whose: whose(ctx) }, "lacks");
    return `${drawer.nothing[this.chooser.kind]}: ${rest}`;
  }

  /**
   * Question to Python, null while it lacks something; a family without classes draws any.
   * @param {Column} column @returns {Record<string, any> | null}
   */
  requestOf({ net, can, settings }) {
    if (this.lacks !== null) return null;
    const asked = { ...this.controls.request(), net, ...this.given };
    return { ...asked, ...("label" in asked && !can.label && { label: null }), ...settings };
  }

  /** Declared sentences of these names. */
  say(values, ...names) {
    return sentences(this.declared, values, ...names);
  }

  /** Declared figures of a column. */
  figures(values, name = "columns") {
    const rows = /** @type {Record<string, FigureRow[]>} */ (this.declared.rows);
    return figuresOf({ rows: rows[name] ?? rows.columns ?? [] }, { each: this.drawer.each, ...values });
  }

  /** True if there is a picture, or a table, to keep. */
  hasResult(what) {
    return what === "table" ? this.race.finished.length > 0 : this.race.hasResult();
  }

  /** More is there. */
  arrived() {
    const told = /** @type {Drawn & Told} */ (this);
    told.tell(false);
  }
}
