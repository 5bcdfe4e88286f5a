/** Work of a stage once a display frame, and once its picture has come to rest. */
import { button, h, isBrowsers, setText } from "./dom.js";

const SPEAK_AFTER_MS = 600;
const SPEAK_EVERY_MS = 3000;

/** @type {Map<HTMLElement, () => boolean>} */
const waiting = new Map(); // what sets the texts still to be spoken, by their elements
let [timer, spokenAt] = [0, -Infinity];

/**
 * Sets a spoken text, the newest of each element, so that in the whole page one is set every few seconds.
 * `set(element, text)` does it, and says whether it is new.
 * @param {HTMLElement} element @param {string} text @param {(element: HTMLElement, text: string) => boolean} set
 */
export function speak(element, text, set = renew) {
  waiting.set(element, () => set(element, text));
  timer ||= soon();
}

const soon = () => setTimeout(speakNext, Math.max(0, spokenAt + SPEAK_EVERY_MS - performance.now()));

function renew(element, text) {
  const isNew = element.textContent !== text;
  setText(element, text);
  return isNew;
}

function speakNext() {
  timer = 0;
  const [[element, set]] = waiting;
  waiting.delete(element);
  if (element.isConnected && set()) spokenAt = performance.now();
  if (waiting.size) timer = soon();
}

/**
 * Sets a spoken text once nothing newer has come for a while; `set` as in `speak`.
 * @param {HTMLElement} element @param {(element: HTMLElement, text: string) => boolean} [set]
 * @returns {(text: string) => void}
 */
export function createSpeaker(element, set = undefined) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => speak(element, text, set), SPEAK_AFTER_MS);
  };
}

/**
 * Sets the status of a stage: `say(text, kind)` sets a text, or none, and its kind. An error has a button that calls
 * `again`, which the call may replace. It disappears when a later question is answered, or when another mode is chosen.
 * One whose `again` is null stays until the next text.
 * @param {HTMLElement} status @param {(() => void) | null} again @returns {Say}
 */
export function createSay(status, again = null) {
  let clock = 0;
  let since = null; // when an error was said that ends by itself
  /** @type {(() => void) | null} */
  let repeats = null; // asks again what it is about
  status.tabIndex = -1;
  const spoken = h("p", { class: "spoken", role: "status" });
  status.after(spoken);

  function say(text, kind = "info", repeat = again) {
    const focused = status.contains(document.activeElement);
    status.dataset.kind = kind;
    for (const element of [status, spoken]) element.textContent = text ?? "";
    const ends = kind === "error" && text && repeat;
    since = ends ? ++clock : null;
    repeats = ends ? repeat : null;
    if (ends) status.append(" ", button("Try again", () => repeat()));
    if (focused) (status.querySelector("button") ?? status).focus({ preventScroll: true });
  }

  const end = () => since !== null && say("");
  return Object.assign(say, {
    /** A question is asked: returns when. */
    asks: () => ++clock,
    /** Called once the question of that moment is answered. */
    answered: (asked) => asked > since && end(),
    /** Asks again what an error is about that is still said; once. */
    repeat() {
      const ask = since === null ? null : repeats;
      repeats = null;
      ask?.();
    },
    /** Another mode is chosen. */
    leave: end,
  });
}

/**
 * Gives `take(event)` the arrows to the left and right while nothing has the focus and the stage is in sight.
 * @param {HTMLElement} root @param {(event: KeyboardEvent) => void} take
 */
export function takeArrows(root, take) {
  document.addEventListener("keydown", (event) => {
    const other = event.target !== document.body || isBrowsers(event) || event.shiftKey;
    if (!other && root.clientWidth > 0 && (event.key === "ArrowLeft" || event.key === "ArrowRight")) take(event);
  });
}

/**
 * Gathers what changed until the next display frame, then updates the parts in order: what paints comes last.
 * @param {Pick<Ctx, "root" | "store">} ctx @param {Part[]} parts @returns {(...keys: string[]) => void}
 */
export function createFrame(ctx, parts) {
  /** @type {Set<string> | null} */
  let changed = null;
  const paint = () => {
    const keys = changed;
    changed = null;
    if (ctx.root.isConnected) { for (const part of parts) part.update(keys, ctx.store.get()); }
  };
  return (...keys) => {
    if (!changed) requestAnimationFrame(paint);
    changed = new Set([...(changed ?? []), ...keys]);
  };
}
