/** The lesson: each step sets the stage, asks for a prediction, then reveals. Below it works the mode that the step is about. */
import { button, fill, h, setText } from "../shared/dom.js";
import { readAddress } from "../shared/address.js";
import { fields } from "./fields.js";
import { createLoader } from "./loader.js";
import { empty } from "./parts.js";

const KEPT = new Set(["mode", "tour"]);

/** A step's state as it would be written in the address, over the initial values where `fresh`. */
function stateOf(query, fresh) {
  const state = readAddress(fields, `?${new URLSearchParams(query)}`);
  return Object.fromEntries(Object.entries(state).filter(([key]) => !KEPT.has(key) && (fresh || key in query)));
}

class Tour {
  constructor(ctx) {
    this.ctx = ctx;
    this.steps = ctx.value().tour ?? [];
    this.inner = null;
    this.load = createLoader(ctx);
    this.ticket = 0;
    this.shown = null;
    this.predicted = null;
    this.build();
  }

  build() {
    this.place = h("span", { class: "tour-place number" });
    this.title = h("h2", { class: "tour-title" });
    this.words = h("p", {});
    this.question = h("p", { class: "tour-question", id: "tour-question" });
    this.choices = h("div", { class: "tour-choices", role: "group", "aria-labelledby": "tour-question" });
    this.reveal = h("div", { class: "tour-reveal", "aria-live": "polite" });
    this.back = button("Back", () => this.go(this.index - 1));
    this.next = button("Next", () => this.go(this.index + 1), { kind: "primary" });
    const head = h("div", { class: "row tour-head" }, this.title, this.place, this.back, this.next);
    this.card = h("section", { class: "tour-card", "aria-label": "Tour" }, head, this.words, this.question, this.choices, this.reveal);
    this.card.addEventListener("keydown", (event) => this.key(event) && event.preventDefault());
    this.stage = h("div", { class: "tour-stage" });
    const none = empty("The tour of this model cannot be read. The other modes still work.");
    fill(this.ctx.panel, this.steps.length ? [this.card, this.stage] : none);
  }

  get index() {
    return Math.max(0, Math.min(this.steps.length, this.ctx.store.get().tour ?? 1) - 1);
  }

  get step() {
    return this.steps[this.index];
  }

  /** Entered by its tab the tour sets the stage; opened from a link it leaves the link's state alone. */
  enter() {
    if (!this.steps.length) return;
    const fromLink = this.shown === null && this.ctx.store.get().tour !== null;
    if (fromLink) this.show();
    else this.set(this.index);
  }

  leave() {
    this.ticket += 1;
    this.inner?.leave?.();
    this.inner = null;
  }

  go(index) {
    if (index >= this.steps.length) {
      this.ctx.store.set({ mode: "explore" }, { commit: true });
      return;
    }
    if (index < 0) return;
    this.set(index);
    this.title.focus({ preventScroll: true });
  }

  set(index) {
    this.ctx.store.set({ ...stateOf(this.steps[index].state, true), tour: index + 1 }, { commit: true });
    this.show();
  }

  show() {
    const { step, index } = this;
    this.shown = index;
    this.predicted = null;
    setText(this.place, `${index + 1} of ${this.steps.length}`);
    setText(this.title, step.title);
    this.title.tabIndex = -1;
    setText(this.words, step.predict);
    setText(this.question, step.question);
    fill(this.choices, step.choices.map((text, i) => button(text, () => this.predict(i), { pressed: false })));
    fill(this.reveal);
    this.back.disabled = index === 0;
    setText(this.next, index === this.steps.length - 1 ? "Explore freely" : "Next");
    this.open(step.state.mode ?? "explore");
  }

  predict(choice) {
    if (this.predicted !== null || choice >= this.step.choices.length) return;
    this.predicted = choice;
    const { answer, reveal, choices, after } = this.step;
    [...this.choices.children].forEach((element, i) => {
      element.setAttribute("aria-pressed", String(i === choice));
      element.classList.toggle("is-answer", i === answer);
      element.hidden = i !== choice && i !== answer;
      element.disabled = true;
    });
    const verdict = choice === answer ? "As you predicted." : `You said “${choices[choice]}”. It is: “${choices[answer]}”.`;
    fill(this.reveal, h("p", {}, h("strong", {}, verdict), ` ${reveal}`));
    this.ctx.store.set(stateOf(after ?? {}, false), { commit: true });
    this.open((after ?? {}).mode ?? this.step.state.mode ?? "explore");
    this.next.focus({ preventScroll: true });
  }

  /** Lets another mode work under the card: the one asked for last. */
  async open(id) {
    const ticket = ++this.ticket;
    const { panel, instance } = await this.load(id);
    if (ticket !== this.ticket || this.ctx.store.get().mode !== "tour") return;
    if (this.inner !== instance) this.inner?.leave?.();
    this.inner = instance;
    fill(this.stage, panel);
    instance.enter?.();
    instance.update?.(new Set(["mode", "assets"]));
    this.ctx.map.redraw();
  }

  update(changed) {
    if (!this.steps.length) return;
    if (changed.has("tour") && this.index !== this.shown) this.show();
    this.inner?.update?.(changed);
  }

  key(event) {
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    if (event.key === "PageDown") this.go(this.index + 1);
    else if (event.key === "PageUp") this.go(this.index - 1);
    else if (digit >= 0 && this.predicted === null && digit < this.step.choices.length) this.predict(digit);
    else return this.card.contains(event.target) ? false : (this.inner?.key?.(event) ?? false);
    return true;
  }

  draw(layer) {
    this.inner?.draw?.(layer);
  }

  pointer(event) {
    return this.inner?.pointer?.(event) ?? false;
  }
}

export default {
  id: "tour",
  title: "Tour",
  hint: "Predict, then see. Page Up and Page Down go back and on; 1 to 4 choose.",
  create: (ctx) => new Tour(ctx),
};
