/**
 * The lesson: each step sets the stage, asks for a prediction, then reveals. Below it works the mode that the step is
 * about.
 */

import { readAddress } from "./address.js";
import { button, fill, h, setText } from "./dom.js";
import { empty } from "./parts.js";
import { Predictions } from "./predictions.js";
import { shuffled } from "./random.js";

const KEPT = new Set(["mode", "tour"]);
const NARROW = 860; // pixels, as in frame.css

/** One number a visit, so that a question that is seen again has its choices in the same order. */
const VISIT = Math.floor(Math.random() * 2 ** 31);

const keyHint = (choices) => `Keys in the card: 1 to ${choices}, Page Up and Page Down.`;

class Tour {
  /** `settings` is what `createTour` is given. */
  constructor(ctx, settings) {
    Object.assign(this, { ctx, settings });
    this.before = this.stateOf({}, true);
    this.steps = ctx.value().tour ?? [];
    const titles = this.steps.map(({ title }) => title);
    this.predictions = new Predictions(ctx.value().tab, titles, (index) => this.go(index));
    this.inner = null;
    this.load = settings.loaderOf(ctx);
    this.ticket = 0;
    this.shown = null;
    this.predicted = null;
    this.build();
  }

  build() {
    this.place = h("span", { class: "tour-place number" });
    this.title = h("h2", { class: "tour-title" });
    this.words = h("p", {});
    this.note = h("p", { class: "note" });
    this.question = h("p", { class: "tour-question" });
    this.choices = h("div", { class: "tour-choices", role: "group" });
    this.reveal = h("div", { class: "tour-reveal", "aria-live": "polite" });
    this.back = button("Back", () => this.go(this.index - 1));
    this.next = button("", () => this.go(this.index + 1));
    const head = h("div", { class: "row tour-head" }, this.title, this.place, this.back, this.next);
    this.card = h(
      "section",
      { class: "tour-card", "aria-label": "Tour" },
      head,
      this.note,
      this.words,
      this.question,
      this.choices,
      this.reveal,
      this.predictions.element,
    );
    this.card.addEventListener("keydown", (event) => this.keyInCard(event));
    this.stage = h("div", { class: "tour-stage" });
    this.controls = button("", () => this.turn(!this.atControls));
    this.keys = h("p", { class: "tour-keys quiet" });
    new ResizeObserver(() => this.ctx.root.style.setProperty("--foot", `${this.card.offsetHeight}px`)).observe(
      this.card,
    );
    const none = empty("The tour of this model cannot be read. The other modes still work.");
    this.veil = empty(this.settings.veil);
    const foot = h("div", { class: "row tour-foot" }, this.controls, this.keys);
    fill(this.ctx.panel, this.steps.length ? [this.card, this.stage, this.veil, foot] : none);
    this.turn(false);
  }

  /** Shows the controls of the mode in place of the lesson's words, or the words. */
  turn(atControls) {
    this.atControls = atControls;
    this.ctx.panel.classList.toggle("at-controls", atControls);
    setText(this.controls, atControls ? "Back to the lesson" : "Show the controls");
  }

  /** A step's state as it would be written in the address, over the initial values where `fresh`. */
  stateOf(query, fresh) {
    const state = readAddress(this.ctx.fields, `?${new URLSearchParams(query)}`);
    return Object.fromEntries(Object.entries(state).filter(([key]) => !KEPT.has(key) && (fresh || key in query)));
  }

  get index() {
    return Math.max(0, Math.min(this.steps.length, this.ctx.store.get().tour ?? 1) - 1);
  }

  get atEnd() {
    return this.index === this.steps.length - 1;
  }

  get step() {
    return this.steps[this.index];
  }

  /** Entered by its tab the tour sets the stage; opened from a link it leaves the link's state alone. */
  enter() {
    if (!this.steps.length) return;
    const state = this.ctx.store.get();
    if (state.tour !== null) this.show();
    else {
      this.before = Object.fromEntries(Object.entries(state).filter(([key]) => !KEPT.has(key)));
      this.set(this.shown ?? 0);
    }
    if (document.activeElement === document.body) this.title.focus({ preventScroll: true });
  }

  /** What the visitor had before the tour comes back. */
  leave() {
    this.ticket += 1;
    this.inner?.leave?.();
    this.inner = null;
    if (!this.steps.length) return;
    this.ctx.store.set({ ...this.before, tour: null }, { commit: true });
    this.before = this.stateOf({}, true);
  }

  go(index) {
    if (index >= this.steps.length) {
      this.ctx.store.set({ mode: this.settings.first }, { commit: true });
      return;
    }
    if (index < 0) return;
    this.set(index);
    this.title.focus({ preventScroll: true });
    this.reach(this.title);
  }

  /**
   * On a narrow screen the picture comes into view, and with it this part of the card, which lies over or beside it.
   */
  reach(part) {
    if (this.ctx.root.clientWidth > NARROW) return;
    this.ctx.root.querySelector(".body").scrollIntoView({ block: "start" });
    part.scrollIntoView({ block: "nearest" });
  }

  set(index) {
    this.ctx.store.set({ ...this.stateOf(this.steps[index].state, true), tour: index + 1 }, { commit: true });
    this.show();
  }

