/**
 * A course: steps across the tabs, each a state in the address, with a question to predict and the speaker's notes. In a
 * wide window it stands in place of the navigation, else over the foot of the page. Page Down and Page Up, as
 * presenters' remotes send them, lead on and back, and so do the arrows while the course has the focus.
 */

import { button, fill, h, isBrowsers, presents, setText, styled, tellAgain } from "../kit/base/dom.js";
import { recallVisit, rememberVisit } from "../kit/base/kept.js";
import { notice } from "../kit/base/notice.js";
import { offer, questionOf, roomTakes } from "../kit/lesson/asked_class.js";
import { menu } from "../kit/shell/menu.js";
import { clockWords, minutes, timeSince } from "./clock.js";
import { CourseExercise } from "./exercise.js";
import { setFormulas } from "./formulas.js";
import { handOut, openHandout } from "./handout.js";
import { keepFoot, lead, orderOf, outside, saysState, settled, stage } from "./leading.js";
import { Notes } from "./notes.js";
import { isCut, isOwn, read } from "./steps.js";

const TICK_MS = 1000;
const TYPED = "textarea, input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])";
const MISSING = "This course could not be read; perhaps its name is wrong, or the line is down.";
const CUT = "The link of this course is not whole, so it could not be read. Copy all of it, or ask for it again.";
const BLOCKED = "The browser did not open a window for the handout: allow it for this page, and press again.";

const ROOM = { idle: "Ask the class", open: "Show", shown: "Talk and vote again", again: "Reveal" };

/** Reads the course that the address names, and shows the step that it says. */
export async function begin() {
  const asked = new URLSearchParams(globalThis.explorerAddress.search);
  const name = asked.get("course");
  const { root, api_prefix: prefix } = globalThis.gradio_config;
  const file = `${root}${prefix}/file=`;
  styled("course.css", import.meta.url);
  const course = isOwn(name) ? read(name) : await fetched(`${file}courses/${encodeURIComponent(name)}.json`);
  if (!course) {
    document.body.append(
      h("aside", { class: "course outside", role: "alert" }, h("p", {}, isCut(name) ? CUT : MISSING)),
    );
    return;
  }
  if (asked.has("handout")) return handOut(course);
  document.body.append(new Course(name, course).element);
}

/** @param {string} address @returns {Promise<CourseTold | null>} */
async function fetched(address) {
  const answer = await fetch(address).catch(() => null);
  return answer?.ok ? await answer.json() : null;
}

class Course {
  /** @param {string} name @param {CourseTold} told */
  constructor(name, { title, minutes: total, steps, origin = "" }) {
    this.name = name;
    this.title = title;
    this.total = total;
    this.steps = steps;
    this.origin = origin;
    /** @type {Map<number, {first: number | null, choice: number}>} */
    this.predicted = new Map();
    /** @type {number[]} */
    this.order = [];
    this.presents = false;
    /** @type {number | undefined} */
    this.warned = undefined;
    this.timeSince = timeSince(this.started);
    this.folded = false;
    this.notes = new Notes(this);
    this.build();
    this.show();
    addEventListener("popstate", () => this.show());
    document.addEventListener("explorer-room", () => this.nameNext());
    addEventListener("keydown", (event) => this.key(event), true);
    document.addEventListener("explorer-present", () => this.present());
    setInterval(() => this.tick(), TICK_MS);
    const asked = new URLSearchParams(globalThis.explorerAddress.search);
    const number = asked.get("page") ?? asked.get("step");
    if (number !== null) notice(outside(number, steps.length));
    if (asked.has("page") && saysState(asked)) this.makeRoom();
    else this.go(this.indexOf(number), { replace: true });
  }

