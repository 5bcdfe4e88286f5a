/** What the modes have in common: figures that are dragged, numbers, and what is said of them. */

import { fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { createSeen, fillPanel } from "../kit/shell/parts.js";
import { createTries } from "../kit/lesson/tries.js";
import { Figure } from "./figure.js";

export class Mode {
  /**
   * A subclass has `build()`, `find(state)`, which computes all that is shown, `draw(found, state)`, `wordsOf(found,
   * state)`, and for `numbers` its `rowsOf(found)`; `name` is the mode's.
   */
  constructor(ctx, name) {
    Object.assign(this, { ctx, name, moving: false, figures: [], seen: createSeen() });
    this.build();
  }

  /** What is changed; it is on its way until it `rest`s. */
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

  /** The numbers, of which one is the headline. */
  numbers(chief) {
    return this.rows = headline(this.rowsOf(this.find(this.ctx.store.get())), chief);
  }

  /** Fills the stage with figures and legends. */
  main(...parts) {
    fill(this.ctx.main, h("div", {}, parts.map((part) => part.element ?? part)));
  }

  /** Fills the panel: what is given, then what is seen and what to try. */
  panel(...parts) {
    fillPanel(this.ctx, parts, this.seen.element, createTries(this.ctx, this.ctx.value().tries[this.name]));
  }

  update() {
    const state = this.ctx.store.get();
    this.found = this.find(state);
    const words = this.wordsOf(this.found, state);
    for (const figure of this.figures) figure.words = words;
    this.rows?.set(this.rowsOf(this.found));
    this.draw(this.found, state);
    this.seen(words, this.moving);
    this.ctx.describe(words);
  }

  /** The figures on screen, one below the other. */
  picture() {
    const shown = this.figures.filter(({ element }) => element.clientWidth).map(({ canvas }) => canvas);
    if (!shown.length) return null;
    const height = shown.reduce((sum, canvas) => sum + canvas.height, 0);
    const picture = h("canvas", { width: Math.max(...shown.map(({ width }) => width)), height });
    const context = picture.getContext("2d");
    shown.reduce((top, canvas) => (context.drawImage(canvas, 0, top), top + canvas.height), 0);
    return picture;
  }
}

/** What is drawn how: [[colour's class, words], …]. */
export const keys = (...entries) =>
  h("ul", { class: "keys" }, entries.map(([kind, words]) => h("li", {}, h("span", { class: `key ${kind}` }), words)));
