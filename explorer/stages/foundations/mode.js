/** Base of the modes: figures that are dragged, and Python's declarations of numbers and sentences. */

import { h } from "../kit/base/dom.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { Figure } from "./figure.js";

export class Mode extends ByHand {
  /**
   * A subclass has `build()`, `find(state)`, which computes all that is shown, `draw(found, state)`, and
   * `namesOf(found, state)` of the sentences that hold; `part(state)` names its rows where it has several lists of them.
   */
  constructor(ctx, name, others) {
    super(ctx, name, others);
    Object.assign(this, { name, moving: false, figures: [], tables: [] }); // the tables come with the numbers
    this.build();
  }

  /** Changed value; it is on its way until it `rest`s. */
  set(patch, rest = true) {
    this.moving = !rest;
    this.ctx.store.set(patch, { commit: rest });
    this.ctx.refresh("moved");
  }

  /** A figure whose grips are those of fields, by their keys, or the mode's own; `patchOf(key, value)` is set. */
  figure(label, height, grips = [], patchOf = (key, value) => ({ [key]: value })) {
    const figure = new Figure(this.ctx, {
      ...{ label, height },
      grips: grips.map((grip) => typeof grip === "string" ? this.grip(grip) : grip),
      onGrip: (key, value, { rest }) => this.set(patchOf(key, value), rest),
    });
    this.figures.push(figure);
    return figure;
  }

  /** A grip of a field, along the lower axis unless it says otherwise. */
  grip(key, how) {
    const { low, high, help } = this.ctx.fields[key];
    return { key, label: help, axis: "x", low, high, step: 0.05, ...how };
  }

  /** The numbers, the headline first. */
  rows() {
    return figuresOf(this.declared, this.found ?? {}, this.ctx.store.get().part);
  }

  /** Fills the stage with figures and legends, and the panel with what is declared, `below` it and the numbers. */
  show(parts, ...below) {
    this.numbers = headline(this.rows(), 0, ...this.tables);
    this.open(h("div", {}, parts.map((part) => part.element ?? part)), { below: [...below, this.numbers] });
  }

  /** The words of one sentence. */
  said(name, values) {
    return sentences(this.declared, values, name);
  }

  update() {
    const state = this.ctx.store.get();
    this.controls.update();
    this.found = this.find(state);
    const words = sentences(this.declared, this.found, ...this.namesOf(this.found, state));
    for (const figure of this.figures) figure.words = words;
    this.numbers.set(this.rows());
    this.draw(this.found, state);
    this.seen(words, this.moving);
    this.ctx.describe(words);
  }
}

/** Legend entries: [[colour's class, words], …]. */
export const keys = (...entries) =>
  h("ul", { class: "keys" }, entries.map(([kind, words]) => h("li", {}, h("span", { class: `key ${kind}` }), words)));
