/** Drawings in every column from one seed, of one class if one is asked for: the race and its controls. */

import { createControls } from "../kit/panel/controls.js";
import { createClass } from "../kit/image/class_choice.js";
import { h } from "../kit/base/dom.js";
import { createMore, moreControls } from "../kit/panel/more.js";
import { createSeen, fillPanel } from "../kit/panel/parts.js";
import { createSeed } from "../kit/panel/seed.js";
import { createTries } from "../kit/lesson/tries.js";
import { Race } from "./race.js";

const ASK_AGAIN = ["data", "net", "seed", "label", "mode"];
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

export class Drawn {
  /**
   * `others` is what other x are called, and `initial` the class where none is chosen; `labelled` is whether one can
   * be; where Python declares the mode's panel, `declared` names it, and it has these controls. `before` what is drawn stand elements that say why there is nothing. `above(race)` and `below(race)` make more
   * controls, {element, update}, above the seed and below it, `rare` such as are wanted less often; `asks` are the keys that ask anew besides, and `tries`
   * what to try, unless the tab says it. The rest is what a race is told. A subclass says `figuresOf` and `tell`.
   */
  constructor(
    ctx,
    {
      declared = null,
      others,
      initial,
      labelled = true,
      before = [],
      above = () => [],
      below = () => [],
      rare = [],
      asks = [],
      tries,
      ...ofRace
    },
  ) {
    this.ctx = ctx;
    this.race = new Race(ctx, {
      requestOf: (column) => this.requestOf(column),
      whyNot: ({ error }) => error ?? null,
      figuresOf: (found) => this.figuresOf(found),
      onChange: () => this.arrived(),
      tell: (moving) => this.tell(moving),
      ...ofRace,
    });
    this.panel = declared && createControls(ctx, ctx.value().panels[declared]);
    const seed = this.panel ?? createSeed(ctx, { words: others });
    const label = labelled && !declared ? [createClass(ctx, { initial })] : [];
    this.seen = createSeen();
    this.race.fill(ctx.main, ...before);
    const [over, under] = [above(this.race), [...label, ...below(this.race)]];
    const elements = (parts) => parts.map(({ element }) => element);
    const row = (...content) => h("div", { class: "row" }, content);
    const apart = labelled || declared;
    const choices = apart ? [seed.element, row(...elements(under))] : [row(seed.element, ...elements(under))];
    const folded = rare.length > 0 && moreControls(row(...elements(rare)));
    const { head } = this.race;
    const fold = (isOpen) => head.classList.toggle("one-figure", !isOpen);
    if (ofRace.numbersOf) head.append(createMore("numbers", ["All numbers", "Fewer numbers"], fold)); // of the film
    else if (ofRace.rows?.length !== 1) head.append(this.race.all);
    const parts = [head, elements(over), choices, folded, this.seen.element, createTries(ctx, tries)];
    fillPanel(ctx, ...parts);
    const keys = [...ASK_AGAIN, ...(this.panel?.asks ?? []), ...asks];
    Object.assign(this, { labelled, asks: keys, controls: [...over, seed, ...under, ...rare] });
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

  /** The controls show what is chosen. */
  tune() {
    for (const control of this.controls) control.update?.();
  }

  ask() {
    this.race.ask((column) => this.costOf(column));
  }

  /** Cost of a column's film, as far as that is known before it is drawn: that of an image of its network. */
  costOf({ card }) {
    return card?.compare?.sampling?.milliseconds ?? 0;
  }

  /** Question to Python; a family without classes draws any. */
  requestOf({ net, can, settings }) {
    const { seed, label } = this.ctx.store.get();
    const asked = this.panel?.request() ?? { net, seed, label };
    return { ...asked, label: this.labelled && can.label ? asked.label : null, ...settings };
  }

  /** True if there is a picture, or a table, to keep. */
  hasResult(what) {
    return what === "table" ? this.race.finished.length > 0 : this.race.hasResult();
  }

  /** More is there. */
  arrived() {
    this.tell(false);
  }
}
