/**
 * The lecturer's half of a room: its code, how many are in, and for the question of a lesson how many have answered,
 * both distributions and the right answer. Page Down goes through the phases of a question before the lesson goes on.
 * Phones get the state of this page once it rests.
 */

import { button, fill, h, isBrowsers, setText, styled } from "../kit/base/dom.js";
import { recall, remember, rememberVisit } from "../kit/base/kept.js";
import { questionNow } from "../kit/lesson/asked_class.js";
import { drawn, squaresOf } from "../course/squares.js";
import { stateOf } from "../course/steps.js";
import { setFormulas } from "../course/formulas.js";
import { drawVotes, reasonFor } from "./bars.js";
import { ClassLog } from "./log.js";
import { absentOf } from "./absent.js";
import { surveyOf } from "./survey.js";
import { Making, makingOf } from "./made.js";
import { numberOf } from "./own_number.js";

const LOOK_MS = 700; // between two looks at the room
const REST_MS = 1000; // that the address rests before phones get it
const KEPT = "room of a class"; // in this browser: code and secret
const TYPED = "textarea, input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])";
const DOWN = "The server did not answer. Trying again …";
const ALONE = /^(localhost|127\..*|\[::1\])$/;
const HERE_ALONE =
  "Phones do not reach this address. Start the app with GRADIO_SERVER_NAME=0.0.0.0, and open it by the name of this computer.";
const NEXT = { idle: "ask", open: "show", shown: "again", again: "reveal" };
const MOVES = { ask: "Ask the class", show: "Show", again: "Talk and vote again", reveal: "Reveal" };
const ALLOWED = { idle: ["ask"], open: ["show", "again", "reveal"], shown: ["again", "reveal"], again: ["reveal"] };
const NO_QUESTION = "Open a course, a tour or an exercise: its questions are asked here. Or choose below.";
const SAID = {
  idle: "",
  open: "Phones show the choices.",
  shown: "The vote is closed.",
  again: "Second vote, after the talk.",
  revealed: "Revealed.",
};
const SAID_MAKING = { open: "Phones can send.", shown: "Closed." };

const root = () => globalThis.gradio_config.root;

/** @param {string} path @param {RequestInit} how @returns {Promise<[number, any]>} */
async function request(path, how = {}) {
  const answer = await fetch(`${root()}/r${path}`, { cache: "no-store", ...how });
  return [answer.status, await answer.json()];
}

/** @param {object} body @param {Record<string, string>} more */
const posted = (body, more = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...more },
  body: JSON.stringify(body),
});

/** Opens a room, or goes on with that of this browser. */
export async function begin() {
  if (globalThis.explorerRoom) return globalThis.explorerRoom.unfold();
  styled("lecture.css", import.meta.url);
  let room = recall(KEPT);
  const [status] = room ? await request(`/${room.code}/wall`, { headers: { "x-secret": room.secret } }) : [0];
  if (status !== 200) {
    const [opened, found] = await request("", posted({}));
    if (opened !== 200) throw new Error(found.error);
    room = found;
    remember(KEPT, room);
  }
  rememberVisit(KEPT, true);
  globalThis.explorerRoom = new Lecture(room.code, room.secret);
}

class Lecture {
  /** @param {string} code @param {string} secret */
  constructor(code, secret) {
    this.code = code;
    this.headers = { "x-secret": secret };
    this.log = new ClassLog(code);
    this.looking = new AbortController();
    /** @type {RoomWall} */
    this.wall = {
      phase: "idle",
      name: "",
      kind: "",
      phones: 0,
      following: 0,
      answered: [0, 0],
      shown: [null, null],
      fewest: 5,
    };
    /** @type {ClassQuestion | null} */
    this.own = null;
    this.isBusy =
      this.isOver =
      this.isEnding =
      this.folded =
        false;
    this.at = this.sent = this.done = "";
    this.since = 0;
    this.drawn = "";
    this.build();
    this.life = new AbortController();
    addEventListener("keydown", (event) => this.key(event), this.life);
    document.addEventListener("explorer-question", () => this.draw(), this.life);
    this.look();
  }

