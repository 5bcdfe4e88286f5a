/**
 * The time t of the reverse process as the clock of a race: all films are shown at one t, however many steps they take.
 */

import { Clock } from "../questions/clock.js";
import { TIMES } from "./schedule.js";

const PER_SECOND = 12;
const MOST = 100; // steps of a film that is drawn several times over

export class Times extends Clock {
  position(tick) {
    return { clock: "share", place: tick / this.ticks, end: 1 };
  }

  /** The time t after `tick` ticks: from T down to 0. */
  timeOf(tick) {
    return Math.round((TIMES * (this.ticks - tick)) / this.ticks);
  }

  timeAt(tick) {
    return `t = ${this.timeOf(tick)}`;
  }

  speedOf() {
    return PER_SECOND;
  }
}

/** The clock has a tick for each of `stepsOf(state)`, which all films have in common. */
export class Steps extends Times {
  /** @param {Ctx} ctx @param {(state: State) => number} [stepsOf] */
  constructor(ctx, stepsOf = ({ steps }) => Math.min(MOST, steps)) {
    super(ctx);
    this.stepsOf = stepsOf;
  }

  get ticks() {
    return this.stepsOf(this.ctx.store.get());
  }

  /** Number of steps taken, of those that are there. */
  timeAt(tick, films) {
    const there = Math.max(0, ...films.map(({ frames }) => frames.length - 1));
    return `${Math.min(tick, there)}/${this.ticks}`;
  }
}
