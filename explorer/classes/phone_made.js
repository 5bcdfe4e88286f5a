/**
 * What a phone makes for its class: it sprays points, draws a digit, judges images, or guesses characters. What was sent
 * is the server's, so a page that is loaded again goes on where it was.
 */

import { centre, toBits } from "../stages/kit/image/drawing.js";
import { SIDE } from "../stages/kit/image/pixels.js";

const [MOST_POINTS, BOARD_LEVELS] = [30, 256];
const [SPRAY_APART, POINT_SPREAD] = [7, 5]; // between two points of a stroke, and their spread, in 256ths of the plane
const PLANE_PIXELS = 320;
const [INK_PIXELS, INK_WIDTH] = [280, 24];
const SENDS_MS = 400; // after a stroke
export const MAKES = {
  points: "Spray up to 30 points.",
  drawing: "Draw a digit.",
  trials: "Real or made? Judge each picture.",
  guesses: "Guess the next character.",
};
const FREE = ["waits until the lecturer has seen it", "is on the wall", "was not let through"];
const KEY_NAMES = { " ": "space", "\n": "new line" };
const ARROW_MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const bytesIn = (/** @type {string} */ text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const textOf = (/** @type {ArrayLike<number>} */ bytes) => btoa(String.fromCharCode(...Array.from(bytes)));
const bitOf = (/** @type {Uint8Array} */ bytes, /** @type {number} */ place) =>
  (bytes[place >> 3] >> (7 - place % 8)) & 1;

/** Bits as bytes, the first one highest. @param {Uint8Array} bits */
function packed(bits) {
  const bytes = new Uint8Array(bits.length / 8);
  for (const [place, bit] of bits.entries()) bytes[place >> 3] |= bit << (7 - place % 8);
  return bytes;
}

/** @param {string} tag @param {Record<string, any>} more @param {(Node | string)[]} children */
function made(tag, more = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(more)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const pressed = (/** @type {string} */ words, /** @type {() => void} */ onclick, kind = "") =>
  made("button", { type: "button", onclick, class: kind }, words);

/** Where a pointer is on a canvas, from 0 to 1. @param {PointerEvent} event @returns {[number, number]} */
function shareAt(event) {
  const box = /** @type {Element} */ (event.target).getBoundingClientRect();
  const inside = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
  return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
}

/**
 * A square to draw on, with a pointer or with keys: the arrows move a mark, Space acts there.
 * @param {number} pixels @param {string} label
 * @param {{begin(at: number[]): void, move(at: number[]): void, end(): void, back(): void, paint(): void}} acts
 */
function square(pixels, label, acts) {
  const canvas =
    /** @type {HTMLCanvasElement} */ (made("canvas", { tabindex: 0, role: "application", "aria-label": label }));
  canvas.width = canvas.height = pixels;
  const mark = { at: [0.5, 0.5], shown: false, down: false };
  let held = false;
  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button > 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    [held, mark.shown, mark.down] = [true, false, false];
    acts.begin(shareAt(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const parts = event.getCoalescedEvents?.() ?? [];
    if (held && event.isPrimary) { for (const each of parts.length ? parts : [event]) acts.move(shareAt(each)); }
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (held) acts.end();
      held = false;
    });
  }
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = ARROW_MOVES[event.key];
    if (step) {
      mark.at = mark.at.map((value, axis) => Math.min(1, Math.max(0, value + step[axis] / 28)));
      mark.shown = true;
      if (mark.down) acts.move(mark.at);
      acts.paint();
    } else if (event.key === " " || event.key === "Enter") {
      [mark.shown, mark.down] = [true, !mark.down];
      if (mark.down) acts.begin(mark.at);
      else acts.end();
      acts.paint();
    } else if (event.key === "Backspace" || event.key === "Delete") acts.back();
    else return;
    event.preventDefault();
  });
  return { canvas, mark };
}

/** @param {CanvasRenderingContext2D} context @param {{at: number[], shown: boolean}} mark @param {number} pixels */
function paintMark(context, { at: [x, y], shown }, pixels) {
  if (!shown) return;
  context.strokeStyle = "#ff7a2f";
  context.lineWidth = 2;
  context.strokeRect(x * pixels - 6, y * pixels - 6, 12, 12);
}

/**
 * The part of a phone's page on which something is made. `send(place, value)` returns the server's answer, or null;
 * `tell` displays a sentence.
 * @param {HTMLElement} element
 * @param {{task(): Promise<any>, send(asked: number, place: number, value: unknown): Promise<any>, tell(words: string): void}} how
 */
