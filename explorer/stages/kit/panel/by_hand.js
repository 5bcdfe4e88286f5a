/** A mode that the browser computes: its panel is declared in Python, and what is on screen follows the state at once. */

import { Played } from "../film/filmed.js";
import { createTries } from "../lesson/tries.js";
import { createControls } from "./controls.js";
import { fill } from "../base/dom.js";
import { createSeen, fillPanel } from "./parts.js";

/** A subclass calls `open` once, and `update` of the controls; it may have a `film`, and a `plane` to keep. */
export class ByHand extends Played {
  /** `others` are controls that only this mode has. */
  constructor(ctx, mode, others) {
    super();
    this.ctx = ctx;
    this.declared = ctx.value().panels[mode];
    this.controls = createControls(ctx, this.declared, others);
    this.seen = createSeen();
  }

  /** Shows `main`; in the panel, parts may stand above the controls, below them, and below the sentence. */
  open(main, { above = [], below = [], last = [] } = {}) {
    const { ctx } = this;
    fill(ctx.main, main);
    fillPanel(ctx, ...above, this.controls.element, ...below, this.seen.element, createTries(ctx), ...last);
  }

  /** True if there is something on screen. */
  get ready() {
    return Boolean(this.found);
  }

  hasResult() {
    return this.ready;
  }
}
