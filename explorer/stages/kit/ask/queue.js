/** Films asked for one after another, so that the seconds measured of each are its own. */

import { button, h, setText } from "../base/dom.js";
import { speak } from "../base/frame.js";
import { atEnd } from "../base/live.js";
import { NEEDS_SERVER, reached } from "./line.js";
import { createWait } from "./wait.js";

const KEPT = 40;
const STOPPED = "Stopped. What has been drawn stays.";

const keyOf = (argument) => JSON.stringify(argument);

export class Queue {
  /**
   * `name` is the server function; `nameOf(argument)` names what is being drawn. `onChange()` is called whenever a film
   * has more frames, has ended or was stopped.
   * `onAnother()` is called when other questions are wanted: the playing film then answers none of them, and must not
   * write its place. If the films are `apart`, a failed one does not end the others.
   * @param {Ctx} ctx @param {QueueLook} look
   */
  constructor(ctx, { name, nameOf, onChange, onAnother = () => {}, apart = false }) {
    this.ctx = ctx;
    this.name = name;
    this.nameOf = nameOf;
    this.onChange = onChange;
    this.onAnother = onAnother;
    this.apart = apart;
    /** @type {unknown[]} */
    this.wanted = [];
    /** @type {Run | null} */
    this.running = null;
    this.halted = false;
    this.unseen = false;
    /** @type {Map<string, Film>} */
    this.films = new Map();
    /** @type {Map<string, string>} */
    this.problems = new Map();
    this.words = h("span", { class: "quiet" });
    this.stopButton = button("Stop", () => this.halt(), { title: "Stop drawing; what is there stays" });
    this.goButton = button("Go on", () => this.resume());
    this.spoken = h("p", { class: "spoken", role: "status" });
    this.element = h("div", { class: "row queue" }, this.words, this.stopButton, this.goButton, this.spoken);
    this.tell();
    this.goOnWhenSeen();
  }

  /** Asks again for a film that ended while it was out of sight, once it is in sight. */
  goOnWhenSeen() {
    const seen = () => this.unseen && !document.hidden && this.element.offsetParent && this.resume();
    const sizes = new ResizeObserver(seen);
    document.addEventListener("visibilitychange", seen);
    sizes.observe(this.element);
    atEnd(() => {
      document.removeEventListener("visibilitychange", seen);
      sizes.disconnect();
      this.stop();
    });
  }

  /**
   * Has these questions answered, in this order; what is known is not asked again, and what is no longer wanted ends.
   * @param {unknown[]} requests
   */
  want(requests) {
    if (keyOf(requests) !== keyOf(this.wanted)) {
      this.forget();
      this.onAnother();
    }
    this.wanted = requests;
    if (this.running && !requests.some((request) => keyOf(request) === this.running.key)) this.stop();
    this.next();
  }

  /** The film that answers a question, with the frames that have arrived; null before the first. @param {unknown} request */
  filmOf(request) {
    const film = this.films.get(keyOf(request));
    return film?.frames.length ? film : null;
  }

  /** Error of a question, in words; null where there was none. @param {unknown} request */
  problemOf(request) {
    return this.problems.get(keyOf(request)) ?? null;
  }

  /**
   * Number of questions that are answered before this one, 0 while it is answered; null if it is not in the line.
   * @param {unknown} request
   */
  lineOf(request) {
    if (this.rests) return null;
    const line = this.wanted.map(keyOf).filter((key) => !this.films.get(key)?.done && !this.problems.has(key));
    const place = line.indexOf(keyOf(request));
    return place < 0 ? null : place;
  }

  /** True if every wanted film is complete. */
  get isComplete() {
    return this.wanted.every((request) => this.filmOf(request)?.done);
  }

  /** True if nothing more will come by itself. */
  get rests() {
    return !this.running && (this.halted || this.unseen || !this.pending);
  }

  /** The first question that is still to be answered. */
  get pending() {
    return this.wanted.find((each) => !this.films.get(keyOf(each))?.done && !this.problems.has(keyOf(each)));
  }

  next() {
    const request = this.pending;
    const held = this.halted || this.unseen || (this.problems.size > 0 && !this.apart);
    if (request && !this.running && !held) this.start(request);
    this.tell();
  }

  /** @param {unknown} request */
  start(request) {
    /** @type {Run} */
    const run = { key: keyOf(request), request, film: null, wait: createWait() };
    this.running = run;
    run.stream = this.ctx.stream(this.name, request, {
      onFrames: (film) => this.running === run && this.keep(run, film),
      onEnd: (film) => this.running === run && this.ended(run, film),
    });
  }

  /** @param {Run} run @param {Film} film */
  keep(run, film) {
    run.film = film;
    this.films.delete(run.key);
    this.films.set(run.key, film);
    if (this.films.size > KEPT) this.films.delete(this.films.keys().next().value);
    this.tell();
    this.onChange();
  }

  /** @param {Run} run @param {Film} film */
  ended(run, film) {
    this.running = null;
    if (film.error) this.problems.set(run.key, film.error);
    else if (!film.done) this.unseen = true;
    if (film.error === NEEDS_SERVER) reached().then(() => this.goesOn(run));
    this.keep(run, film);
    this.next();
  }

  /** Asks again what had no connection, if it is still wanted. @param {Run} run */
  goesOn({ request }) {
    if (this.problemOf(request) === NEEDS_SERVER) this.resume();
  }

  /** Ends what is being drawn. */
  stop() {
    this.running?.stream.stop();
    this.running = null;
  }

  /** The mode is left: the running film ends, and failures are forgotten, so they are asked again later. */
  leave() {
    this.stop();
    this.problems.clear();
    this.tell();
  }

  /** Stops by the visitor's wish, until other films are wanted. */
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
    this.halted = false;
    this.unseen = false;
    this.problems.clear();
  }

  tell() {
    const { running, halted } = this;
    const problem = running ? "" : [...this.problems.values()][0];
    const pending = halted && !this.isComplete;
    this.stopButton.hidden = !running;
    this.goButton.hidden = !problem && !pending;
    setText(this.goButton, problem ? "Try again" : "Go on");
    this.goButton.classList.toggle("again", Boolean(problem));
    setText(this.words, problem || (running ? this.progress(running) : pending ? STOPPED : ""));
    speak(this.spoken, this.words.textContent);
  }

  /** @param {Run} run */
  progress({ request, film, wait }) {
    const name = this.nameOf(request);
    if (!film?.total) return `${name}…`;
    const words = wait.words(film.left);
    const told = words && `, ${words}`;
    if (film.waiting) return `${name}: number ${film.waiting} in the line${told || "…"}`;
    return `${name}: ${Math.round((100 * film.frames.length) / film.total)} %${told}`;
  }
}
