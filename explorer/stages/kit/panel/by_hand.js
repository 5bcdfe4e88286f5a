/** A mode that the browser computes, or that asks several questions itself: its panel is declared in Python. */

import { createTries } from "../lesson/tries.js";
import { createControls } from "./controls.js";
import { fill } from "../base/dom.js";
import { createSeen, fillPanel } from "./parts.js";

/** A subclass calls `open` once, and `update` of the controls; it may have a `film`, and a `plane` to keep. */
export class ByHand {
  inside = false; // true while the mode is on screen

  /** `others` are controls that only this mode has. */
  constructor(ctx, mode, others) {
    this.ctx = ctx;
    this.declared = ctx.value().panels[mode];
    this.controls = createControls(ctx, this.declared, others);
    this.seen = createSeen();
  }

  enter() {
    this.inside = true;
  }

  /** Nobody looks any more: the film stands still. */
  leave() {
    this.inside = false;
    this.film?.pause();
  }

  /** Hands a key to the player; true where it was meant for it. */
  key(event) {
    this.film?.key(event);
    return event.defaultPrevented;
  }

  /** Shows `main`; in the panel, parts may stand above the controls, below them, under the sentence, and at the end. */
  open(main, { above = [], below = [], under = [], last = [] } = {}) {
    const { ctx } = this;
    fill(ctx.main, main);
    const { element } = this.controls;
    fillPanel(ctx, ...above, element, ...below, this.seen.element, ...under, createTries(ctx), ...last);
  }

  /** True if there is something on screen. */
  get ready() {
    return Boolean(this.found);
  }

  hasResult() {
    return this.ready;
  }
}
