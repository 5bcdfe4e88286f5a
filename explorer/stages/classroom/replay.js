/**
 * Replays the log of a class: its states one after another on the page, each question first without and then with the
 * distributions of its votes. The log is opened from a file, or comes with a link.
 */

import { button, fill, h, isBrowsers, setText, styled } from "../kit/base/dom.js";
import { notice } from "../kit/base/notice.js";
import { ofVisit, rememberVisit } from "../kit/base/kept.js";
import { setFormulas } from "../course/formulas.js";
import { lead } from "../course/leading.js";
import { drawVotes, reasonFor } from "./bars.js";
import { LOG_LETTERS, LOG_SIGN, readLog, textOf } from "./log.js";

const KEPT = "replay of a class"; // in this visit: the log, and the step
const NO_LOG = "This is no log of a class, or a part of it is missing.";
const TYPED = "textarea, input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])";
/** @type {Replay | null} */
let present = null;

/** Asks for a file with a log, and replays it. */
export function open() {
  const input = h("input", { type: "file", accept: ".json,application/json" });
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    if (file) play(file.size > 4 * LOG_LETTERS ? "" : await file.text());
  });
  input.click();
}

/** Goes on with the replay of this visit, or begins that of the address. */
export async function begin() {
  const kept = ofVisit(KEPT);
  if (location.hash.startsWith(LOG_SIGN)) play(await textOf(location.hash));
  else if (kept) play(kept.text, kept.place);
}

/** @param {string} text @param {number} place */
function play(text, place = 0) {
  const log = readLog(text);
  if (!log?.steps.length) return notice(NO_LOG);
  present?.close();
  present = new Replay(log.steps, text, place);
}

class Replay {
  /** @param {LoggedStep[]} steps @param {string} text @param {number} place */
  constructor(steps, text, place) {
    styled("lecture.css", import.meta.url);
    this.steps = steps;
    this.text = text;
    this.isTold = false;
    this.place = Math.min(Math.max(0, place), steps.length - 1);
    this.life = new AbortController();
    this.heading = h("h2", { class: "replay-name" }, "Replay");
    this.where = h("span", { class: "quiet number", role: "status" });
    this.title = h("p", { class: "question" });
    this.votes = h("div", { class: "room-votes" });
    this.reason = h("p", {});
    this.says = h("p", {});
    this.back = button("Back", () => this.go(this.place - 1));
    this.next = button("Next", () => this.on(), { kind: "primary" });
    const close = button("Close", () => this.close(), { kind: "fold" });
    this.element = h(
      "aside",
      { class: "classroom replay outside", "aria-label": "Replay of a class" },
      h("div", { class: "row" }, this.heading, this.where, close),
      h(
        "div",
        { class: "room-body" },
        ...[this.title, this.votes, this.says, this.reason],
        h("div", { class: "row" }, this.back, this.next),
      ),
    );
    document.body.append(this.element);
    document.documentElement.classList.add("has-classroom");
    addEventListener("keydown", (event) => this.key(event), this.life);
    this.go(this.place);
    dispatchEvent(new Event("resize"));
  }

  /** Goes on: first to the votes of a question, then to the next step. */
  on() {
    if (this.steps[this.place].asked && !this.isTold) {
      this.isTold = true;
      this.draw();
    } else this.go(this.place + 1);
  }

  /** @param {number} place */
  go(place) {
    if (place < 0 || place >= this.steps.length) return;
    this.place = place;
    this.isTold = false;
    rememberVisit(KEPT, { text: this.text, place });
    lead(this.steps[place].at, [], false);
    this.draw();
  }

  draw() {
    const { place, steps, isTold } = this;
    const { minute, asked, name = "", title = "", reasons = [], answered, shown } = steps[place];
    setText(this.where, `${place + 1} of ${steps.length} · minute ${minute}`);
    setFormulas(this.title, title);
    fill(this.votes);
    setText(this.says, "");
    setText(this.reason, "");
    if (asked) {
      const none = /** @type {[null, null]} */ ([null, null]);
      const wall = { phase: isTold ? "revealed" : "open", name, phones: 0, following: 0, answered, fewest: 0 };
      const seen = /** @type {RoomWall} */ ({ ...wall, shown: isTold ? shown : none });
      drawVotes(this.votes, asked, seen);
      setText(this.says, words(isTold, steps[place]));
      setText(this.reason, reasonFor({ asked, reasons, title, reveal() {} }, seen));
    }
    setText(this.next, asked && !isTold ? "Show the votes" : "Next");
    this.back.disabled = place === 0;
    this.next.disabled = place === steps.length - 1 && (!asked || isTold);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented || isBrowsers(event) || /** @type {Element} */ (event.target).matches?.(TYPED)) return;
    if (event.key === "PageDown") this.on();
    else if (event.key === "PageUp") this.go(this.place - 1);
    else return;
    event.preventDefault();
  }

  close() {
    this.life.abort();
    this.element.remove();
    rememberVisit(KEPT, null);
    document.documentElement.classList.remove("has-classroom");
    if (present === this) present = null;
    dispatchEvent(new Event("resize"));
  }
}

/** @param {boolean} isTold @param {LoggedStep} step */
function words(isTold, { answered: [first, second] = [0, 0], shown = [null, null] }) {
  if (!isTold) return "What do you predict?";
  const few = shown.some(Boolean) ? "" : " No distribution was shown.";
  return `${first} answered${second ? `, ${second} in the second vote` : ""}.${few}`;
}
