/**
 * The player of any list of steps: play, pause, step, stride, speed, scrub, keys, captions, per-step numbers, GIF.
 *
 * steps = { length, draw?(canvas, index), of a film without a screen of its own, caption(index) -> string, numbers?(index) -> [[label, value], …], prepare?() ->
 * Promise of whether every step can now be drawn, show?(index), where the film's owner has a screen of its own, more?()
 * -> whether more steps are on their way: what plays waits for them at the end, ready?(index) -> whether a step can be
 * shown: what plays waits for it, place?(index) -> string, where it is, if that is not the number of the step, total? the
 * steps that there will be: the slider is as long, reached?(index) -> where the slider stands, if not at the step }
 * options: `places()` are the keys of the address that say where the film stands; `host` is what it is put into, an
 * element of its own unless given; `tell(moving)` is called when there is something new to say of what is shown, at most
 * twice a second while it moves; `stride` {size, name} adds longer steps, also by ↑ and ↓; `frames` is the most that a
 * GIF shows of the steps; `screen` is the owner's element, drawn by `steps.show`; `queue` has the film made: its element
 * stands beside the caption, says how far the film is, and adds no line of its own; `at` is the signal of the step that is
 * shown, whose owner may draw it instead of `steps.show`.
 */
import { fill, h, isBrowsers, setName, setText, setWords, sightOf, signButton, tell } from "../base/dom.js";
import { speak } from "../base/frame.js";
import { signal } from "../base/vendor/signals-core.js";
import { offerFilm } from "../export/save_buttons.js";

const NO_STEPS = { length: 0 };
const FRAMES_PER_SECOND = 4;
const SPEEDS = [0.5, 1, 2, 4];
const FASTEST_TICK_MS = 16;
const TELL_MS = 500;
const READABLE = 8; // steps a second, above which no sentence about a step can be read

export const PLAY = "▶";
export const PAUSE = "❚❚";

/** A step by the pointer; the keys of the scrubber do the same. */
function step(sign, label, onclick) {
  const element = signButton(sign, label, onclick);
  element.tabIndex = -1;
  return element;
}

function createParts(label) {
  const screen = h("canvas", { class: "film-screen", role: "img", "aria-label": label });
  const caption = h("p", { class: "film-caption" });
  const numbers = h("dl", { class: "film-numbers" });
  const scrubber = h("input", {
    type: "range",
    class: "film-scrubber",
    min: 0,
    step: 1,
    "aria-label": `${label}: step`,
  });
  const place = h("span", { class: "film-place" });
  const live = h("p", { class: "spoken film-live", "aria-live": "polite" });
  const speed = h("select", { class: "film-speed", "aria-label": "Speed" });
  for (const factor of SPEEDS) speed.append(h("option", { value: String(factor) }, `${factor}×`));
  speed.value = "1";
  return { screen, caption, numbers, scrubber, place, speed, live };
}

class Film {
  timer = null;
  dragged = false;
  saving = false;
  held = false;
  toldAt = 0;

  /**
   * @param {{at?: import("../base/vendor/signals-core.js").Signal<number>, host?: HTMLElement, steps?: any,
   *   places?: () => string[], onStep?: (index: number, how: {rest: boolean}) => void, tell?: (moving: boolean) => void,
   *   label: string, filename?: string, framesPerSecond?: number, stride?: {size: number, name: string},
   *   frames?: number, screen?: HTMLElement, queue?: any}} options
   */
  constructor(
    {
      at = signal(0),
      host = h("div", { class: "film-host" }),
      steps = NO_STEPS,
      places = () => [],
      onStep,
      tell = () => {},
      label,
      filename = "film.gif",
      framesPerSecond = FRAMES_PER_SECOND,
      stride,
      frames = Infinity,
      screen,
      queue,
    },
  ) {
    this.at = at;
    this.host = host;
    this.places = places;
    this.onStep = onStep;
    this.tell = tell;
    this.label = label;
    this.filename = filename;
    this.framesPerSecond = framesPerSecond;
    this.stride = stride;
    this.frames = frames;
    this.queue = queue;
    this.parts = { ...createParts(label), ...(screen && { screen }) };
    this.owned = !screen;
    this.root = this.build(queue?.element);
    fill(host, this.root);
    this.isSeen = sightOf(this.root);
    this.onVisibility = () => document.hidden && this.pause();
    document.addEventListener("visibilitychange", this.onVisibility);
    this.observer = new ResizeObserver(() => this.root.clientWidth === 0 && this.leave());
    this.observer.observe(this.root);
    this.setSteps(steps);
  }