  show() {
    const { step, index } = this;
    this.shown = index;
    this.predicted = null;
    this.turn(false);
    const note = this.settings.noteFor(this.before, this.ctx);
    setText(this.note, note);
    this.note.hidden = note === "";
    setText(this.place, `${index + 1} of ${this.steps.length}`);
    setText(this.title, step.title);
    this.title.tabIndex = -1;
    setText(this.words, step.predict);
    this.words.hidden = false;
    setText(this.question, step.question);
    this.choices.setAttribute("aria-label", step.question);
    this.order = shuffled(step.choices, VISIT + index);
    fill(this.choices, this.order.map((choice, place) => button(step.choices[choice], () => this.predict(place))));
    fill(this.reveal);
    fill(this.predictions.element);
    this.back.disabled = index === 0;
    this.nameNext();
    setText(this.keys, keyHint(step.choices.length));
    this.choices.hidden = false;
    this.hide(this.settings.hides(step));
    this.open(step.state.mode ?? this.settings.first);
  }

  /** Who has not predicted skips the step, and is told so. */
  nameNext() {
    const predicted = this.predictions.has(this.index);
    setText(this.next, this.atEnd ? "Explore freely" : predicted ? "Next" : "Skip");
    this.next.classList.toggle("primary", predicted);
  }

  /** Covers what would give the answer away. */
  hide(on) {
    this.veil.hidden = !on;
    this.stage.classList.toggle("veiled", on);
  }

  /** Takes the choice at a place of the list. */
  predict(place) {
    if (this.predicted !== null || place >= this.step.choices.length) return;
    const choice = this.order[place];
    this.predicted = choice;
    const { answer, after } = this.step;
    this.choices.hidden = true;
    this.tell(choice);
    this.hide(false);
    this.predictions.add(this.index, choice === answer);
    this.nameNext();
    if (this.atEnd) this.end();
    this.ctx.store.set(this.stateOf(after ?? {}, false), { commit: true });
    this.open((after ?? {}).mode ?? this.step.state.mode ?? this.settings.first);
    this.next.focus({ preventScroll: true });
    this.reach(this.reveal);
  }

  /** Sums up; for that the words of the last step make room. */
  end() {
    this.words.hidden = true;
    this.predictions.show();
  }

  /** Says what is so; before that, of a wrong choice, why it tempts. */
  tell(choice) {
    const { answer, reveal, choices, tempts } = this.step;
    const right = choice === answer;
    const said = h(
      "p",
      { class: "tour-tempts" },
      h("strong", {}, `You said “${choices[choice]}”.`),
      ` ${tempts[choice]}`,
    );
    const verdict = h("strong", {}, `${right ? "As you predicted. " : ""}It is: “${choices[answer]}”.`);
    fill(this.reveal, !right && said, h("p", {}, verdict, ` ${reveal}`));
  }

  /** Lets another mode work under the card: the one asked for last. */
  async open(id) {
    const ticket = ++this.ticket;
    const { places, pictures, instance, later } = await this.load(id);
    if (ticket !== this.ticket || this.ctx.store.get().mode !== "tour") return;
    later?.then(() => ticket === this.ticket && this.open(id));
    if (this.inner !== instance) this.inner?.leave?.();
    this.inner = instance;
    this.lay(places);
    this.ctx.mechanism.enter(id, pictures);
    instance.enter?.();
    instance.update?.(new Set(["mode", "assets"]));
    this.settings.opened(this.ctx);
  }

  /** The mode's panel goes under the card, and every other place of it into the tour's own of that name. */
  lay({ panel, ...others }) {
    fill(this.stage, panel);
    for (const [name, element] of Object.entries(others)) fill(this.ctx[name], element);
  }

  update(changed) {
    if (!this.steps.length) return;
    if (changed.has("tour") && this.index !== this.shown) this.show();
    this.inner?.update?.(changed);
  }

  /** The tour's own keys work where the focus is in its card. */
  keyInCard(event) {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && this.ownKey(event)) event.preventDefault();
  }

  key(event) {
    return this.inner?.key?.(event) ?? false;
  }

  ownKey(event) {
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    if (event.key === "PageDown") this.go(this.index + 1);
    else if (event.key === "PageUp") this.go(this.index - 1);
    else if (digit >= 0 && this.predicted === null && digit < this.step.choices.length) this.predict(digit);
    else return false;
    return true;
  }

  draw(layer) {
    this.inner?.draw?.(layer);
  }

  pointer(event) {
    return this.inner?.pointer?.(event) ?? false;
  }
}

const DEFAULTS = { hides: () => false, veil: "", opened: (ctx) => ctx.refresh("entered") };

/**
 * The mode that plays the steps of the stage's value; the store keeps the step in `tour`, from 1.
 *
 * @param {{first: string, loaderOf: Function, noteFor: Function, hides: Function, veil: string, opened:
 * Function}} settings `first` is the mode of a step that names none, and the one after the tour; `loaderOf(ctx)` gives
 * the loader of the other modes; `noteFor(before, ctx)` is a note for who comes from that state, or ""; where
 * `hides(step)`, the words of `veil` stand under the card and the mode is `.veiled` until the prediction; `opened(ctx)`
 * is told that another mode now works under the card
 */
export const createTour = (settings) => ({
  create: (ctx) => new Tour(ctx, { ...DEFAULTS, ...settings }),
});

/** The same in a tab whose state names a network: a note says where the visitor's own stays meanwhile. */
export function createNetTour({ note, ...settings }) {
  const noteFor = ({ net }, { fields }) => (net === fields.net.initial ? "" : note);
  return createTour({ ...settings, noteFor });
}
