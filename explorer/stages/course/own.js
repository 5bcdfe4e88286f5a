/** A course that a visitor makes of states of the page: kept in this browser, and all of it in its link. */

import { download } from "../kit/export/export.js";
import { recall, remember } from "../kit/base/kept.js";
import { button, fill, h, setText, styled } from "../kit/base/dom.js";
import { askOf } from "./exercise.js";
import {
  ANSWERS,
  answersOf,
  EXERCISE,
  file,
  LONGEST,
  MINUTES,
  MOST,
  nameOf,
  plain,
  stateOf,
  stepOf,
  stepsOf,
  TITLE,
  WORDS,
} from "./steps.js";

const KEY = "explorer-own-course";
const NAME = "explorer-own-course-title";
const EXERCISE_AT = 6; // place of the exercise in a step

const placeOf = (steps, step) => steps.findIndex((each) => JSON.stringify(each) === JSON.stringify(step));

/** Steps without one, if it is still among them. */
const without = (step) => (steps) => steps.filter((_, at) => at !== placeOf(steps, step));

/** Steps with one of them a place earlier. */
const raised = (step) => (steps) => {
  const at = placeOf(steps, step);
  return at < 1 ? steps : without(step)(steps).toSpliced(at - 1, 0, step);
};

/** Steps with another one in the place of one of them. */
const replaced = (step, by) => (steps) => steps.map((each, at) => at === placeOf(steps, step) ? by : each);

let dialog = null;

const line = (maxlength) => h("input", { type: "text", maxlength });
const several = (rows, maxlength) => h("textarea", { rows, maxlength });
const named = (name, field) => h("label", {}, h("span", {}, name), field);

/** Opens the list of the states that were taken into the course. */
export function collect() {
  dialog ??= new Collected();
  dialog.open();
}

class Collected {
  constructor() {
    styled("own.css", import.meta.url);
    /** @type {StepStored | null} */
    this.edited = null;
    this.name = line(120);
    this.name.addEventListener("change", () => remember(NAME, this.name.value));
    this.title = line(120);
    this.minutes = h("input", { type: "number", min: 1, max: MINUTES, value: 3 });
    this.words = several(2, WORDS);
    this.question = line(200);
    this.answers = line(500);
    this.after = several(2, WORDS);
    this.notes = several(2, WORDS);
    this.exercise = h("textarea", { rows: 6, maxlength: EXERCISE, spellcheck: "false" });
    this.list = h("ol", {});
    this.says = h("p", { role: "status" });
    this.tools = [
      button("Open it", () => location.assign(this.link())),
      button("Copy its link", () => this.copy()),
      button(
        "Save its file",
        () => download(new Blob([file(this.steps, this.name.value)], { type: "text/markdown" }), "my-course.md"),
      ),
    ];
    this.adds = h("button", { class: "button primary" }, "Add this state");
    this.ends = button("Leave it as it was", () => this.edit(null));
    const fields = [
      named("Name of this step", this.title),
      named("Minutes", this.minutes),
      named("Words (optional)", this.words),
      named("Question (optional)", this.question),
      named("Answers, the right one first, separated by ;", this.answers),
      named("Words after the answer (optional)", this.after),
      named("Notes for the speaker (optional)", this.notes),
      named("Exercise as text (optional): # name · title, then its lines", this.exercise),
    ];
    addEventListener("storage", ({ key }) => key === KEY && this.show(""));
    const add = h("form", {}, fields, h("div", { class: "tools" }, this.adds, this.ends));
    add.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
    const close = button("Close", () => this.element.close());
    this.element = h(
      "dialog",
      { class: "dialog outside own-course", "aria-label": "My course" },
      h("h2", {}, TITLE),
      named("Title of the course", this.name),
      add,
      this.list,
      this.says,
      h("div", { class: "tools" }, ...this.tools, close),
    );
    document.body.append(this.element);
  }

