/** The film of a game, a race or a standstill: what arrives is shown at once, and an earlier one stays until then. */

import { createFilm } from "./player.js";
import { h, setText } from "../shell/dom.js";
import { Queue } from "./queue.js";

const PER_SECOND = 8;

export class GameFilm {
  /**
   * @param {object} ctx
   * @param {{name: string, nameOf: Function, screen: Element, label: string, filename: string, steps: Function,
   * placeOf: Function, onRest: Function, onShow: Function, tell: Function}} how `name` is the server function;
   * `steps(film)` says how the player shows a film; `placeOf(film)` is the frame that the state asks for; `onRest(film,
   * at, rest)` is a visitor's move; `onShow(film)` is told after whatever was shown, and `tell(moving)` when there is
   * something new to say of it; `estimates`: whether the wait is told
   */
  constructor(ctx, how) {
    Object.assign(this, { ctx, how, request: null, drawn: null, of: null });
    this.player = createFilm({
      screen: how.screen,
      label: how.label,
      filename: how.filename,
      framesPerSecond: PER_SECOND,
      frames: 60,
      onStep: (at, { rest }) => this.drawn && how.onRest(this.drawn, at, rest),
      tell: (moving) => how.tell(moving),
    });
    this.host = this.player.host;
    this.queue = new Queue(ctx, {
      name: how.name,
      nameOf: how.nameOf,
      onChange: () => this.show(),
      onAnother: () => this.player?.pause(),
      estimates: how.estimates,
    });
    this.followSpeed();
  }

  /** The speed of the player is part of the state. */
  followSpeed() {
    const { speed } = this.player.parts;
    speed.addEventListener("change", () => this.ctx.store.commit({ speed: +speed.value }));
  }

  /** Asks for the film of a question, or for none. */
  want(request) {
    this.request = request;
    this.queue.want(request ? [request] : []);
  }

  get current() {
    return this.request && this.queue.filmOf(this.request);
  }

  /** Whether what is shown belongs to an earlier question. */
  get stale() {
    return this.drawn !== null && this.drawn !== this.current;
  }

  get frame() {
    return this.drawn?.frames[this.player.index] ?? null;
  }

  leave() {
    this.player.pause();
    this.queue.leave();
  }

  key(event) {
    this.player.key(event);
    return event.defaultPrevented;
  }

  show() {
    if (!this.request) return this.clear();
    const { current, player, how } = this;
    const { speed } = this.ctx.store.get();
    if ([...player.parts.speed.options].some(({ value }) => +value === speed)) player.parts.speed.value = String(speed);
    const fresh = current !== null && current !== this.drawn;
    if (fresh) Object.assign(this, { drawn: current, of: this.request });
    if (fresh || (current && player.steps.length !== current.frames.length)) {
      if (fresh || !player.timer) player.index = how.placeOf(this.drawn, player.index);
      const steps = {
        length: this.drawn.frames.length,
        more: () => this.queue.running !== null,
        ...how.steps(this.drawn),
      };
      fresh ? player.setSteps(steps) : player.grow(steps);
    } else if (this.drawn && !player.timer) player.show(how.placeOf(this.drawn, player.index));
    how.onShow(this.drawn);
  }

  /** Without a question there is nothing to show. */
  clear() {
    Object.assign(this, { drawn: null, of: null });
    this.player.clear();
    for (const part of ["caption", "place"]) setText(this.player.parts[part], "");
    this.how.onShow(null);
    this.how.tell(false);
  }
}

/** A mode of one such `film`: a subclass says `paint(canvas, at)`, and by `words(frame)` what is seen at a frame. */
export class OfGameFilm {
  leave() {
    this.film.leave();
  }

  key(event) {
    return this.film.key(event);
  }

  /** What you see, of the frame on screen: nothing while that answers an earlier question. */
  tell(moving) {
    const { frame, stale } = this.film;
    const words = frame && !stale ? this.words(frame) : "";
    this.seen(words, moving);
    if (words && !moving) this.ctx.describe(words);
  }

  /** The first of the frames whose figure of that name is nearest to a value. */
  frameAt(name, value) {
    const away = this.film.drawn.frames.map((frame) => Math.abs(frame[name] - value));
    return away.indexOf(Math.min(...away));
  }

  hasResult() {
    return Boolean(this.film.drawn);
  }

  picture() {
    if (!this.film.drawn) return null;
    const canvas = h("canvas");
    this.paint(canvas, this.film.player.index);
    return canvas;
  }
}
