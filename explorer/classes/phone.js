/**
 * The page of a phone in a room: it joins, displays the choices alone, and sends one answer, which may be changed until
 * the lecturer goes on. Its answers are the server's; it asks at most once a second, and comes back by itself.
 */

import { createSurvey } from "./phone_survey.js";
import { readingsOf } from "../stages/kit/base/typed.js";
import { createMaking, MAKES } from "./phone_made.js";

const PAUSE_MS = 1000; // between two questions to the server
const AGAIN_MS = [500, 1000, 2000, 4000]; // until the next try, while the line is down
const ASK_SECONDS = 15; // that the server holds a question, and some
const ENDED = 404;
const KEEPS = /^[0-9a-f]{32}$/;
const [, base, said = ""] = /^(.*)\/r(?:\/([^/]*)\/?)?$/.exec(location.pathname) ?? [null, "", ""];
const SHUT = "This is closed. Look at the lecturer’s screen.";
const PHASES = {
  idle: "Look at the lecturer’s screen.",
  open: "What do you predict?",
  shown: "The vote is closed. Look at the lecturer’s screen.",
  again: "Talk with your neighbours, then vote again.",
  revealed: "The answer is on the lecturer’s screen.",
};

const of = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const [line, phase, choices, number, value, sent, link, join] = [
  ...["line", "phase", "choices", "number", "value", "sent", "open", "join"],
].map(of);
const field = /** @type {HTMLInputElement} */ (value);

let code = said.toUpperCase();
let key = "";
/** @type {Record<string, any>} */
let state = { version: 0, phase: "idle", asked: 0, ballot: 0, at: "" };
let wanted = 0; // number of the newest answer to send

/** What this browser remembers of a room. */
const kept = {
  /** @param {string} name */
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`explorer room ${code} ${name}`)) ?? "";
    } catch {
      return "";
    }
  },
  /** @param {string} name @param {string} text */
  set(name, text) {
    try {
      localStorage.setItem(`explorer room ${code} ${name}`, JSON.stringify(text));
    } catch {
      // a private window keeps nothing: the page works until it is closed
    }
  },
};

const wait = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** @param {HTMLElement} element @param {string} text */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * The answer of the server: its status and its values.
 * @param {string} what @param {RequestInit} how @returns {Promise<{status: number, found: Record<string, any>}>}
 */
async function ask(what, how = {}) {
  const signal = AbortSignal.timeout(1000 * ASK_SECONDS);
  const answer = await fetch(`${base}/r/${code}/${what}`, { signal, cache: "no-store", ...how });
  return { status: answer.status, found: await answer.json() };
}

const posted = (/** @type {object} */ body) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const survey = createSurvey((what, body) => ask(what, posted({ phone: key, ...body })), kept);

/** Joins, and follows the room until it ends. */
async function live() {
  for (let fails = 0; true;) {
    try {
      const heads = { headers: { "x-phone": key } };
      const { status, found } = key
        ? await ask(`state?since=${fails ? 0 : state.version}`, heads)
        : await ask("join", enter());
      if (status === ENDED && key) return end();
      if (status === ENDED) return unknown(found.error);
      if (status !== 200) throw new Error(found.error);
      if (found.phone) kept.set("key", key = found.phone);
      fails = 0;
      say(line, "");
      show(found);
      await wait(PAUSE_MS);
    } catch (error) {
      say(
        line,
        error instanceof TypeError || error.name === "TimeoutError"
          ? "The line is down. Trying again …"
          : error.message,
      );
      await wait(AGAIN_MS[Math.min(fails++, AGAIN_MS.length - 1)] * (0.5 + Math.random()));
    }
  }
}

const enter = () => posted(KEEPS.test(kept.get("key")) ? { phone: kept.get("key") } : {});

function end() {
  key = "";
  show({ ...state, phase: "idle", asked: 0, ballot: 0, at: "", choices: undefined, sitting: "" });
  say(phase, "This room has ended.");
  say(line, "");
}

/** @param {string} why */
function unknown(why) {
  say(line, "");
  askCode();
  say(sent, `${code}: ${why}`);
}

/** Asks for a code. */
function askCode() {
  join.hidden = false;
  const typed = /** @type {HTMLInputElement} */ (of("typed"));
  typed.value = code;
  typed.focus();
}

join.addEventListener("submit", (event) => {
  event.preventDefault();
  code = /** @type {HTMLInputElement} */ (of("typed")).value.trim().toUpperCase();
  begin();
});

function begin() {
  if (!/^[A-Z]{5}$/.test(code)) return askCode();
  join.hidden = true;
  say(sent, "");
  say(of("code"), code);
  say(line, "Joining …");
  history.replaceState(null, "", `${base}/r/${code}`);
  live();
}

/** Name of the open question, under which its answer is kept. */
const ballotName = (/** @type {number} */ ballot) => `${state.asked}.${ballot}`;

/** The answer of this phone that counts now: that of the second vote, else that of the first. */
function mine() {
  const ballots = state.ballot ? [state.ballot] : [2, 1];
  return ballots.map((each) => kept.get(ballotName(each))).find((each) => each !== "") ?? "";
}

