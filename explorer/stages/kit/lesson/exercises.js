/**
 * The exercises: each sets the stage and asks; a number, a choice or the stage itself answers, and Python says at once
 * whether it is right. Below the card works the mode that the exercise is about.
 */

import { button, fill, h, numberBox, setName, setText } from "../base/dom.js";
import { Answers } from "./exercise_answers.js";
import { offer, roomTakes } from "./asked_class.js";
import { full } from "../base/format.js";
import { whenever } from "../base/live.js";
import { untracked } from "../base/vendor/signals-core.js";
import { Hosting } from "../shell/hosting.js";
import { whileBusy } from "../panel/parts.js";
import { rove } from "../base/rove.js";
import { readingsOf } from "../base/typed.js";
import { nextSeed } from "../panel/seed.js";

const FAILED = "The exercise could not be read. Choose it again in a moment.";
const EXAMPLES = "such as 0.25, −1.5, 1/3 or 2×10⁻³";
const MARKS = {
  right: ["✓", "right"],
  late: ["○", "right, after its worked answer was shown"],
  wrong: ["✗", "not right yet"],
};

class Exercises extends Hosting {
  /** `settings` are those of the module. @param {Ctx} ctx @param {HostingSettings} settings */
  constructor(ctx, settings) {
    super(ctx, { ...settings, name: "exercises" });
    /** @type {Exercise[]} */
    this.list = ctx.value().exercises;
    this.answers = new Answers(ctx.value().tab);
    /** @type {Answer | null} */
    this.asked = null;
    this.hints = 0;
    /** @type {string | null} */
    this.shown = null;
    /** @type {number | null} */
    this.left = null;
    this.build();
    whenever(() => {
      void [this.state.exercise, this.state.numbers];
      if (this.shown && this.drawn !== this.shown) untracked(() => this.show());
    });
  }

  build() {
    this.title = h("h2", { class: "tour-title", tabindex: -1 });
    this.places = this.list.map(({ title }, i) => button("", () => this.go(i), { kind: "exercise-place", title }));
    this.question = h("p", {});
    this.form = h("form", { class: "exercise-form" });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.verdict = h("p", { class: "exercise-verdict", "aria-live": "polite" });
    this.help = h("div", { class: "exercise-help", "aria-live": "polite" });
    this.hint = button("Hint", () => this.showHint());
    this.work = button("Worked answer", () => this.showWorked());
    this.next = button("Next exercise", () => this.go(this.index + 1));
    const places = rove(h("div", { class: "exercise-places", role: "group", "aria-label": "Exercises" }, this.places));
    this.card = h(
      "section",
      { class: "tour-card", "aria-label": "Exercise" },
      h("div", { class: "row tour-head" }, this.title, places),
      this.question,
      this.form,
      this.verdict,
      this.help,
      this.more = h("div", { class: "row" }, this.hint, this.work, this.next),
    );
    this.hold(this.card);
    const choose = (numbers) => this.ctx.store.commit({ numbers });
    this.box = numberBox("Seed of the numbers", { field: this.ctx.fields.numbers, onchange: choose });
    const other = button("New numbers", () => choose(nextSeed(this.ctx, "numbers")), {
      title: "The same exercises with other numbers; who opens your link gets the same as you",
    });
    const save = button("Save answers", () => this.answers.save(this.seed), {
      title: "Your answers of this seed in every tab, as a file that can be checked again",
    });
    this.controls = button("", () => this.turn(!this.atControls));
    this.count = h("p", { class: "quiet" });
    const foot = h("div", { class: "row tour-foot" }, this.controls, this.box, other, save, this.count);
    fill(this.ctx.panel, this.card, this.stage, foot);
    this.turn(false);
  }

  turn(atControls) {
    super.turn(atControls);
    setText(this.controls, atControls ? "Back to the exercise" : "Show the controls");
  }

  get seed() {
    return this.ctx.store.get().numbers;
  }

  get index() {
    return Math.max(0, this.list.findIndex(({ name }) => name === this.ctx.store.get().exercise));
  }

  get exercise() {
    return this.list[this.index];
  }

  enter() {
    this.begin(this.ctx.store.get().exercise, this.left);
  }

  leave() {
    super.leave();
    offer(null);
    this.left = this.index;
    this.shown = null;
    this.restore({ exercise: null });
  }

