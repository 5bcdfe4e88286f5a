/** An exercise of a course: its text is the course's, and Python draws its numbers and checks the answer. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { readingsOf } from "../kit/base/typed.js";
import { whileBusy } from "../kit/panel/parts.js";
import { page } from "../kit/shell/opened.js";

const OF_THE_PAGE = -1; // no component of the page
const SILENT = "The server did not answer. Try again in a moment.";
const WANTED = "Wanted: a number, such as 0.25, −1.5, 1/3 or 2×10⁻³.";
const SEED = 1; // everybody's first numbers

/**
 * The server's answer to a question about an exercise; `error` says what is wrong.
 *
 * @param {"tried" | "asked" | "checked" | "worked"} what
 * @param {{source: string, numbers?: number, answer?: number}} data
 * @returns {Promise<any>}
 */
export async function askOf(what, data) {
  const { root, api_prefix: prefix } = globalThis.gradio_config;
  const asked = { data, component_id: OF_THE_PAGE, fn_name: `own_exercise_${what}`, session_hash: page };
  try {
    const headers = { "content-type": "application/json" };
    const found = await fetch(`${root}${prefix}/component_server`, {
      ...{ method: "POST", headers },
      body: JSON.stringify(asked),
    });
    return await found.json();
  } catch {
    return { error: SILENT };
  }
}

/** The card of an exercise in a course's step. */
export class CourseExercise {
  constructor() {
    this.source = "";
    this.seed = 0;
    /** @type {string[]} */
    this.hints = [];
    /** Index of the step that asks it. @type {number | null} */
    this.of = null;
    /** @type {any} */
    this.asked = null;
    this.question = h("p", { class: "asks" });
    this.form = h("form", { class: "row" });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.verdict = h("p", { class: "verdict", "aria-live": "polite" });
    this.help = h("div", { "aria-live": "polite" });
    this.hint = button("Hint", () => this.showHint());
    this.work = button("Worked answer", () => this.showWorked());
    const other = button("New numbers", () => this.show(this.source, this.seed + 1));
    const tools = h("div", { class: "row" }, this.hint, this.work, other);
    this.element = h("section", { "aria-label": "Exercise" }, this.question, this.form, this.verdict, this.help, tools);
    this.element.classList.add("course-exercise");
  }

  /** Asks the exercise of this text with the numbers of a seed; an empty text hides the card. */
  async show(source = "", seed = SEED) {
    const shown = this.shown = {};
    this.source = source;
    this.seed = seed;
    this.hints = [];
    this.asked = {};
    this.element.hidden = !source;
    for (const part of [this.form, this.verdict, this.help]) fill(part);
    setText(this.question, source && "…");
    if (!source) return;
    const found = await askOf("asked", { source, numbers: seed });
    if (this.shown !== shown) return;
    this.hint.disabled = this.work.disabled = Boolean(found.error);
    setText(this.question, found.error ?? found.question);
    if (found.error) return;
    this.asked = found;
    this.hints = [...found.hints];
    this.hint.disabled = !this.hints.length;
    fill(this.form, found.kind === "choice" ? this.chosen(found) : this.typed(found));
  }

  typed({ unit, within }) {
    this.input = h("input", {
      ...{ type: "text", class: "number", autocomplete: "off", spellcheck: "false" },
      "aria-label": unit ? `Your answer in ${unit}` : "Your answer",
    });
    this.submitter = h("button", { type: "submit", class: "button primary" }, "Check");
    const about = h("span", { class: "quiet" }, [unit, `within ${within}`].filter(Boolean).join(", "));
    return [this.input, about, this.submitter];
  }

  chosen({ choices }) {
    const answers = choices.map((choice, place) => button(choice, () => this.check(place, answers[place])));
    return h("div", { class: "row", role: "group", "aria-label": "Answers" }, answers);
  }

  submit() {
    if (this.asked.kind !== "number") return;
    const readings = readingsOf(this.input.value, this.asked.unit);
    if (readings.length === 1) this.check(readings[0], this.submitter);
    else setText(this.verdict, WANTED);
  }

  /** Says whether an answer is right. */
  async check(answer, element) {
    const { shown, source, seed } = this;
    const found = await whileBusy(element, () => askOf("checked", { source, numbers: seed, answer }));
    if (this.shown !== shown) return;
    const sign = found.right ? "✓ " : "✗ ";
    fill(this.verdict, found.error ? found.error : [h("strong", { "aria-hidden": "true" }, sign), found.said]);
  }

  showHint() {
    this.help.append(h("p", {}, this.hints.shift()));
    this.hint.disabled = !this.hints.length;
  }

  async showWorked() {
    const { shown, source, seed } = this;
    const found = await whileBusy(this.work, () => askOf("worked", { source, numbers: seed }));
    if (this.shown !== shown) return;
    this.hint.disabled = this.work.disabled = true;
    fill(this.help, (found.worked ?? [found.error]).map((line) => h("p", {}, line)));
  }
}
