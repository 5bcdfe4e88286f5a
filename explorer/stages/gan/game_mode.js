/** Base of the modes of the game: a film that is recorded or trained live, by the visitor's choices. */

import { ReportFilm } from "../kit/film/report_film.js";
import { button, h, setText } from "../kit/base/dom.js";

/**
 * A subclass calls `open` in `build()`, and says `scene(at, k)`, what the plane number k of its `arenas` shows at a
 * frame; `more(state)` is asked besides what the controls say.
 */
export class GameMode extends ReportFilm {
  subject = "data"; // the points, and not the network of images
  nothing = "Paint points in The game first: they are the data here too.";

  constructor(ctx, mode) {
    super(ctx, mode);
    this.live = false;
    this.origin = h("span", { class: "quiet" });
    this.train = button("Train it live", () => this.again(), { title: "Play the same game again, on this server" });
    this.clear = button("Clear points", () => ctx.store.commit({ ...this.declared.renews, points: [] }));
    this.rare = [h("div", { class: "row" }, this.origin, this.train)];
    this.build();
  }

  /** The games need no network of images. */
  get error() {
    return null;
  }

  open({ above = [], below = [], ...how }) {
    const parts = { above: [this.numbers, ...above], below: [this.clear, ...below], rare: this.rare };
    super.open({ ...how, ...parts, dims: this.arenas.map(({ element }) => element), framesPerSecond: 8, frames: 60 });
  }

  wanted() {
    const { data, points, ...state } = this.ctx.store.get();
    if (data === "painted" && !points.length) return null;
    const painted = data === "painted" ? points : [];
    return { ...super.wanted(), points: painted, ...this.more(state), live: this.live };
  }

  /** Trains the recorded game again, in view of the visitor. */
  again() {
    this.live = true;
    this.ask(this.wanted());
  }

  /** Other settings than those on screen are no longer trained live. */
  update(changed) {
    const { data, points } = this.ctx.store.get();
    if (this.controls.asks.some((key) => key !== "moves" && changed.has(key))) this.live = false;
    super.update(changed);
    this.clear.hidden = data !== "painted" || !points.length;
    this.empty.hidden = this.request !== null;
    setText(this.empty, this.nothing);
  }

  /** True if the film on screen was recorded. */
  arrived() {
    super.arrived();
    const { current } = this;
    this.origin.parentElement.hidden = !current;
    if (!current) return;
    const [{ recorded, torch }, last] = [current.frames[0], current.frames.at(-1)];
    const live = `${current.done ? "trained" : "training"} on this server, ${current.seconds.toFixed(1)} s`;
    this.train.hidden = !recorded;
    this.origin.title = recorded ? `torch ${torch}` : "";
    const on = last.recorded ? "" : `; played on from there, ${live}`;
    setText(this.origin, recorded ? `Recorded on ${recorded}${on}` : `Live: ${live}`);
  }

  draw(at) {
    super.draw(at);
    this.arenas.forEach((arena, k) => arena.show(this.scene(at, k)));
    if (this.film.timer) this.seen(this.words(at), true); // the sentence names the round of the picture
  }
}

/** A mode as the loader takes it. */
export const gameMode = (Mode) => ({
  create: (ctx) => new Mode(ctx, ctx.id),
});