export function createMaking(element, { task, send, tell }) {
  let present = { asked: 0, open: false };
  /** @type {(event: KeyboardEvent) => boolean} */
  let onKey = () => false;
  const kinds = { points: sprays, drawing: draws, trials: judges, guesses };
  const isOpen = (/** @type {number} */ asked) => present.open && present.asked === asked;

  /** Displays what a room asks for. @param {Record<string, any>} state */
  async function show({ kind = "", asked, phase }) {
    const now = { asked: kind ? asked : 0, open: phase === "open" };
    if (now.asked === present.asked && now.open === present.open) return;
    present = now;
    onKey = () => false;
    element.hidden = !kind;
    element.classList.toggle("closed", !now.open);
    if (!kind) return element.replaceChildren();
    const found = await task();
    if (found && present === now) kinds[kind](found, now.open);
  }

  /** @param {any} found @param {boolean} open */
  function sprays({ asked, value }, open) {
    let points = value ? Array.from(bytesIn(value)) : [];
    let from = [0, 0];
    let timer = 0;
    const { canvas, mark } = square(PLANE_PIXELS, "Plane. Arrow keys move the mark, Space sprays, Backspace undoes.", {
      begin: (at) => spray(at),
      move: (at) => Math.hypot(...at.map((each, k) => each - from[k])) * BOARD_LEVELS > SPRAY_APART && spray(at),
      end: () => goes(),
      back: () => undo(),
      paint,
    });
    const context = canvas.getContext("2d");
    const says = () => tell(points.length ? `You sent ${points.length / 2} of ${MOST_POINTS} points.` : "");
    /** @param {number[]} at */
    function spray(at) {
      if (!open || points.length >= 2 * MOST_POINTS) return;
      from = at;
      const level = (/** @type {number} */ share) =>
        Math.min(
          BOARD_LEVELS - 1,
          Math.max(0, Math.round(share * BOARD_LEVELS + POINT_SPREAD * (Math.random() * 2 - 1))),
        );
      points.push(level(at[0]), level(1 - at[1]));
      paint();
    }
    function undo() {
      points = points.slice(0, -2);
      paint();
      goes();
    }
    function goes() {
      clearTimeout(timer);
      timer = setTimeout(async () => (await send(asked, 0, textOf(points))) && says(), SENDS_MS);
    }
    function paint() {
      context.fillStyle = getComputedStyle(canvas).backgroundColor;
      context.fillRect(0, 0, PLANE_PIXELS, PLANE_PIXELS);
      context.fillStyle = getComputedStyle(canvas).color;
      for (let k = 0; k < points.length; k += 2) {
        context.beginPath();
        const [x, y] = [points[k] + 0.5, BOARD_LEVELS - points[k + 1] - 0.5].map((each) => each / BOARD_LEVELS);
        context.arc(x * PLANE_PIXELS, y * PLANE_PIXELS, 5, 0, 7);
        context.fill();
      }
      paintMark(context, mark, PLANE_PIXELS);
    }
    const clear = () => {
      points = [];
      paint();
      goes();
    };
    element.replaceChildren(canvas, row(open && [pressed("Undo", undo), pressed("Clear", clear)]));
    paint();
    says();
  }

  /** @param {any} found @param {boolean} open */
  function draws({ asked, value, state }, open) {
    /** @type {number[] | null} */
    let last = null;
    const { canvas, mark } = square(
      INK_PIXELS,
      "Drawing pad. Arrow keys move the pen, Space lowers and lifts it, Delete clears.",
      { begin: (at) => line(at), move: (at) => line(at), end: () => (last = null), back: clear, paint },
    );
    const ink = /** @type {HTMLCanvasElement} */ (made("canvas"));
    ink.width = ink.height = INK_PIXELS;
    const [pad, context] = [ink.getContext("2d", { willReadFrequently: true }), canvas.getContext("2d")];
    /** @param {number[]} at */
    function line(at) {
      if (!open) return;
      Object.assign(pad, { strokeStyle: "#fff", lineWidth: INK_WIDTH, lineCap: "round", lineJoin: "round" });
      const [x, y] = at.map((each) => each * INK_PIXELS);
      pad.beginPath();
      pad.moveTo(...(/** @type {[number, number]} */ (last ?? [x, y])));
      pad.lineTo(x, y);
      pad.stroke();
      last = [x, y];
      paint();
    }
    function clear() {
      pad.clearRect(0, 0, INK_PIXELS, INK_PIXELS);
      last = null;
      paint();
    }
    function paint() {
      context.fillStyle = "#000";
      context.fillRect(0, 0, INK_PIXELS, INK_PIXELS);
      context.drawImage(ink, 0, 0);
      paintMark(context, mark, INK_PIXELS);
    }
    async function goes() {
      const { data } = pad.getImageData(0, 0, INK_PIXELS, INK_PIXELS);
      const image = centre(Float32Array.from({ length: INK_PIXELS ** 2 }, (_, k) => data[4 * k + 3] / 255), INK_PIXELS);
      if (!image) return tell("Draw something first.");
      if (await send(asked, 0, textOf(packed(toBits(image))))) {
        tell("Your drawing waits until the lecturer has seen it.");
      }
    }
    const takeBack = async () => {
      clear();
      if (await send(asked, 0, "")) tell("Your drawing was taken back.");
    };
    if (value) {
      pad.fillStyle = "#fff";
      const [bytes, size] = [bytesIn(value), INK_PIXELS / SIDE];
      for (let k = 0; k < SIDE * SIDE; k++) {
        if (bitOf(bytes, k)) pad.fillRect((k % SIDE) * size, Math.floor(k / SIDE) * size, size, size);
      }
    }
    const buttons = [pressed("Clear", clear), pressed("Take back", takeBack), pressed("Send", goes, "primary")];
    element.replaceChildren(canvas, row(open && buttons));
    paint();
    tell(value ? `Your drawing ${FREE[state]}.` : "");
  }

  /** @param {any} found @param {boolean} open */
  function judges({ asked, images, done, of: all, right }, open) {
    const bytes = bytesIn(images);
    const canvas = /** @type {HTMLCanvasElement} */ (made("canvas", {
      class: "crisp",
      role: "img",
      "aria-label": "A picture to judge",
    }));
    canvas.width = canvas.height = SIDE;
    const context = canvas.getContext("2d");
    const choices = [pressed("1 Real", () => judge(0)), pressed("2 Made", () => judge(1))];
    let isBusy = false;
    /** @param {number} value */
    async function judge(value) {
      if (isBusy || done >= all || !isOpen(asked)) return;
      isBusy = true;
      if (await send(asked, done, value)) done += 1;
      isBusy = false;
      paint();
    }
    function paint() {
      canvas.hidden = done >= all || !open;
      for (const each of choices) each.hidden = canvas.hidden;
      for (let k = 0; k < SIDE * SIDE; k++) {
        context.fillStyle = done < all && bitOf(bytes, done * SIDE * SIDE + k) ? "#fff" : "#000";
        context.fillRect(k % SIDE, Math.floor(k / SIDE), 1, 1);
      }
      const own = right === undefined ? "" : ` ${right} of your ${done} judgements were right.`;
      tell(canvas.hidden ? `You judged ${done} of ${all} pictures.${own}` : `Picture ${done + 1} of ${all}.`);
    }
    onKey = ({ key }) => {
      const place = ["1", "2"].includes(key) ? Number(key) - 1 : ["ArrowLeft", "ArrowRight"].indexOf(key);
      if (place >= 0) judge(place);
      return place >= 0;
    };
    element.replaceChildren(canvas, row(choices));
    paint();
  }

  /** @param {any} found @param {boolean} open */
  function guesses({ asked, text, keys, done, of: all, right }, open) {
    const passage = made("p", { class: "passage", translate: "no" });
    let isBusy = false;
    /** @param {string} key */
    async function guess(key) {
      if (isBusy || done >= all || !isOpen(asked)) return;
      isBusy = true;
      const found = await send(asked, done, key);
      isBusy = false;
      if (!found) return;
      [done, text] = [done + 1, text + found.was];
      const isRight = found.was.toLowerCase() === key;
      right += Number(isRight);
      paint(isRight ? "Right. " : `It was ${KEY_NAMES[found.was] ?? `“${found.was}”`}. `);
    }
    function paint(told = "") {
      passage.replaceChildren(text, made("mark", {}, " "));
      passage.scrollTop = passage.scrollHeight;
      board.hidden = done >= all || !open;
      tell(`${told}${done} of ${all} guessed, ${right} right.`);
    }
    const buttons = [...keys].map((key) => {
      const name = KEY_NAMES[key] ?? key;
      const element = pressed(key === "\n" ? "↵" : key === " " ? "␣" : key, () => guess(key));
      element.setAttribute("aria-label", name);
      return element;
    });
    const board = made("div", { class: "keys", role: "group", "aria-label": "Next character" }, ...buttons);
    onKey = ({ key }) => {
      const typed = key === "Enter" ? "\n" : key.toLowerCase();
      if (typed.length === 1 && keys.includes(typed)) guess(typed);
      return typed.length === 1 && keys.includes(typed);
    };
    element.replaceChildren(passage, board);
    paint();
  }

  return { show, key: (/** @type {KeyboardEvent} */ event) => onKey(event) };
}

const row = (/** @type {Node[] | false} */ children) => made("div", { class: "row" }, ...(children || []));
