/** Films asked for one after another, so that the seconds measured of each are its own. */

import { button, h, setText } from "../shared/dom.js";

const KEPT = 40;
const STOPPED = "Stopped. What has been drawn stays.";

const keyOf = (argument) => JSON.stringify(argument);

export class Queue {
  /**
   * `name` is the server function; `nameOf(argument)` says what is being drawn; `onChange()` is told whenever a film has
   * more frames, has ended or has been stopped.
   */
  constructor(ctx, { name, nameOf, onChange }) {
    Object.assign(this, { ctx, name, nameOf, onChange, wanted: [], running: null, halted: false, problem: "" });
    this.films = new Map();
    this.words = h("span", { class: "quiet" });
    this.stopButton = button("Stop", () => this.halt(), { title: "Stop drawing; what is there stays" });
    this.goButton = button("Go on", () => this.resume());
    this.element = h("div", { class: "row queue", role: "status" }, this.words, this.stopButton, this.goButton);
    this.tell();
    this.goOnWhenSeen();
  }

  /** A film that ended because nobody could see it is asked for again when somebody can. */
  goOnWhenSeen() {
    const seen = () => this.unseen && !document.hidden && this.element.offsetParent && this.resume();
    document.addEventListener("visibilitychange", seen);
    new ResizeObserver(seen).observe(this.element);
  }

  /** Has these questions answered, in this order; what is known is not asked again, and what is no longer wanted ends. */
  want(requests) {
    if (keyOf(requests) !== keyOf(this.wanted)) this.forget();
    this.wanted = requests;
    if (this.running && !requests.some((request) => keyOf(request) === this.running.key)) this.stop();
    this.next();
  }

  /** The film that answers a question, as far as it is there; null before its first frame. */
  filmOf(request) {
    const film = this.films.get(keyOf(request));
    return film?.frames.length ? film : null;
  }

  /** Whether everything that is wanted is here. */
  get isComplete() {
    return this.wanted.every((request) => this.filmOf(request)?.done);
  }

  next() {
    const request = this.wanted.find((each) => !this.films.get(keyOf(each))?.done);
    if (request && !this.running && !this.halted && !this.unseen && !this.problem) this.start(request);
    this.tell();
  }

  start(request) {
    const run = { key: keyOf(request), request, film: null };
    this.running = run;
    run.stream = this.ctx.stream(this.name, request, {
      onFrames: (film) => this.running === run && this.keep(run, film),
      onEnd: (film) => this.running === run && this.ended(run, film),
    });
  }

  keep(run, film) {
    run.film = film;
    this.films.delete(run.key);
    this.films.set(run.key, film);
    if (this.films.size > KEPT) this.films.delete(this.films.keys().next().value);
    this.tell();
    this.onChange();
  }

  ended(run, film) {
    this.running = null;
    if (film.error) this.problem = film.error;
    else if (!film.done) this.unseen = true;
    this.keep(run, film);
    this.next();
  }

  /** Ends what is being drawn. */
  stop() {
    this.running?.stream.stop();
    this.running = null;
  }

  /** The visitor wants no more, until something else is wanted. */
  halt() {
    this.stop();
    this.halted = true;
    this.tell();
    this.onChange();
    this.goButton.focus();
  }

  resume() {
    this.forget();
    this.next();
    this.onChange();
  }

  forget() {
    Object.assign(this, { halted: false, unseen: false, problem: "" });
  }

  tell() {
    const { running, halted, problem } = this;
    const pending = halted && !this.isComplete;
    this.stopButton.hidden = !running;
    this.goButton.hidden = !problem && !pending;
    setText(this.goButton, problem ? "Try again" : "Go on");
    setText(this.words, problem || (running ? this.progress(running) : pending ? STOPPED : ""));
  }

  progress({ request, film }) {
    const name = this.nameOf(request);
    if (film?.waiting) return `${name}: number ${film.waiting} in the line…`;
    return film?.total ? `${name}: ${Math.round((100 * film.frames.length) / film.total)} %` : `${name}…`;
  }
}