  build() {
    this.place = h("span", { class: "place number" });
    this.heading = h("h2", { tabindex: -1 });
    this.words = h("p", {});
    this.question = h("p", { class: "question" });
    this.choices = h("div", { class: "choices", role: "group" });
    this.reveal = h("p", { class: "reveal", "aria-live": "polite" });
    this.exercise = new CourseExercise();
    const others = h("a", { href: "?tab=start" }, "the other courses, on Start");
    this.onward = h("p", { hidden: true }, "Then: ", others, ".");
    this.clock = h("span", { class: "clock number", title: "Since the course was opened, beside the plan" });
    this.back = button("Back", () => this.go(this.at - 1), { title: "Page Up, or ← in this card", kind: "back" });
    this.next = button("Next", () => this.isLast && !this.asks ? this.end() : this.go(this.at + 1), {
      title: "Page Down, or → in this card",
      kind: "primary",
    });
    this.fold = button("", () => this.turn(!this.folded), { kind: "fold" });
    const more = menu(
      "More",
      button("Open a room", () => this.openRoom(), { title: "Students predict and vote on their phones" }),
      button("Notes", () => this.notes.open(), { title: "The speaker's notes, in a window of their own" }),
      button("Handout", () => this.handOut(), { title: "Every step with its picture, to be printed" }),
      button("Start the clock again", () => this.restart(), { title: "The plan counts from now" }),
      button("End", () => this.end(), { title: "Leave the course; the page stays as it is" }),
    );
    more.list.addEventListener("click", () => more.list.close());
    const head = h(
      "div",
      { class: "head" },
      this.heading,
      this.place,
      this.clock,
      this.fold,
      more,
      this.back,
      this.next,
    );
    this.from = h("p", { class: "origin", hidden: !this.origin }, this.origin);
    this.scroller = h(
      "div",
      { class: "words" },
      h("div", {}, this.from, this.words),
      h("div", {}, this.question, this.choices, this.reveal, this.exercise.element, this.onward),
    );
    const named = { class: "course outside", "aria-label": `Course: ${this.title}` };
    this.element = h("aside", named, head, this.scroller);
    keepFoot(this.element, () => this.uncover());
    // who presents has a picture that shrinks until it fits: what was scrolled before is in sight again
    new ResizeObserver(() => this.presents && this.uncover()).observe(document.body);
    this.turn(false);
  }

  /** Current step of the course, from 0; `step` in an address is some stage's own, once there is a `page`. */
  get at() {
    return this.indexOf(new URLSearchParams(globalThis.explorerAddress.search).get("page"));
  }

  /** Index of a number in the address, which counts from 1; the first without one. @param {string | null} said */
  indexOf(said) {
    const number = Number(said ?? 1);
    return Math.max(0, Math.min(this.steps.length - 1, (Number.isInteger(number) ? number : 1) - 1));
  }

  get step() {
    return this.steps[this.at];
  }

  /** Folds the words away, so that the whole stage is in sight. @param {boolean} folded */
  turn(folded) {
    this.folded = folded;
    this.element.classList.toggle("folded", folded);
    setText(this.fold, folded ? "Words" : "Fold");
    this.fold.setAttribute("aria-expanded", String(!folded));
  }

  /** Folds the words of a step away for a presenter, unless the step asks something. */
  present() {
    const now = presents();
    if (now && !(this.presents && this.presented === this.at)) {
      this.turn(!this.step.choices.length && !this.step.exercise);
    }
    this.presents = now;
    this.presented = this.at;
  }

  /** Sets the page to a step: its address, which every tab follows as it does the browser's history. @param {number} index */
  go(index, { replace = false } = {}) {
    if (this.asks && !replace && index > this.at) return roomTakes() || this.tell();
    if (index < 0 || index >= this.steps.length) return;
    lead(this.steps[index].at, [["course", this.name], ["page", index + 1]], replace);
    this.heading.focus({ preventScroll: true });
    document.querySelector("#families")?.scrollIntoView({ block: "start" });
    this.makeRoom();
  }

  /** Once the stage of this step has come to rest, what the course covers of it is uncovered. */
  async makeRoom() {
    const { step } = this;
    await settled();
    if (step === this.step) this.uncover();
  }

  /** Scrolls the covered part of the stage into sight, while the top of the stage stays in sight. */
  uncover() {
    if (this.element.offsetTop === 0) return; // at the side it covers nothing
    const drawn = [...(stage()?.querySelectorAll(".main > *") ?? [])].map((each) => each.getBoundingClientRect());
    const top = Math.min(...drawn.map((each) => each.top));
    const covered = Math.max(...drawn.map(({ bottom }) => bottom)) - this.element.offsetTop;
    const back = this.presents ? Math.max(covered, -scrollY) : 0;
    const by = covered > 0 ? Math.max(0, Math.min(covered, top)) : back;
    if (by) scrollBy({ top: by, behavior: "instant" });
  }

  show() {
    const { step, at } = this;
    setText(this.heading, step.title);
    setText(this.place, `${at + 1} of ${this.steps.length}`);
    setFormulas(this.words, step.words);
    setFormulas(this.question, step.question);
    const order = orderOf(step, at);
    this.choices.setAttribute("aria-label", step.question || "No question here");
    const choiceOf = (/** @type {number} */ choice) =>
      setFormulas(button("", () => this.predict(choice)), step.choices[choice]);
    fill(this.choices, order.map(choiceOf));
    this.order = order;
    offer(questionOf(`${this.name.slice(0, 80)} ${at + 1}`, step, order, () => this.tell()));
    this.back.disabled = at === 0;
    this.onward.hidden = !this.isLast;
    if (this.exercise.of !== at) this.exercise.show(step.exercise);
    this.exercise.of = at;
    this.scroller.scrollTop = 0;
    this.from.hidden ||= this.warned !== undefined && this.warned !== at; // it has been read once
    this.warned ??= at;
    this.nameNext();
    this.mark();
    this.tick();
    this.present();
  }

