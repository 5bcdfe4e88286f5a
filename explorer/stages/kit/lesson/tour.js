/**
 * The lesson: each step sets the stage, asks for a prediction, then reveals. Below it works the mode that the step is
 * about.
 */

import { button, fill, h, setName, setText, tellAgain } from "../base/dom.js";
import { whenever } from "../base/live.js";
import { untracked } from "../base/vendor/signals-core.js";
import { Hosting, NARROW } from "../shell/hosting.js";
import { empty } from "../panel/parts.js";
import { rove } from "../base/rove.js";
import { offer, questionOf, roomTakes } from "./asked_class.js";
import { Predictions } from "./predictions.js";
import { shuffled } from "../plane/random.js";

/** One number a visit, so that a question that is seen again has its choices in the same order. */
const VISIT = Math.floor(Math.random() * 2 ** 31);

const keyHint = (choices) => `Keys in the card: 1 to ${choices}, Page Up and Page Down.`;

class Tour extends Hosting {
  /** `settings` are those of the module. @param {Ctx} ctx @param {HostingSettings} settings */
  constructor(ctx, settings) {
    super(ctx, { ...settings, name: "tour" });
    /** @type {TourStep[]} */
    this.steps = ctx.value().tour ?? [];
    const titles = this.steps.map(({ title }) => title);
    this.predictions = new Predictions(ctx.value().tab, titles, (index) => this.go(index));
    /** @type {number | null} */
    this.shown = null;
    /** @type {number | null} */
    this.predicted = null;
    /** @type {number[]} */
    this.order = [];
    this.build();
    whenever(() => {
      void this.state.tour;
      if (this.shown !== null && this.index !== this.shown) untracked(() => this.show());
    });
  }

  build() {
    this.place = h("span", { class: "tour-place number" });
    this.title = h("h2", { class: "tour-title" });
    this.words = h("p", {});
    this.note = h("p", { class: "note" });
    this.question = h("p", { class: "tour-question" });
    this.choices = rove(h("div", { class: "tour-choices", role: "group" }));
    this.reveal = h("div", { class: "tour-reveal", "aria-live": "polite" });
    this.back = button("Back", () => this.go(this.index - 1));
    this.next = button("", () => this.go(this.index + 1));
    this.head = h("div", { class: "row tour-head" }, this.title, this.place, this.back, this.next);
    this.controls = button("", () => this.turn(!this.atControls));
    this.keys = h("p", { class: "tour-keys quiet" });
    this.card = h(
      "section",
      { class: "tour-card", "aria-label": "Tour" },
      this.head,
      this.note,
      this.words,
      this.question,
      this.choices,
      this.reveal,
      this.predictions.element,
      h("div", { class: "row tour-foot" }, this.controls, this.keys),
    );
    this.hold(this.card);
    const none = empty("The tour of this model cannot be read. The other modes still work.");
    this.veil = empty(this.settings.veil ?? "");
    fill(this.ctx.panel, this.steps.length ? [this.card, this.stage, this.veil] : none);
    this.turn(false);
  }

