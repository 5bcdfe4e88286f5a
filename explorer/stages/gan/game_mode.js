/** What the modes of the game share: a film that is recorded or trained live, of what a visitor has chosen. */

import { createControls } from "../kit/shell/controls.js";
import { button } from "../kit/shell/dom.js";
import { createSeen, empty, fillPanel } from "../kit/shell/parts.js";
import { createTries } from "../kit/lesson/tries.js";
import { GameFilm, OfGameFilm } from "../kit/film/game_film.js";
import { createOrigin, settingsOf } from "./game_rules.js";

const GAP = 8;
const NO_POINTS = "Paint points in The game first: they are the data here too.";

/**
 * A subclass builds its `film` and its panel in `build()`, and says by `question(state)` what film it asks for. What is
 * seen at a frame comes with it.
 */
export class GameMode extends OfGameFilm {
  constructor(ctx) {
    super();
    Object.assign(this, { ctx, live: false });
    this.build();
  }

  /** The controls that Python declares for the mode; without points the panel says `points`, and `rare` are others. */
  createParts({ points = NO_POINTS, rare = [] } = {}) {
    const { ctx } = this;
    this.declared = ctx.value().panels[this.mode];
    this.empty = empty(points);
    this.origin = createOrigin(() => this.again());
    this.clear = button("Clear points", () => ctx.store.commit({ ...this.declared.renews, points: [] }));
    this.controls = createControls(ctx, this.declared, [...rare, this.origin.element]);
    this.seen = createSeen();
  }

  /** The choices of the panel, as the state has them; other settings than those on screen are no longer trained live. */
  showControls(changed) {
    const { data, points } = this.ctx.store.get();
    if (this.controls.asks.some((key) => key !== "moves" && changed.has(key))) this.live = false;
    this.controls.update();
    this.clear.hidden = data !== "painted" || !points.length;
  }

  /** Puts the controls into the panel, and below them what the film says, what else there is, and what to try. */
  fillPanel(more = null) {
    const film = [this.empty, this.film.queue.element, this.seen.element];
    fillPanel(this.ctx, this.controls.element, this.clear, film, more, createTries(this.ctx, this.declared.tries));
  }

  words({ told }) {
    return told.words;
  }

  /** Trains what was recorded anew, before the visitor. */
  again() {
    this.live = true;
    this.ask();
  }

  ask() {
    const state = this.ctx.store.get();
    const nothing = state.data === "painted" && !state.points.length;
    this.empty.hidden = !nothing;
    this.film.want(nothing ? null : { ...settingsOf(state), ...this.question(state), live: this.live });
    this.film.show();
  }
}

/** The numbers of a mode before its film is there. */
export const noNumbers = (ctx, mode) => ctx.value().heads[mode].map((name) => [name, "–"]);

/**
 * A mode of several planes side by side, whose frame is the `at` of the state; `copies(at)` draws each on a canvas, and
 * `shown(film)` is told after whatever was shown.
 */
export class PlanesMode extends GameMode {
  /** Which frame is shown, and what a visitor's move to another makes of the state. */
  get places() {
    const { store } = this.ctx;
    return {
      placeOf: ({ frames }) => Math.min(frames.length - 1, store.get().at ?? Infinity),
      onRest: ({ frames }, at, rest) => store.set({ at: at === frames.length - 1 ? null : at }, { commit: rest }),
    };
  }

  /** A film that stands at `at`; each frame has the place on its `clock`. */
  createFilm({ clock, ...how }) {
    return new GameFilm(this.ctx, {
      ...how,
      steps: (film) => this.steps(film, clock),
      ...this.places,
      onShow: (film) => this.shown(film),
      tell: (moving) => this.tell(moving),
    });
  }

  steps({ frames }, clock) {
    return {
      show: (at) => this.draw(at),
      draw: (canvas, at) => this.paint(canvas, at),
      place: (at) => `${frames[at][clock]}`,
      caption: (at) => frames[at].told.caption,
    };
  }

  /** The planes side by side, on a canvas to keep. */
  paint(canvas, at) {
    const parts = this.copies(at);
    Object.assign(canvas, {
      width: parts.reduce((sum, part) => sum + part.width + GAP, -GAP),
      height: parts[0].height,
    });
    const context = canvas.getContext("2d");
    parts.forEach((part, k) => context.drawImage(part, k * (part.width + GAP), 0));
  }
}
