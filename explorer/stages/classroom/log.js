/**
 * The log of a class: the states that the lecturer's page has shown, each question, and the distributions of its votes.
 * The lecturer's browser writes it; a file or a link holds all of it. It has no code, no secret and no single answer.
 */

import { recall, remember } from "../kit/base/kept.js";
import { fromBase64, toBase64Url } from "../kit/plane/tensors.js";
import { stateOf } from "../course/steps.js";

const LOG_STEPS = 200;
export const LOG_LETTERS = 400_000; // of a file
const LOG_LINK_LETTERS = 24_000;
const LOG_STATE_LETTERS = 6000; // of a step's address: a class's points are kept in it
const LOG_TEXT_LETTERS = 600;
const LOG_CHOICES = 8;
const LOG_BINS = 24;
const LOGGED_VOTES = 500;
const LOG_PASSING_MS = 4000; // a state that stays for less is not a step
const KEPT = "log of a class";
export const LOG_SIGN = "#replay=";

/** The log of the room that this browser leads. */
export class ClassLog {
  /** @param {string} code */
  constructor(code) {
    const kept = recall(KEPT);
    this.code = code;
    this.began = kept?.code === code ? kept.began : Date.now();
    /** @type {LoggedStep[]} */
    this.steps = (kept?.code === code && readLog(JSON.stringify(kept.log))?.steps) || [];
    this.since = 0;
  }

  /** Notes a state that phones were told. @param {string} at */
  state(at) {
    const last = this.steps.at(-1);
    if (last?.at === at) return;
    if (last && !last.asked && Date.now() - this.since < LOG_PASSING_MS) this.steps.pop();
    this.since = Date.now();
    this.add({ at, minute: this.minute });
  }

  /** Notes a question that is revealed. @param {ClassQuestion} question @param {RoomWall} wall @param {string} at */
  told({ asked, title, reasons }, { name, answered, shown }, at) {
    const step = { at, minute: this.minute, name, title, asked: { ...asked }, reasons, answered, shown };
    const place = this.steps.findIndex((each) => each.name === name);
    if (place < 0) return this.add(step);
    const before = this.steps[place];
    if (JSON.stringify([before.answered, before.shown]) === JSON.stringify([answered, shown])) return;
    this.steps[place] = { ...step, at: before.at, minute: before.minute };
    this.keep();
  }

  get minute() {
    return Math.min(24 * 60, Math.floor((Date.now() - this.began) / 60_000));
  }

  /** @param {LoggedStep} step */
  add(step) {
    if (this.steps.length < LOG_STEPS) this.steps.push(step);
    this.keep();
  }

  keep() {
    remember(KEPT, { code: this.code, began: this.began, log: { log: 1, steps: this.steps } });
  }

  forget() {
    remember(KEPT, null);
  }

  /** The log as a file holds it: only what a reader takes. */
  get text() {
    return JSON.stringify({ log: 1, steps: readLog(JSON.stringify({ log: 1, steps: this.steps }))?.steps ?? [] });
  }
}

/** @param {unknown} value @param {number} low @param {number} high */
const isWhole = (value, low, high) => Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
/** @param {unknown} value */
const isNumber = (value) => typeof value === "number" && Math.abs(value) <= 1e12;
/** @param {unknown} value @param {number} most @returns {value is string} */
const isText = (value, most) => typeof value === "string" && value.length <= most;

/**
 * The log that a text holds; null where a part of it is not of the form. What it has besides is left out.
 * @param {string} text @returns {{steps: LoggedStep[]} | null}
 */
export function readLog(text) {
  if (text.length > LOG_LETTERS) return null;
  try {
    const said = JSON.parse(text);
    if (said?.log !== 1 || !Array.isArray(said.steps) || said.steps.length > LOG_STEPS) return null;
    const steps = said.steps.map(stepOf);
    return steps.every(Boolean) ? { steps } : null;
  } catch {
    return null;
  }
}

