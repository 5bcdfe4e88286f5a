/**
 * Base of the modes in which points of the plane travel from noise to data: one film over time. It plays once if the
 * address has no place for it.
 */

import { playsOnce } from "../kit/film/film.js";
import { createFilm } from "../kit/film/player.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { dimAnswer } from "../kit/panel/parts.js";
import { Answered } from "../kit/ask/answered.js";

const FRAMES = 40;

/** A subclass says `timeKey`, `travelled(answer)`, `captionOf(t)` and `tell(moving)`. */
export class Travelling extends ByHand {
  constructor(ctx, mode) {
    super(ctx, mode);
    this.answer = new Answered(ctx, ctx.value().panels[mode].ask, () => this.came());
  }

  /** The film's element. */
  roll({ screen, label, filename }) {
    this.film = createFilm({
      screen,
      label,
      filename,
      framesPerSecond: 16,
      frames: FRAMES + 1,
      places: () => [this.timeKey],
      onStep: (at, { rest }) =>
        this.ctx.store.set({ [this.timeKey]: at === FRAMES ? null : at / FRAMES }, { commit: rest }),
      tell: (moving) => this.tell(moving),
    });
    return this.film.host;
  }

  get time() {
    return this.ctx.store.get()[this.timeKey] ?? 1;
  }

  /** Moves the points again if their question has changed. */
  travel() {
    this.answer.want(this.controls.request());
    dimAnswer({ dims: [this.film.host], seen: this.seen }, !this.answer.isCurrent);
  }

  came() {
    if (this.answer.isCurrent) {
      this.travelled(this.answer.value);
      this.film.setSteps(this.steps());
      this.isNew = true;
    }
    this.ctx.refresh("answer");
  }

  steps() {
    return {
      length: FRAMES + 1,
      show: () => {}, // the plane follows the time, which the film sets
      caption: (at) => this.captionOf(at / FRAMES),
      place: (at) => `t = ${(at / FRAMES).toFixed(2)}`,
    };
  }

  /** Has the film stand where the time is. */
  follow() {
    const at = Math.round(FRAMES * this.time);
    if (this.film.index === at) this.film.tellSoon();
    else this.film.follow(at, at);
    if (!this.isNew) return;
    this.isNew = false;
    if (playsOnce(this.ctx, this.timeKey)) this.film.toggle();
  }
}