  /** The steps that this browser keeps: another page of it may have changed them. */
  get steps() {
    return stepsOf(recall(KEY));
  }

  open() {
    const tab = document.querySelector("#families [role=tab][aria-selected=true]")?.textContent.trim() ?? "";
    const names = document.querySelectorAll(".stage :is(.mode-title, .within [aria-selected=true])");
    const mode = [...names].findLast((each) => each.checkVisibility());
    this.name.value = recall(NAME) ?? "";
    this.edit(null);
    this.title.value = plain([tab, mode?.textContent].filter(Boolean).join(": "));
    this.show("");
    this.element.showModal();
    this.title.select();
  }

  /** Takes a step into the fields, so that it is changed there; null for a new one. @param {StepStored | null} step */
  edit(step) {
    this.edited = step;
    const [title, , minutes, words = "", question = "", answers = [], exercise = "", after = "", notes = ""] = step ??
      [this.title.value, "", this.minutes.value];
    const values = { title, minutes, words, question, answers: answers.join("; "), exercise, after, notes };
    for (const [name, value] of Object.entries(values)) this[name].value = String(value);
    setText(this.adds, step ? "Save this step" : "Add this state");
    this.ends.hidden = !step;
  }

  async add() {
    const { edited } = this;
    const at = edited?.[1] ?? stateOf(globalThis.explorerAddress.search);
    const minutes = Math.max(1, Math.min(MINUTES, Math.round(this.minutes.valueAsNumber) || 1));
    if (!edited && this.steps.length >= MOST) return this.show(`A course has ${MOST} steps at most.`);
    if (at.length > LONGEST) return this.show("This state is too long for a step: a drawing is kept in its address.");
    const answers = answersOf(this.answers.value).slice(0, ANSWERS);
    const [words, question, exercise] = [this.words.value, this.question.value, this.exercise.value];
    const [after, notes] = [this.after.value, this.notes.value];
    const added = stepOf(this.title.value || TITLE, at, minutes, words, question, answers, exercise, after, notes);
    const source = added[EXERCISE_AT];
    const wrong = source && (await askOf("tried", { source })).error;
    if (wrong) return this.show(`The exercise was not added: ${wrong}`);
    this.edit(null);
    if (edited) this.change(replaced(edited, added), "Saved.");
    else this.change((steps) => [...steps, added], "Added.");
  }

  /** Keeps what `to(steps)` makes of the steps. */
  change(to, says) {
    const kept = remember(KEY, to(this.steps));
    this.show(kept ? says : "This browser keeps nothing: copy the link before you leave.");
  }

  show(says) {
    const { steps } = this;
    setText(this.says, says || (steps.length ? "" : "No state has been added yet."));
    for (const tool of this.tools) tool.disabled = !steps.length;
    fill(this.list, steps.map((step, index) => this.item(step, index)));
  }

  item(step, index) {
    const [title, at, minutes] = step;
    const up = button("↑", () => this.change(raised(step), `${title} moved up.`), { disabled: index === 0 });
    const away = button("×", () => this.change(without(step), `${title} removed.`));
    const edit = button("Edit", () => this.edit(step));
    edit.setAttribute("aria-label", `Edit ${title}`);
    up.setAttribute("aria-label", `Move ${title} up`);
    away.setAttribute("aria-label", `Remove ${title}`);
    return h("li", {}, h("a", { href: `?${at}` }, title), ` ${minutes} min `, edit, up, away);
  }

  link() {
    const address = new URL(location.pathname, location.href);
    address.search = `${this.steps[0][1]}&course=${nameOf(this.steps, this.name.value)}`;
    return address.href;
  }

  async copy() {
    const copied = await navigator.clipboard?.writeText(this.link()).then(() => true, () => false);
    if (copied) return this.show("The link is copied: it holds the whole course.");
    this.show("");
    fill(this.says, "Copy this link: ", h("a", { href: this.link() }, this.link()));
  }
}
