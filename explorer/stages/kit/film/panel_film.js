/** A mode that shows one film, with the panel that Python declares for it. */

import { fill, h, setText } from "../base/dom.js";
import { createControls } from "../panel/controls.js";
import { createSeen, empty, fillPanel } from "../panel/parts.js";
import { createTries } from "../lesson/tries.js";
import { OneFilm } from "./one_film.js";

/**
 * A subclass says `draw(at)`, `captionOf(at)` and `words(at)` of the film `drawn`, and calls
 * `open` once.
 */
export class PanelFilm extends OneFilm {
  constructor(ctx, mode) {
    super(ctx);
    this.declared = ctx.value().panels[mode];
  }

  /**
   * Builds the mode around its `screen`; `above` and `below` stand in the panel around what is declared, `rare` at
   * the end of the rarer controls; `how` is for `roll`.
   */
  open({ above = [], below = [], rare = [], ...how }) {
    const { ctx, declared } = this;
    this.empty = empty();
    this.controls = createControls(ctx, declared, rare);
    this.seen = createSeen();
    this.roll({ name: declared.ask, filename: `${declared.ask}.gif`, ...how });
    fill(ctx.main, h("div", { class: "stand" }, this.empty, this.film.host));
    const tries = createTries(ctx, declared.tries);
    fillPanel(ctx, ...above, this.controls.element, this.seen.element, ...below, tries);
  }

  /** Reason why nothing can be asked of the network in use; a subclass may need none. */
  get error() {
    return this.ctx.net().error;
  }

  update(changed) {
    const { error } = this;
    this.controls.update();
    this.empty.hidden = !error;
    this.film.host.hidden = Boolean(error);
    setText(this.empty, error ?? "");
    if (changed.has("mode") || this.controls.asks.some((key) => changed.has(key))) {
      this.ask(error ? null : this.wanted());
    } else this.seek();
  }

  /** Question to the server; null while something is still to be chosen. */
  wanted() {
    return this.controls.request();
  }

  arrived() {
    super.arrived();
    if (this.drawn) return;
    if (this.request) this.wait();
    else this.tell();
  }

  /** Called while no frame of the request has arrived. */
  wait() {}

  tell(moving) {
    this.seen(this.drawn ? this.words(this.film.index) : "", moving);
  }
}