  /** @param {number} index */
  go(index) {
    if (index < 0 || index >= this.list.length) return;
    this.set(index);
    this.title.focus({ preventScroll: true });
    this.reach(this.title);
  }

  /** @param {number} index */
  set(index) {
    const { name, state } = this.list[index];
    this.ctx.store.commit({ ...this.stateOf(state, true), exercise: name });
    this.show();
  }

  get drawn() {
    return `${this.exercise.name} ${this.seed}`;
  }

  async show() {
    const { ctx, exercise, seed } = this;
    const shown = this.shown = this.drawn;
    this.asked = null;
    this.hints = 0;
    this.turn(false);
    this.card.classList.toggle("sets-stage", exercise.kind === "stage");
    this.box.set(seed);
    setText(this.title, exercise.title);
    fill(this.question, "…");
    for (const part of [this.form, this.verdict, this.help]) fill(part);
    this.hint.disabled = this.work.disabled = true;
    this.next.hidden = this.index === this.list.length - 1;
    this.mark();
    offer(null);
    this.open(exercise.state.mode ?? this.settings.first);
    const again = () => this.shown === shown && this.show();
    const asked = await ctx.ask("exercise_asked", { exercise: exercise.name, numbers: seed }, { again });
    if (this.shown !== shown) return;
    setText(this.question, asked?.question ?? FAILED);
    if (asked) this.layOut(asked);
  }

  /** Lays out what answers the question. @param {Answer} asked */
  layOut(asked) {
    this.asked = asked;
    this.work.disabled = false;
    this.nameHint();
    fill(this.form, this[{ number: "typed", choice: "chosen", stage: "staged" }[this.exercise.kind]](asked));
    const kept = this.answers.of(this.exercise.name, this.seed);
    if (kept?.right) this.tell(true, "You have answered this.");
    if (this.exercise.kind !== "stage") offer(this.forClass(asked));
  }

  /** The exercise as a class is asked it; the answer, which stays on the server until then, comes with the worked one. @param {any} asked */
  forClass({ question, choices, unit }) {
    const { exercise, seed } = this;
    const name = `${this.ctx.value().tab} ${exercise.name} ${seed}`;
    const found = { asked: { name, unit, choices }, title: question, reasons: [], reveal: () => this.showWorked() };
    const prepare = async () => {
      const worked = await this.ctx.ask("exercise_worked", { exercise: exercise.name, numbers: seed });
      Object.assign(found.asked, worked?.votes);
      found.reasons = worked?.reasons ?? [];
    };
    return Object.assign(found, { prepare });
  }

  typed({ unit, within, signed }) {
    const kept = this.answers.of(this.exercise.name, this.seed)?.answer;
    this.input = h("input", {
      ...{ type: "text", class: "exercise-input number", autocomplete: "off", spellcheck: "false" },
      ...{ "aria-label": unit ? `Your answer in ${unit}` : "Your answer", enterkeyhint: "done" },
      inputmode: signed ? "text" : "decimal", // the numbers of a phone may have no minus
    });
    if (typeof kept === "number" && Number.isFinite(kept)) this.input.value = full(kept);
    const about = h("span", { class: "quiet" }, [unit, `within ${within}`].filter(Boolean).join(", "));
    this.submitter = h("button", { type: "submit", class: "button primary" }, "Check");
    return h("div", { class: "row" }, this.input, about, this.submitter);
  }

  chosen({ choices }) {
    const buttons = choices.map((choice, place) => button(choice, () => this.check(place, buttons[place])));
    this.buttons = buttons;
    return rove(h("div", { class: "tour-choices", role: "group", "aria-label": "Answers" }, buttons));
  }

  staged() {
    this.submitter = h("button", { type: "submit", class: "button primary" }, "Check the stage");
    return h("div", { class: "row" }, this.submitter);
  }

  submit() {
    const { kind, reads } = this.exercise;
    if (kind === "choice") return;
    if (kind === "stage") {
      const state = this.ctx.store.get();
      this.check(Object.fromEntries(reads.map((key) => [key, state[key]])), this.submitter);
      return;
    }
    const { unit } = this.asked;
    const readings = readingsOf(this.input.value, unit);
    if (readings.length === 1) this.check(readings[0], this.submitter);
    else if (readings.length) this.askWhich(readings);
    else this.tell(false, `Wanted: a number${unit ? ` in ${unit}` : ""}, ${EXAMPLES}.`);
  }

