/** One film that the server makes while it is watched: it grows, and an earlier one stays, dimmed, until it begins. */

import { Filmed, playsOnce } from "./filmed.js";
import { dimAnswer } from "../panel/parts.js";
import { createFilm } from "./player.js";
import { Queue } from "../ask/queue.js";

/** A subclass calls `roll` once, and says `draw(at)` and `captionOf(at)` of the frames `drawn`. */
export class OneFilm extends Filmed {
  placed = "at"; // the field of the address that says where it stands

  constructor(ctx) {
    super();
    Object.assign(this, { ctx, request: null, drawn: null });
  }

  /**
   * Makes the queue, in which `nameOf(request)` is the film of the server function `name`, and the player.
   * `dims` belong to the film, and are dimmed with it and its caption: its `screen` unless given; with none, nothing is
   * dimmed. The queue stands beside the caption.
   */
  roll({ name, nameOf, estimates, screen, dims = [screen], ...how }) {
    this.dims = [];
    this.queue = new Queue(this.ctx, {
      name,
      nameOf,
      estimates,
      onChange: () => this.arrived(),
      onAnother: () => this.film?.pause(),
    });
    this.film = createFilm({
      screen,
      places: () => [this.placed],
      onStep: (at, { rest }) => this.ctx.store.set(this.stateOf(at), { commit: rest }),
      tell: (moving) => this.tell(moving),
      queue: this.queue,
      ...how,
    });
    if (dims.length) this.dims = [...dims, this.film.parts.caption];
    if (this.ctx.fields.speed) this.followSpeed();
  }

  /** The speed of the player is part of the state. */
  followSpeed() {
    const { speed } = this.film.parts;
    speed.addEventListener("change", () => this.ctx.store.commit({ speed: +speed.value }));
  }

  showSpeed() {
    const { speed } = this.film.parts;
    const wanted = String(this.ctx.store.get().speed);
    if ([...speed.options].some(({ value }) => value === wanted)) speed.value = wanted;
  }

  /** Value of a frame in the address: none for the last, or a share of all there will be, 1 for the newest. */
  stateOf(at) {
    if (!this.isShare) return { [this.placed]: at === this.last ? null : at };
    return { [this.placed]: at >= this.last ? 1 : Number((at / (this.drawn.total - 1)).toFixed(4)) };
  }

  get isShare() {
    return this.ctx.fields[this.placed].kind === "real";
  }

  /** Called when there are new words about the picture. */
  tell() {}

  /** Has a question answered; null for none. */
  ask(request) {
    this.request = request;
    this.queue.want(request ? [request] : []);
    this.arrived();
  }

  /** The film of the current request; null before its first frame. */
  get current() {
    return this.request && this.queue.filmOf(this.request);
  }

  /** The last frame that is there. */
  get last() {
    return this.drawn ? this.drawn.frames.length - 1 : 0;
  }

  /** The frame at the place in the address, if it has arrived; without a place, the newest. */
  get at() {
    const place = this.ctx.store.get()[this.placed];
    if (!this.isShare) return Math.min(this.last, place ?? this.last);
    return place >= 1 || !this.drawn ? this.last : Math.min(this.last, Math.round(place * (this.drawn.total - 1)));
  }

  /** The frame whose `key` is nearest to a value. */
  frameAt(key, value) {
    const away = this.drawn.frames.map((frame) => Math.abs(frame[key] - value));
    return away.indexOf(Math.min(...away));
  }

  /** Shows the frames that have arrived. */
  arrived() {
    const { current, drawn } = this;
    this.showSpeed();
    this.drawn = this.request && (current ?? drawn);
    if (this.dims.length) dimAnswer(this, this.drawn !== current);
    if (!this.drawn) this.film.clear();
    else if (this.drawn !== drawn) this.begin();
    else if (this.film.steps.length !== this.drawn.frames.length) {
      if (!this.film.timer) this.film.index = this.at;
      this.film.grow(this.steps());
    } else this.seek();
  }

  /** Another film plays once, unless the address says where it stands or motion is unwanted. */
  get plays() {
    return playsOnce(this.ctx, this.placed);
  }

  /** Another film. */
  begin() {
    const { film, plays } = this;
    film.index = plays ? 0 : this.at;
    film.setSteps(this.steps());
    if (plays) film.toggle();
  }

  /** The address says where it stands. */
  seek() {
    if (this.drawn) this.film.follow(this.ctx.store.get()[this.placed], this.at);
  }

  steps() {
    const { frames, total, done } = this.drawn;
    return {
      length: frames.length,
      total: done ? frames.length : total,
      more: () => !this.drawn.done && this.queue.running !== null,
      show: (at) => this.draw(at),
      place: (at) => frames[at].report?.counter ?? `${at}/${total - 1}`,
      caption: (at) => this.captionOf(at),
    };
  }

  hasResult() {
    return Boolean(this.drawn);
  }
}