  build(queue) {
    const { screen, caption, numbers, scrubber, place, speed, live } = this.parts;
    this.playButton = signButton(PLAY, "Play", () => this.toggle());
    this.playButton.classList.add("play");
    scrubber.addEventListener("input", () => this.go(Number(scrubber.value), { rest: false }));
    scrubber.addEventListener("change", () => this.go(Number(scrubber.value)));
    speed.addEventListener("change", () => this.timer && this.schedule());
    const { stride } = this;
    const controls = h(
      "div",
      { class: "film-controls" },
      stride && step("«", `One ${stride.name} back`, () => this.go(this.strideFrom(-1))),
      step("‹", "One step back", () => this.go(this.index - 1)),
      this.playButton,
      step("›", "One step forward", () => this.go(this.index + 1)),
      stride && step("»", `One ${stride.name} forward`, () => this.go(this.strideFrom(1))),
      scrubber,
      place,
      speed,
    );
    const root = h(
      "div",
      { class: "film", role: "group", "aria-label": this.label },
      screen,
      queue ? h("div", { class: "film-line" }, caption, queue) : caption,
      numbers,
      controls,
      live,
    );
    root.addEventListener("keydown", (event) => this.key(event));
    offerFilm(root, this);
    return root;
  }

  /** The step that is shown. */
  get index() {
    return this.at.peek();
  }

  set index(index) {
    this.at.value = index;
  }

  setSteps(steps) {
    this.pause();
    this.grow(steps);
  }

  /** Nothing is there to play. */
  clear() {
    this.setSteps(NO_STEPS);
    for (const part of ["caption", "place"]) setText(this.parts[part], "");
  }

  /** Takes longer steps in place of those that it has; what plays goes on. */
  grow(steps) {
    this.steps = steps;
    this.parts.scrubber.max = String(Math.max(1, steps.length, steps.total ?? 0) - 1);
    this.show(Math.min(this.index, Math.max(0, steps.length - 1)));
  }