/** @param {any} said @returns {LoggedStep | null} */
function stepOf(said) {
  if (!isText(said?.at, LOG_STATE_LETTERS) || !isWhole(said.minute, 0, 24 * 60)) return null;
  const step = { at: stateOf(said.at), minute: said.minute };
  if (said.asked === undefined) return step;
  const asked = askedOf(said.asked);
  const { name, title, reasons, answered, shown } = said;
  if (!asked || !isText(name, LOG_TEXT_LETTERS) || !isText(title, LOG_TEXT_LETTERS)) return null;
  if (!isList(reasons, LOG_CHOICES, (/** @type {unknown} */ each) => isText(each, LOG_TEXT_LETTERS))) return null;
  if (!isList(answered, 2, isVotes) || answered.length !== 2 || !Array.isArray(shown) || shown.length !== 2) {
    return null;
  }
  const [first, second] = shown.map((each) => each === null ? null : votesOf(each, asked));
  if (first === undefined || second === undefined) return null;
  const [once, twice] = answered;
  return { ...step, name, title, asked, reasons: [...reasons], answered: [once, twice], shown: [first, second] };
}

/** @param {unknown} value @param {number} most @param {(each: unknown) => boolean} holds @returns {value is any[]} */
const isList = (value, most, holds) => Array.isArray(value) && value.length <= most && value.every(holds);
/** @param {unknown} value */
const isVotes = (value) => isWhole(value, 0, LOGGED_VOTES);

/** @param {any} said @returns {ClassAsked | null} */
function askedOf(said) {
  if (typeof said !== "object" || said === null) return null;
  const { choices = [], unit = "", low = 0, high = 1, within = 0, slips = [], right = null, name = "" } = said;
  if (!isList(choices, LOG_CHOICES, (each) => isText(each, LOG_TEXT_LETTERS)) || !isText(unit, 24)) return null;
  if (!isText(name, LOG_TEXT_LETTERS) || !isList(slips, LOG_CHOICES, isNumber)) return null;
  if (![low, high, within, right ?? 0].every(isNumber) || low >= high) return null;
  const numbers = { unit, low, high, within, slips: [...slips] };
  return choices.length ? { name, choices: [...choices], right } : { name, right, ...numbers };
}

/** @param {any} said @param {ClassAsked} asked @returns {RoomVotes | undefined} */
function votesOf(said, { choices, slips }) {
  const { counts, below = 0, above = 0, right = 0, slips: near = [] } = said ?? {};
  if (!isList(counts, LOG_BINS, isVotes) || ![below, above, right].every(isVotes)) return undefined;
  if (choices) return counts.length === choices.length ? { counts: [...counts] } : undefined;
  if (!counts.length || !isList(near, LOG_CHOICES, isVotes) || near.length !== (slips ?? []).length) return undefined;
  return { counts: [...counts], below, above, right, slips: [...near] };
}

/** @param {Blob} blob @param {CompressionStream | DecompressionStream} by */
const through = (blob, by) => new Response(blob.stream().pipeThrough(by));

/** The fragment of a link that holds a log; empty where it is too long for a link. @param {string} text */
export async function fragmentOf(text) {
  const packed = await through(new Blob([text]), new CompressionStream("deflate-raw")).arrayBuffer();
  const fragment = LOG_SIGN + toBase64Url(new Uint8Array(packed));
  return fragment.length <= LOG_LINK_LETTERS ? fragment : "";
}

/** The text of a link's fragment; empty where it is not whole, or larger than a log. @param {string} fragment */
export async function textOf(fragment) {
  if (!fragment.startsWith(LOG_SIGN) || fragment.length > LOG_LINK_LETTERS) return "";
  try {
    const packed = fromBase64(fragment.slice(LOG_SIGN.length));
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const parts = [];
    for (let size = 0; true;) {
      const { done, value } = await reader.read();
      if (done) return await new Blob(parts).text();
      parts.push(value);
      if ((size += value.length) > LOG_LETTERS) return "";
    }
  } catch {
    return "";
  }
}