  build() {
    const address = `${root()}/r`;
    const squares = squaresOf(`${address}/${this.code}`);
    this.heading = h("h2", { translate: "no" }, this.code);
    this.people = h("span", { class: "quiet number" });
    this.fold = button("Fold", () => this.turn(!this.folded), { kind: "fold" });
    const spelt = h("p", { class: "room-code", translate: "no" }, this.code);
    const place = h("p", {}, "Join at", " ", h("b", { translate: "no" }, address.replace(/^https?:\/\//, "")));
    const alone = ALONE.test(location.hostname) && h("p", {}, HERE_ALONE);
    this.join = h("div", { class: "room-join" }, place, spelt, squares && drawn(squares), alone);
    this.title = h("p", { class: "question" });
    this.count = h("p", { class: "room-count number" });
    this.votes = h("div", { class: "room-votes" });
    this.reason = h("p", {});
    this.says = h("p", { role: "status" });
    this.buttons = Object.fromEntries(
      Object.entries(MOVES).map(([move, words]) => [move, button(words, () => this.does(move))]),
    );
    this.making = new Making({
      look: (kind) => this.made(kind),
      judge: (body) => this.lead(body),
      ask: (question) => this.asks(question),
      tell: (words) => setText(this.says, words),
    });
    this.code_ = button("Hide the code", () => this.showCode(Boolean(this.join.hidden)));
    const ending = button("End the room", () => this.end(ending));
    this.element = h(
      "aside",
      { class: "classroom outside", "aria-label": "Room of the class" },
      h("div", { class: "row" }, this.heading, this.people, this.fold),
      h(
        "div",
        { class: "room-body" },
        ...[this.join, this.title, this.count, this.votes, this.reason, this.making.element],
        h("div", { class: "row" }, Object.values(this.buttons)),
        this.says,
        this.making.menu,
        this.ownForm(),
        surveyOf(`${root()}/r`, this.code, this.headers),
        absentOf(this.log),
        h("div", { class: "row" }, this.code_, ending),
      ),
    );
    document.body.append(this.element);
    this.turn(false);
    this.draw();
  }

  /** A question typed on the spot: choices, or a number on a scale. */
  ownForm() {
    const box = (/** @type {string} */ label, words = label, maxlength = 20) =>
      h("input", { "aria-label": label, placeholder: words, maxlength });
    const words = box("Your question", "Your question", 200);
    const choices = box("Choices", "Choices; between; semicolons", 600);
    const [low, high, right, unit] = [box("From"), box("To"), box("Right answer", "Right answer, if any"), box("Unit")];
    const number = h("div", { class: "row own-number" }, low, high, right, unit);
    const form = h("form", { class: "room-own" }, [
      ...[words, choices, h("p", { class: "quiet" }, "or a number, on this scale:"), number],
      h("button", { class: "button" }, MOVES.ask),
    ]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const texts = choices.value.split(";").map((each) => each.trim()).filter(Boolean).slice(0, 8);
      const asked = texts.length ? { choices: texts } : numberOf(low.value, high.value, right.value, unit.value);
      if (texts.length === 1 || !asked) {
        return setText(this.says, "Write two choices or more, or both ends of a scale.");
      }
      const own = { name: `own ${Date.now()}`, ...asked };
      this.asks({ asked: own, title: words.value, reasons: [], reveal() {} });
    });
    return h("details", {}, h("summary", {}, "Ask a question of your own"), form);
  }

  /** Asks a question that no lesson asks. @param {ClassQuestion} question */
  asks(question) {
    this.own = question;
    this.making.wall.close();
    this.does("ask");
  }

  /** What the class has made of a kind; null without an answer. @param {MadeKind} kind */
  async made(kind) {
    const found = await request(`/${this.code}/made?kind=${kind}`, { headers: this.headers }).catch(() => null);
    return found?.[0] === 200 ? found[1] : null;
  }

  /** @param {boolean} folded */
  turn(folded) {
    this.folded = folded;
    this.element.classList.toggle("folded", folded);
    document.documentElement.classList.toggle("has-classroom", !folded && !this.isOver);
    setText(this.fold, folded ? "Open" : "Fold");
    this.fold.setAttribute("aria-expanded", String(!folded));
    dispatchEvent(new Event("resize"));
  }

  unfold() {
    this.turn(false);
    this.showCode(true);
  }

  /** @param {boolean} on */
  showCode(on) {
    this.join.hidden = !on;
    setText(this.code_, on ? "Hide the code" : "Show the code");
  }

  /** The question that counts now: one typed on the spot until it is revealed, else that of the lesson. */
  get question() {
    return this.own ?? questionNow();
  }

  /** Drawings that the lecturer let through and shows on the map of the VAE, as packed bits in base64. */
  get onMap() {
    return this.making.isOnMap ? this.making.through : [];
  }

  /** Phase of that question; another one that the room has counts as none. */
  get phase() {
    return this.question && this.wall.name === this.question.asked.name ? this.wall.phase : "idle";
  }

  /** Moves from the present phase, the next one first. */
  get moves() {
    const { phase, question } = this;
    if (!question?.asked.kind) return ALLOWED[phase] ?? [];
    return { idle: ["ask"], open: ["show"] }[phase] ?? [];
  }

  /** True once the lesson has left what phones still show. */
  get isPast() {
    const { phase, name } = this.wall;
    return this.phase === "idle" && (phase === "revealed" || (name !== "" && name === this.done));
  }

  /** Goes on with the question; false if there is nothing to go on with. */
  next() {
    const isDone = this.phase === "revealed" || (this.phase === "shown" && this.own?.asked.kind);
    if (isDone) [this.done, this.own] = [this.wall.name, null];
    const move = this.question && (this.question.asked.kind ? this.moves[0] : NEXT[this.phase]);
    if (!move || this.isOver) return false;
    this.does(move);
    return true;
  }

  /** @param {string} move */
  async does(move) {
    const { question } = this;
    if (this.isBusy || !question) return;
    this.isBusy = true;
    try {
      if (move === "ask") {
        await question.prepare?.();
        this.showCode(false);
      }
      const done = await this.lead({ do: move, ...(move === "ask" ? { question: question.asked } : {}) });
      if (done && move === "reveal") question.reveal();
    } finally {
      this.isBusy = false;
      this.draw();
    }
  }

  /** @param {Record<string, any>} body */
  async lead(body) {
    try {
      return this.take(await request(`/${this.code}/lead`, posted(body, this.headers)));
    } catch {
      setText(this.says, DOWN);
      return false;
    }
  }

  /** Looks at the room, and tells it where this page is. */
  async look() {
    const state = stateOf(globalThis.explorerAddress.search);
    if (state !== this.at) [this.at, this.since] = [state, Date.now()];
    const rests = Date.now() - this.since >= REST_MS;
    if (rests && this.isPast) await this.lead({ do: "clear" });
    if (rests && state !== this.sent) {
      if (await this.lead({ do: "steer", at: state })) this.log.state(this.sent = state);
    } else if (!this.looking.signal.aborted) {
      await request(`/${this.code}/wall`, { headers: this.headers, signal: this.looking.signal }).then(
        (found) => this.take(found),
        () => this.looking.signal.aborted || setText(this.says, DOWN),
      );
    }
    if (!this.isOver) setTimeout(() => this.look(), LOOK_MS);
  }

  /** Takes an answer of the room. @param {[number, any]} answer */
  take([status, found]) {
    if (status === 403 || status === 404) this.close();
    else if (status !== 200) setText(this.says, found.error);
    else if (!found.ended) this.wall = found;
    const { kind, name, phase } = this.wall; // after a reload, what the class makes goes on
    if (kind && !this.own && name !== this.done && ["open", "shown"].includes(phase)) this.own = makingOf(kind, name);
    if (this.phase === "revealed") this.log.told(this.question, this.wall, this.at);
    this.draw();
    return status === 200;
  }

  draw() {
    const { wall, question, phase } = this;
    const now = JSON.stringify([wall, question?.asked, phase, this.isBusy]);
    if (now === this.drawn) return;
    this.drawn = now;
    const follow = wall.following ? ` · ${wall.following} follow` : "";
    setText(this.people, `${wall.phones} ${wall.phones === 1 ? "phone" : "phones"}${follow}`);
    setFormulas(this.title, question?.title ?? "");
    const vote = phase === "again" || wall.answered[1] ? 1 : 0;
    const isOn = phase !== "idle";
    const verb = isOn && wall.kind ? "have sent" : "answered";
    setText(this.count, isOn ? `${wall.answered[vote]} of ${Math.max(wall.phones, wall.answered[vote])} ${verb}` : "");
    const kind = isOn ? wall.kind : "";
    const hasFew = kind ? wall.answered[0] < wall.fewest && kind !== "drawing" : !wall.shown.some(Boolean);
    const few = ["shown", "revealed"].includes(phase) && hasFew;
    const said = kind ? SAID_MAKING[phase] : SAID[phase];
    setText(
      this.says,
      few ? `Fewer than ${wall.fewest} answers: no distribution is shown.` : isOn ? said : question ? "" : NO_QUESTION,
    );
    this.making.follow(wall, isOn);
    if (isOn && !kind) drawVotes(this.votes, question.asked, wall);
    else fill(this.votes);
    setText(this.reason, isOn ? reasonFor(question, wall) : "");
    for (const [move, element] of Object.entries(this.buttons)) {
      element.hidden = !question || !this.moves.includes(move);
      element.classList.toggle("primary", move === (kind ? this.moves[0] : NEXT[phase]));
    }
    document.dispatchEvent(new Event("explorer-room"));
  }

  /** Page Down, where no lesson has taken it. @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "PageDown" || event.defaultPrevented || isBrowsers(event) || event.target.matches?.(TYPED)) {
      return;
    }
    if (this.next()) event.preventDefault();
  }

  /** Ends the room at the second press. @param {HTMLElement} ending */
  async end(ending) {
    if (!this.isEnding) setText(ending, "Press again to end it");
    else {
      this.looking.abort(); // an ended room has no answer for this page
      if (await this.lead({ do: "end" })) return this.close();
      this.looking = new AbortController();
    }
    this.isEnding = true;
  }

  close() {
    this.isOver = true;
    globalThis.explorerRoom = undefined;
    this.log.forget();
    remember(KEPT, null);
    rememberVisit(KEPT, false);
    this.life.abort();
    this.turn(true);
    this.making.close();
    this.element.remove();
    document.dispatchEvent(new Event("explorer-room"));
  }
}
