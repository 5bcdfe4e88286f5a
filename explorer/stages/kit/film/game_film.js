/** The film of a game, a race or a standstill: what arrives is shown at once, and an earlier one stays until then. */

import { OneFilm } from "./one_film.js";

const PER_SECOND = 8;

export class GameFilm extends OneFilm {
  /**
   * @param {object} ctx
   * @param {{name: string, nameOf: Function, screen: Element, label: string, filename: string, steps: Function,
   * placeOf: Function, onRest: Function, onShow: Function, tell: Function}} how `name` is the server function;
   * `steps(film)` says how the player shows a film; `placeOf(film)` is the frame that the state asks for; `onRest(film,
   * at, rest)` is a visitor's move; `onShow(film)` is told after whatever was shown, and `tell(moving)` when there is
   * something new to say of it; `estimates`: whether the wait is told; `placed`: the field that says where it stands,
   * if it is not `at`
   */
  constructor(ctx, how) {
    super(ctx);
    const { name, nameOf, screen, label, filename, estimates } = how;
    this.how = how;
    this.placed = how.placed ?? this.placed;
    this.roll({
      ...{ name, nameOf, screen, label, filename, estimates, dims: [] },
      framesPerSecond: PER_SECOND,
      frames: 60,
      onStep: (at, { rest }) => this.drawn && how.onRest(this.drawn, at, rest),
    });
    this.host = this.player.host;
  }

  get player() {
    return this.film;
  }

  tell(moving) {
    this.how.tell(moving);
  }

  /** Asks for the film of a question, or for none. */
  want(request) {
    this.request = request;
    this.queue.want(request ? [request] : []);
  }

  /** True if the film on screen belongs to an earlier question. */
  get stale() {
    return this.drawn !== null && this.drawn !== this.current;
  }

  get frame() {
    return this.drawn?.frames[this.player.index] ?? null;
  }

  get at() {
    return this.how.placeOf(this.drawn, this.player.index);
  }

  seek() {
    if (this.drawn && !this.player.timer) this.player.show(this.at);
  }

  begin() {
    this.of = this.request;
    super.begin();
  }

  steps() {
    return { length: this.drawn.frames.length, more: () => this.queue.running !== null, ...this.how.steps(this.drawn) };
  }

  arrived() {
    this.show();
  }

  show() {
    if (!this.request) return this.clear();
    super.arrived();
    this.how.onShow(this.drawn);
  }

  /** Without a question there is nothing to show. */
  clear() {
    Object.assign(this, { drawn: null, of: null });
    this.player.clear();
    this.how.onShow(null);
    this.how.tell(false);
  }
}

/** A mode of one such `film`: a subclass says by `words(frame)` what is seen at a frame. */
export class OfGameFilm {
  leave() {
    this.film.leave();
  }

  key(event) {
    return this.film.key(event);
  }

  /** Sentence on the frame on screen: none while that answers an earlier question. */
  tell(moving) {
    const { frame, stale } = this.film;
    this.seen(frame && !stale ? this.words(frame) : "", moving);
  }

  /** The first of the frames whose figure of that name is nearest to a value. */
  frameAt(name, value) {
    return this.film.frameAt(name, value);
  }

  hasResult() {
    return this.film.hasResult();
  }
}