/** What this phone makes; each request is tried until the server has it, or the question is closed. */
const making = createMaking(of("make"), {
  task: () => tried(() => ask("task", { headers: { "x-phone": key } })),
  send: (asked, place, value) =>
    tried(
      () => ask("make", posted({ phone: key, asked, place, value })),
      () => state.asked === asked && state.ballot > 0,
    ),
  tell: (words) => say(sent, words),
});

/** @param {() => ReturnType<typeof ask>} request @param {() => boolean} goesOn */
async function tried(request, goesOn = () => true) {
  for (let fails = 0; goesOn() && fails < 8; fails++) {
    try {
      const { status, found } = await request();
      if (status === 200) return found;
      if (status !== 429 && status < 500) return say(sent, found.error), null;
    } catch {
      say(line, "The line is down. Trying again …");
    }
    await wait(AGAIN_MS[Math.min(fails, AGAIN_MS.length - 1)] * (0.5 + Math.random()));
  }
  return null;
}

/** @param {Record<string, any>} found */
function show(found) {
  const isNew = found.asked !== state.asked || found.ballot !== state.ballot;
  const asks = Array.isArray(found.choices);
  if (found.asked !== state.asked || String(found.choices) !== String(state.choices)) draw(asks ? found.choices : []);
  state = found;
  number.hidden = !asks || found.choices.length > 0 || Boolean(found.kind);
  say(of("unit"), found.unit ? `in ${found.unit}` : "");
  if (isNew) field.value = mine();
  const makes = found.kind ? (found.phase === "open" ? MAKES[found.kind] : SHUT) : "";
  say(phase, makes || (found.sitting && !asks ? "" : PHASES[found.phase] ?? ""));
  survey.show(asks || found.kind ? "" : found.sitting ?? "");
  link.hidden = !found.at;
  link.setAttribute("href", `${base}/?${found.at}&__class=${code}`);
  making.show(found);
  if (!found.kind) mark();
}

/** @param {string[]} texts */
function draw(texts) {
  const buttons = texts.map((text, place) => {
    const button = document.createElement("button");
    const digit = document.createElement("b");
    digit.textContent = String(place + 1);
    const words = document.createElement("span");
    words.textContent = text;
    button.append(digit, words);
    button.type = "button";
    button.addEventListener("click", () => send(place));
    return button;
  });
  choices.replaceChildren(...buttons);
}

/** Marks what was sent, and at the end what is right. */
function mark(pending = "") {
  const own = pending || mine();
  const told = state.phase === "revealed" && state.right !== undefined && state.right !== null;
  for (const [place, button] of [...choices.children].entries()) {
    button.setAttribute("aria-pressed", String(own === String(place)));
    button.setAttribute("aria-disabled", String(!state.ballot));
    button.classList.toggle("right", told && state.right === place);
  }
  field.disabled = !state.ballot;
  const submit = number.querySelector("button");
  if (submit) submit.disabled = !state.ballot;
  say(sent, words(own, pending !== "", told));
}

/** @param {string} own @param {boolean} isPending @param {boolean} told */
function words(own, isPending, told) {
  const name = (/** @type {number} */ each) =>
    choices.children.length
      ? `choice ${each + 1}`
      : `${String(Number(each.toPrecision(4))).replace("-", "−")} ${state.unit}`.trim();
  if (!Array.isArray(state.choices)) return "";
  const answer = told ? ` The answer is ${name(state.right)}.` : "";
  if (isPending) return "Sending …";
  if (own === "") {
    return !state.asked || state.phase === "idle" ? "" : state.ballot ? "" : `You sent no answer.${answer}`;
  }
  const change = state.ballot ? " You can change it until the vote is closed." : "";
  return `You sent ${name(Number(own))}.${change}${answer}`;
}

/** Sends an answer until the server has it, or the vote is closed. @param {number} answer */
async function send(answer) {
  const { asked, ballot } = state;
  if (!ballot) return;
  const turn = ++wanted;
  mark(String(answer));
  for (let fails = 0; turn === wanted && state.asked === asked && state.ballot === ballot; fails++) {
    try {
      const { status, found } = await ask("vote", posted({ phone: key, asked, ballot, value: answer }));
      if (status === 200) kept.set(`${asked}.${ballot}`, String(answer));
      else if (status === 429 || status >= 500) throw new Error(found.error);
      if (turn === wanted) mark();
      if (status !== 200) say(sent, found.error);
      return;
    } catch {
      await wait(AGAIN_MS[Math.min(fails, AGAIN_MS.length - 1)] * (0.5 + Math.random()));
    }
  }
  if (turn === wanted) mark();
}

number.addEventListener("submit", (event) => {
  event.preventDefault();
  const readings = readingsOf(field.value, state.unit);
  if (readings.length === 1) send(readings[0]);
  else say(sent, "Wanted: a number, such as 0.25, −1.5, 1/3 or 2×10⁻³.");
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  if (making.key(event)) return event.preventDefault();
  const place = /^[1-8]$/.test(event.key) ? Number(event.key) - 1 : -1;
  if (place >= 0 && place < choices.children.length) send(place);
});

begin();
