/** The speaker's notes: a window of this page's own, which needs no server; it follows the course. */

import { fill, h, setText } from "../kit/base/dom.js";
import { setFormulas } from "./formulas.js";

const NONE = "No notes for this step.";
const BLOCKED = "The browser did not open a window for the notes: allow it for this page, and press again.";
const STYLE = "font: 20px/1.5 system-ui, sans-serif; margin: 24px; max-width: 40em";

export class Notes {
  constructor(course) {
    this.course = course;
    this.window = null;
    this.onKey = (event) => course.key(event);
  }

  open() {
    this.window = globalThis.open("", "explorer-notes", "popup,width=560,height=640");
    if (!this.window) {
      setText(this.course.reveal, BLOCKED);
      return;
    }
    this.window.addEventListener("keydown", this.onKey);
    const { document } = this.window;
    document.title = `Notes · ${this.course.title}`;
    document.body.setAttribute("style", STYLE);
    this.parts = { clock: h("p", {}), title: h("h1", {}), notes: h("div", {}), reveal: h("p", {}), then: h("p", {}) };
    fill(document.body, Object.values(this.parts));
    this.show();
  }

  show() {
    if (!this.window || this.window.closed) return;
    const { clock, title, notes, reveal, then } = this.parts;
    const { course } = this;
    const next = course.steps[course.at + 1];
    setText(clock, course.clock.textContent);
    if (title.textContent === course.step.title) return;
    setText(title, course.step.title);
    const lines = course.step.notes.length ? course.step.notes : [NONE];
    fill(notes, lines.map((line) => setFormulas(h("p", {}), line)));
    setFormulas(
      reveal,
      course.step.reveal && `Answer: ${course.step.choices[course.step.answer]}. ${course.step.reveal}`,
    );
    setText(then, next ? `Then: ${next.title}, ${next.minutes} min` : "This is the last step.");
  }

  close() {
    this.window?.close();
  }
}