  /** Until somebody has predicted, the stage keeps its answer to itself, as in a tour. @param {boolean} asks */
  veil(asks) {
    document.documentElement.classList.toggle("course-asks", asks);
    document.documentElement.classList.toggle("course-asks-results", asks && Boolean(this.step.hides));
    tellAgain(document);
  }

  get isLast() {
    return this.at === this.steps.length - 1;
  }

  /** True while the answer to the step's question has not been told. */
  get asks() {
    return this.step.choices.length > 0 && !this.predicted.has(this.at);
  }

  nameNext() {
    const room = this.asks && ROOM[globalThis.explorerRoom?.phase];
    setText(this.next, room || this.asks ? room || "Answer" : this.isLast ? "End" : "Next");
  }

  /** Others may be tried afterwards; the first prediction counts. @param {number} choice */
  predict(choice) {
    const first = this.predicted.get(this.at)?.first ?? choice;
    this.predicted.set(this.at, { first, choice });
    this.nameNext();
    this.mark();
    this.toExplanation();
  }

  /** Tells the answer where nobody has predicted: who presents with a remote goes on with the next press. */
  tell() {
    this.predicted.set(this.at, { first: null, choice: this.step.answer });
    this.turn(false);
    this.nameNext();
    this.mark();
    this.toExplanation();
  }

  /** Brings the whole explanation into sight, if the words are longer than their place. */
  toExplanation() {
    const below = this.reveal.getBoundingClientRect().bottom - this.scroller.getBoundingClientRect().bottom;
    if (below > 0) this.scroller.scrollTop += below;
  }

  /** Shows what was predicted, and what is so; at the end, how often that was the same. */
  mark() {
    const { step, at } = this;
    const chosen = this.predicted.get(at)?.choice;
    const known = chosen !== undefined;
    this.element.classList.toggle("answered", known);
    this.veil(step.choices.length > 0 && !known);
    [...this.choices.children].forEach((item, place) => {
      const choice = this.order[place];
      item.setAttribute("aria-pressed", String(choice === chosen));
      item.classList.toggle("right", known && choice === step.answer);
    });
    const own = [...this.predicted].filter(([, { first }]) => first !== null);
    const right = own.filter(([place, { first }]) => this.steps[place].answer === first).length;
    const sum = this.isLast && own.length ? ` ${right} of ${own.length} first predictions were right.` : "";
    setFormulas(this.reveal, `${known ? step.reveal : ""}${sum}`.trim());
  }

  /** Time at which the course was opened in this window. */
  get started() {
    return Number(recallVisit(`course ${this.name}`, Date.now));
  }

  /** Counts the time from now. */
  restart() {
    rememberVisit(`course ${this.name}`, Date.now());
    this.timeSince = timeSince(this.started);
    this.tick();
  }

  tick() {
    const spent = this.timeSince(Date.now()) / 60_000;
    const planned = minutes(this.steps.slice(0, this.at));
    const isLate = spent > planned;
    const skips = isLate && this.step.skips ? " · late: skip this step" : "";
    setText(this.clock, clockWords(spent, planned, planned + this.step.minutes, this.total) + skips);
    this.clock.classList.toggle("late", spent > planned + this.step.minutes);
    this.notes.show();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isBrowsers(event) || event.target.matches?.(TYPED)) return;
    const inNotes = event.view !== document.defaultView; // in their window
    const keeps = event.target.matches?.("input, select"); // its arrows and digits
    const inside = !keeps &&
      (inNotes || event.target === document.body || this.element.contains(/** @type {Node} */ (event.target)));
    const digit = inside && /^[1-4]$/.test(event.key) ? Number(event.key) - 1 : -1;
    if (event.key === "PageDown" || (inside && event.key === "ArrowRight")) this.go(this.at + 1);
    else if (event.key === "PageUp" || (inside && event.key === "ArrowLeft")) this.go(this.at - 1);
    else if (digit >= 0 && digit < this.order.length) this.predict(this.order[digit]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  openRoom() {
    globalThis.explorerClass().catch(({ message }) => setText(this.reveal, message));
  }

  handOut() {
    if (!openHandout(this.name, this.step.at)) setText(this.reveal, BLOCKED);
  }

  end() {
    this.notes.close();
    const address = new URL(globalThis.explorerAddress.href);
    for (const key of ["course", "page"]) address.searchParams.delete(key);
    location.assign(address);
  }
}
