/** What the modes share in which points of the plane travel from noise to data: one film, whose place is the time. */

import { createFilm } from "../kit/film/player.js";
import { ByHand } from "../kit/shell/by_hand.js";
import { createNets } from "./nets.js";

const FRAMES = 40;

/** A subclass says `timeKey`, `asks`, `travelled()`, `captionOf(t)`, `drawAt(canvas, t)` and `tell(moving)`. */
export class Travelling extends ByHand {
  constructor(ctx, mode) {
    super(ctx, mode);
    Object.assign(this, { nets: createNets(ctx), asked: null });
  }

  /** The film's element. */
  roll({ screen, label, filename }) {
    this.film = createFilm({
      screen,
      label,
      filename,
      framesPerSecond: 16,
      frames: FRAMES + 1,
      onStep: (at, { rest }) => this.ctx.store.set({ [this.timeKey]: at / FRAMES }, { commit: rest }),
      tell: (moving) => this.tell(moving),
    });
    return this.film.host;
  }

  get time() {
    return this.ctx.store.get()[this.timeKey];
  }

  /** Has the points travel anew where the networks have come, or one of the keys that it `asks` about has changed. */
  travel(changed) {
    const state = this.ctx.store.get();
    const nets = this.nets.wanted(changed.has("mode"));
    const key = JSON.stringify([...this.asks.map((each) => state[each]), Boolean(nets)]);
    if (key === this.asked) return;
    this.asked = key;
    this.travelled(nets);
    if (nets) this.film.setSteps(this.steps());
  }

  steps() {
    return {
      length: FRAMES + 1,
      show: () => {}, // the plane follows the time, which the film sets
      draw: (canvas, at) => this.drawAt(canvas, at / FRAMES),
      caption: (at) => this.captionOf(at / FRAMES),
      place: (at) => `t = ${(at / FRAMES).toFixed(2)}`,
    };
  }

  /** Has the film stand where the time is. */
  follow() {
    const at = Math.round(FRAMES * this.time);
    if (this.film.index === at) this.film.tellSoon();
    else this.film.follow(at, at);
  }
}
