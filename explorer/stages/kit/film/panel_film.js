/** A mode that shows one film, with the panel that Python declares for it. */

import { fill, h, setText } from "../shell/dom.js";
import { createControls } from "../shell/controls.js";
import { createSeen, empty, fillPanel } from "../shell/parts.js";
import { createTries } from "../lesson/tries.js";
import { OneFilm } from "./one_film.js";

/**
 * A subclass says `draw(at)`, `paint(canvas, at)`, `captionOf(at)` and `words(at)` of the film `drawn`, and calls
 * `open` once.
 */
export class PanelFilm extends OneFilm {
  constructor(ctx, mode) {
    super(ctx);
    this.declared = ctx.value().panels[mode];
  }

  /** Builds the mode around its `screen`; `below` stands in the panel under the sentence, `how` is for `roll`. */
  open({ below = [], ...how }) {
    const { ctx, declared } = this;
    this.empty = empty();
    this.controls = createControls(ctx, declared);
    this.seen = createSeen();
    this.roll({ name: declared.ask, filename: `${declared.ask}.gif`, ...how });
    fill(ctx.main, h("div", { class: "stand" }, this.empty, this.film.host));
    const tries = createTries(ctx, declared.tries);
    fillPanel(ctx, this.controls.element, this.queue.element, this.seen.element, ...below, tries);
  }

  update(changed) {
    const { error } = this.ctx.net();
    this.controls.update();
    this.empty.hidden = !error;
    this.film.host.hidden = Boolean(error);
    setText(this.empty, error ?? "");
    if (changed.has("mode") || this.controls.asks.some((key) => changed.has(key))) {
      this.ask(error ? null : this.controls.request());
    } else this.seek();
  }

  arrived() {
    super.arrived();
    if (this.drawn) return;
    if (this.request) this.wait();
    else this.tell();
  }

  /** Nothing has come yet of what is asked. */
  wait() {}

  /** Whether the address says no place, so that the film plays. */
  get plays() {
    return this.ctx.store.get().at === null;
  }

  /** Another film: it begins by itself, unless the address says where it stands or motion is unwanted. */
  begin() {
    const { film } = this;
    const plays = this.plays && !this.ctx.prefersReducedMotion();
    film.index = plays ? 0 : this.at;
    film.setSteps(this.steps());
    if (plays) film.toggle();
  }

  tell(moving) {
    this.seen(this.drawn ? this.words(this.film.index) : "", moving);
  }
}