  turn(atControls) {
    super.turn(atControls);
    setText(this.controls, atControls ? "Back to the lesson" : "Show the controls");
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

  enter() {
    if (!this.steps.length) return;
    this.begin(this.ctx.store.get().tour, this.shown);
    this.reach(this.title);
  }

  leave() {
    super.leave();
    if (!this.steps.length) return;
    offer(null);
    this.hide(false);
    this.reserve(0);
    this.restore({ tour: null });
  }

  /** @param {number} index */
  go(index) {
    if (index >= this.steps.length) {
      this.ctx.store.commit({ mode: this.settings.first });
      return;
    }
    if (index < 0) return;
    this.set(index);
    this.title.focus({ preventScroll: true });
    this.reach(this.title);
  }

  /** @param {number} index */
  set(index) {
    this.ctx.store.commit({ ...this.stateOf(this.steps[index].state, true), tour: index + 1 });
    this.show();
  }

  show() {
    const { step, index } = this;
    this.shown = index;
    this.predicted = null;
    this.turn(false);
    const { key, note } = this.settings;
    setText(this.note, this.before[key] === this.ctx.fields[key].initial ? "" : note);
    this.note.hidden = this.note.textContent === "";
    setText(this.place, `${index + 1} of ${this.steps.length}`);
    setText(this.title, step.title);
    this.title.tabIndex = -1;
    setText(this.words, step.predict);
    this.words.hidden = false;
    setText(this.question, step.question);
    setName(this.choices, step.question);
    this.order = shuffled(step.choices, VISIT + index);
    const name = `${this.ctx.value().tab} tour ${index + 1}`;
    offer(questionOf(name, step, this.order, () => this.predicted === null && this.answer()));
    fill(this.choices, this.order.map((choice, place) => button(step.choices[choice], () => this.predict(place))));
    fill(this.reveal);
    fill(this.predictions.element);
    this.back.disabled = index === 0;
    this.nameNext();
    setText(this.keys, keyHint(step.choices.length));
    this.choices.hidden = false;
    this.card.scrollTop = 0;
    this.reserve(0);
    this.hide(true);
    this.open(step.state.mode ?? this.settings.first);
  }

  /** Skips the step before its answer is told, and says so. */
  nameNext() {
    const told = this.predicted !== null || this.predictions.has(this.index);
    setText(this.next, this.atEnd ? "Explore freely" : told ? "Next" : "Skip");
    this.next.classList.toggle("primary", told);
  }

  /** Until the visitor has predicted, the stage keeps its answer to itself. @param {boolean} on */
  hide(on) {
    const hidesResults = on && this.step.hides;
    this.ctx.root.classList.toggle("asks", on);
    this.ctx.root.classList.toggle("asks-results", hidesResults);
    tellAgain(this.ctx.root);
    this.veil.hidden = !(hidesResults && this.settings.veil);
  }

  /** Takes the choice at a place of the list. @param {number} place */
  predict(place) {
    if (this.predicted !== null || place >= this.step.choices.length) return;
    const choice = this.order[place];
    this.predictions.add(this.index, choice === this.step.answer);
    this.answer(choice);
  }

  /** Tells the answer, to a choice or without one, and shows what the stage kept to itself. @param {number} choice */
  answer(choice = this.step.answer) {
    this.reserve(this.ctx.main.offsetHeight);
    this.predicted = choice;
    const { after } = this.step;
    this.choices.hidden = true;
    this.tell(choice);
    this.hide(false);
    this.nameNext();
    if (this.atEnd) this.end();
    this.ctx.store.commit(this.stateOf(after, false));
    this.open(after.mode ?? this.step.state.mode ?? this.settings.first);
    this.next.focus({ preventScroll: true });
    this.card.scrollTop = this.reveal.offsetTop - this.head.offsetHeight; // the page stays where it is
  }

  /** Room that a picture keeps while another one comes, so that a short page does not move. @param {number} pixels */
  reserve(pixels) {
    this.ctx.main.style.minHeight = pixels && this.ctx.root.clientWidth <= NARROW ? `${pixels}px` : "";
  }

  /** Sums up; for that the words of the last step make room. */
  end() {
    this.words.hidden = true;
    this.predictions.show();
  }

  /** Says what is so; before that, of a wrong choice, why it tempts. @param {number} choice */
  tell(choice) {
    const { answer, reveal, choices, tempts } = this.step;
    const right = choice === answer;
    const said = h(
      "p",
      { class: "tour-tempts" },
      h("strong", {}, `You said “${choices[choice]}”.`),
      ` ${tempts[choice]}`,
    );
    const predicted = right && this.predictions.has(this.index);
    const verdict = h("strong", {}, `${predicted ? "As you predicted. " : ""}It is: “${choices[answer]}”.`);
    fill(this.reveal, !right && said, h("p", {}, verdict, ` ${reveal}`));
  }

  /** @param {KeyboardEvent} event */
  ownKey(event) {
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    if (event.key === "PageDown" && this.predicted === null) roomTakes() || this.answer();
    else if (event.key === "PageDown") this.go(this.index + 1);
    else if (event.key === "PageUp") this.go(this.index - 1);
    else if (digit >= 0 && this.predicted === null && digit < this.step.choices.length) this.predict(digit);
    else return false;
    return true;
  }
}

/**
 * The mode that plays the steps of the stage's value; the store keeps the step in `tour`, from 1. `first` is also the
 * mode after the tour; `note` is for who comes with another choice of `key` than at first; `veil` stands under the card
 * where a step hides results, until the prediction.
 * @param {HostingSettings} settings @returns {ModeModule}
 */
export default (settings) => ({ create: (ctx) => new Tour(ctx, settings) });