  /** Shows a step without telling anybody: the owner of the film already knows. */
  show(index) {
    const { scrubber, place, screen, caption, numbers } = this.parts;
    const empty = this.steps.length === 0;
    this.root.classList.toggle("is-empty", empty);
    /** @type {NodeListOf<HTMLButtonElement | HTMLInputElement | HTMLSelectElement>} */
    const own = this.root.querySelectorAll("button:not(.more, .queue *), input, select"); // the queue stops, and asks again
    for (const element of own) element.disabled = empty;
    if (empty) return;
    this.index = Math.max(0, Math.min(this.steps.length - 1, index));
    scrubber.value = String(this.steps.reached?.(this.index) ?? this.index);
    setText(place, this.steps.place?.(this.index) ?? `${this.index + 1}/${this.steps.length}`);
    const words = this.steps.caption(this.index);
    setText(caption, words);
    setWords(scrubber, (asks) => scrubber.setAttribute("aria-valuetext", (!asks && words) || place.textContent));
    if (this.owned) {
      this.steps.draw(screen, this.index);
      setName(screen, this.label, words);
    } else this.steps.show?.(this.index);
    const rows = this.steps.numbers?.(this.index) ?? [];
    fill(numbers, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    this.tellSoon();
  }

  /** Has the owner say what is shown: at once where it rests, and now and then while it moves. */
  tellSoon() {
    clearTimeout(this.telling);
    const moving = this.timer !== null || this.dragged || Boolean(this.steps.more?.());
    const wait = moving && !this.held ? this.toldAt + TELL_MS - performance.now() : 0;
    if (wait > 0) {
      this.telling = setTimeout(() => this.tellSoon(), wait);
      return;
    }
    this.toldAt = performance.now();
    this.tell(moving);
  }

  /** True while the address does not say where it stands. */
  get runs() {
    return this.timer !== null || this.saving;
  }

  /** Stands still while a picture of it is taken, and has all said of what is shown; then what plays goes on. */
  hold(held) {
    this.held = held;
    if (held) this.tellSoon();
  }

  /** A visitor's move. `rest` is false while a finger still drags the scrubber. */
  go(index, { rest = true, playing = false } = {}) {
    this.dragged = !rest;
    this.show(index);
    if (!playing) {
      if (!this.timer) speak(this.parts.live, this.parts.caption.textContent, tell);
      this.pause(); // which says where it ends, if it played
      this.tellSoon();
    }
    this.wrote = this.index;
    this.onStep?.(this.index, { rest: rest && !playing });
  }

  /**
   * Shows the `index` of the place `at` that the address says; what plays writes that itself, and stops where somebody
   * else has.
   */
  follow(at, index) {
    if (this.timer && at !== null && ![null, index].includes(this.wrote)) this.pause();
    if (!this.timer) this.show(index);
  }

  /** The end of this stride, or the beginning of it or of the one before. */
  strideFrom(direction) {
    const { size } = this.stride;
    return size * (direction > 0 ? Math.floor(this.index / size) + 1 : Math.ceil(this.index / size) - 1);
  }

  toggle() {
    if (this.timer) {
      this.pause();
      this.tellSoon();
      this.onStep?.(this.index, { rest: true });
      return;
    }
    this.wrote = null;
    if (this.index === this.steps.length - 1 && !this.steps.more?.()) this.go(0, { playing: true });
    this.announce(`${this.label} plays from ${this.parts.place.textContent}.`, true);
    this.schedule();
    this.playButton.dataset.sign = PAUSE;
    setName(this.playButton, "Pause");
  }

  schedule() {
    clearInterval(this.timer);
    this.shownAt = performance.now();
    this.timer = setInterval(() => this.tick(), Math.max(FASTEST_TICK_MS, this.delay));
  }

  /** Milliseconds a step. */
  get delay() {
    return 1000 / (this.framesPerSecond * Number(this.parts.speed.value));
  }

  /** One step, or as many as are due where they come faster than they can be drawn; none out of sight. */
  tick() {
    if (!this.root.isConnected) {
      this.pause();
      return;
    }
    if (this.held || !this.isSeen() || this.steps.ready?.(this.index + 1) === false) {
      this.shownAt = performance.now();
      return;
    }
    const due = Math.max(1, Math.floor((performance.now() - this.shownAt) / this.delay));
    this.shownAt += due * this.delay;
    const last = this.index + due >= this.steps.length - 1 && !this.steps.more?.();
    if (last || this.index < this.steps.length - 1) this.go(this.index + due, { playing: !last });
  }

  /**
   * While a film plays, nothing of the stage is announced but its start and its end, also where its mode has been left.
   */
  announce(words, plays) {
    this.stage = this.root.closest(".stage") ?? this.stage;
    this.stage?.classList.toggle("film-runs", plays && this.framesPerSecond > READABLE);
    const regions = this.stage?.querySelectorAll(".seen p, .spoken:not(.film-live, [role=status])");
    for (const region of regions ?? []) region.setAttribute("aria-live", plays ? "off" : "polite");
    speak(this.parts.live, words, tell);
  }

  pause() {
    if (this.timer) this.announce(`${this.parts.place.textContent}: ${this.parts.caption.textContent}`, false);
    clearInterval(this.timer);
    this.timer = null;
    this.playButton.dataset.sign = PLAY;
    setName(this.playButton, "Play");
  }

  /** It is out of sight, or will be: what plays stands still, and no GIF is made of it any more. */
  leave() {
    this.pause();
    this.saving = false;
  }

  key(event) {
    if (event.target.closest("select") || isBrowsers(event)) return;
    const onButton = event.target.closest("button") && (event.key === " " || event.key === "Enter");
    const rows = this.stride && { ArrowUp: this.strideFrom(-1), ArrowDown: this.strideFrom(1) };
    const moves = {
      ArrowLeft: this.index - 1,
      ArrowRight: this.index + 1,
      Home: 0,
      End: this.steps.length - 1,
      ...rows,
    };
    if (onButton || this.steps.length === 0 || !(event.key === " " || event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === " ") this.toggle();
    else this.go(moves[event.key]);
  }

  /** True if nothing of the film is missing, as there is where it was stopped. */
  get isWhole() {
    return this.queue?.isComplete ?? true;
  }

  destroy() {
    this.pause();
    clearTimeout(this.telling);
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.root.remove();
  }
}

export const createFilm = (options) => new Film(options);