  /** Asks which of several numbers was typed, and checks the chosen one. @param {number[]} readings */
  askWhich(readings) {
    const choose = (value) => {
      this.input.value = full(value);
      this.check(value, this.submitter);
    };
    const buttons = readings.map((value) => button(full(value), () => choose(value)));
    fill(this.verdict, `“${this.input.value.trim()}” may be ${readings.map(full).join(" or ")}. Choose one: `, buttons);
    this.reach(this.verdict);
  }

  /** Asks whether an answer is right, and keeps what came of it. @param {unknown} answer @param {HTMLElement} element */
  async check(answer, element) {
    const { exercise, seed, shown } = this;
    const asked = { exercise: exercise.name, numbers: seed };
    const again = () => this.shown === shown && this.check(answer, element);
    const found = await whileBusy(
      element,
      () =>
        exercise.kind === "stage"
          ? this.ctx.ask("exercise_set", { ...asked, state: answer }, { again })
          : this.ctx.ask("exercise_checked", { ...asked, answer }, { again }),
    );
    if (document.activeElement === document.body) element.focus({ preventScroll: true }); // busy, it had lost it
    if (!found) return;
    this.answers.add(exercise.name, seed, answer, found.right);
    this.mark();
    if (this.shown !== shown) return;
    if (exercise.kind === "choice") element.setAttribute("aria-pressed", String(found.right));
    this.tell(found.right, found.said);
  }

  /** @param {boolean} right @param {string} words */
  tell(right, words) {
    fill(this.verdict, h("strong", { "aria-hidden": "true" }, right ? "✓ " : "✗ "), words);
    this.next.classList.toggle("primary", right);
    if (right) this.next.focus({ preventScroll: true });
    this.reach(this.verdict);
  }

  nameHint() {
    const left = this.asked.hints.length - this.hints;
    setText(this.hint, left === 1 ? "Hint" : `Hint (${left} left)`);
    this.hint.disabled = left === 0;
  }

  showHint() {
    this.help.append(h("p", {}, this.asked.hints[this.hints++]));
    this.answers.note(this.exercise.name, this.seed, { hints: this.hints });
    this.nameHint();
    this.reach(this.help);
  }

  async showWorked() {
    const { exercise, seed, shown } = this;
    const again = () => this.shown === shown && this.showWorked();
    const found = await whileBusy(
      this.work,
      () => this.ctx.ask("exercise_worked", { exercise: exercise.name, numbers: seed }, { again }),
    );
    if (!found || this.shown !== shown) return;
    this.answers.note(exercise.name, seed, { worked: true });
    this.hint.disabled = this.work.disabled = true;
    const lines = found.worked.map((line) => h("p", {}, line));
    fill(this.verdict);
    const so = exercise.kind === "stage" &&
      button("Set the stage so", () => this.ctx.store.commit(found.solved));
    fill(this.help, h("div", { class: "exercise-worked" }, lines, so));
    this.reach(this.help);
  }

  /** Marks each exercise by what was answered with this seed, and says how many are right. */
  mark() {
    const marks = this.list.map(({ name }) => this.answers.markOf(name, this.seed));
    this.places.forEach((place, i) => {
      const [sign, words] = MARKS[marks[i]] ?? ["", "not answered"];
      setText(place, sign || String(i + 1));
      setName(place, `Exercise ${i + 1}, ${this.list[i].title}: ${words}`);
      if (i === this.index) place.setAttribute("aria-current", "step");
      else place.removeAttribute("aria-current");
    });
    const right = marks.filter((mark) => mark === "right" || mark === "late").length;
    setText(this.count, `${right} of ${marks.length} right`);
  }

  /** @param {KeyboardEvent} event */
  ownKey({ key, target }) {
    if (key === "PageDown") roomTakes() || this.go(this.index + 1);
    else if (key === "PageUp") this.go(this.index - 1);
    else if (this.exercise.kind === "choice" && !target.matches("input") && this.asked?.choices[Number(key) - 1]) {
      this.check(Number(key) - 1, this.buttons[Number(key) - 1]);
    } else return false;
    return true;
  }
}

/**
 * The mode of the exercises of the stage's value; the store keeps the one that is open in `exercise`, by its name, and
 * the seed of their numbers in `numbers`.
 * @param {HostingSettings} settings @returns {ModeModule}
 */
export default (settings) => ({
  hint: "A number, a choice or the stage itself is the answer.",
  create: (ctx) => new Exercises(ctx, settings),
});
