/** What the modes have in common: figures that are dragged, and what is said of them. */

import { h } from "../kit/shell/dom.js";
import { createSeen, fillPanel } from "../kit/shell/parts.js";
import { createTries } from "../kit/lesson/tries.js";

export class Mode {
  /** A subclass has `figures` to keep as a picture, `build()` and `show(state)`; `name` is the mode's. */
  constructor(ctx, name) {
    Object.assign(this, { ctx, name, moving: false, seen: createSeen() });
    this.build();
  }

  /** What is changed; it is on its way until it `rest`s. */
  set(patch, rest = true) {
    this.moving = !rest;
    this.ctx.store.set(patch, { commit: rest });
    this.ctx.refresh("moved");
  }

  /** A grip of a field of that key. */
  grip(key, label, axis, step) {
    const { low, high } = this.ctx.fields[key];
    return { key, label, axis, low, high, step };
  }

  /** Fills the panel: what is given, then what is seen and what to try. */
  panel(...parts) {
    const tries = createTries(this.ctx, this.ctx.value().tries[this.name]);
    fillPanel(this.ctx, parts, this.seen.element, tries);
  }

  update() {
    this.show(this.ctx.store.get());
  }

  tell(words) {
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
