/** The distribution of the chosen pixel, and what a visitor makes of it: white or black, from the step on screen on. */

import { h } from "../kit/base/dom.js";
import { percent } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { placeOf } from "../kit/image/board.js";

/** A probability; near 0 and 1 with two decimals. */
const share = (p) => percent(Math.min(1, Math.max(0, p)), p < 0.01 || p > 0.99 ? 2 : 0);

/** Distribution from which the chosen pixel was drawn, or would be drawn now. */
function betWords({ pixel, p, level, given }) {
  const place = `The pixel in ${placeOf(pixel)}`;
  if (level === null) return `${place} is masked: drawn next, it would be white with ${share(p)}.`;
  const [chance, name] = level ? [share(p), "white"] : [share(1 - p), "black"];
  if (given) return `${place} is ${name} because you say so; the network gave that ${chance}.`;
  return `${place} is ${name}: it was drawn with ${chance} for that.`;
}

/**
 * Shows a bet, {pixel, p, level, given}: `level` is null of a masked pixel; a bet without a pixel is null. `any()` says
 * whether pixels were set; `onSet(level)` and `onUndo()` are the visitor's choices.
 */
export function createBet(bet, { any, onSet, onUndo }) {
  const white = h("div", { class: "bet-white" });
  whenever(() => (white.style.width = `${100 * (bet.value?.p ?? 0)}%`));
  const hidden = () => bet.value === null;
  const label = () => bet.value && `white ${share(bet.value.p)}, black ${share(1 - bet.value.p)}`;
  const button = (words, onclick, attributes) =>
    h("button", { type: "button", class: "button plain", onclick, ...attributes }, words);
  const set = ["black", "white"].map((name, level) =>
    button(`Make it ${name}`, () => onSet(level), { hidden, disabled: () => bet.value?.level === level })
  );
  const undo = button("Undo the last", onUndo, { disabled: () => !any() });
  return h(
    "div",
    { class: "bet", hidden: () => bet.value === null && !any() },
    h("p", { hidden }, () => bet.value ? betWords(bet.value) : ""),
    h("div", { class: "bet-bar", role: "img", "aria-label": label, hidden }, white),
    h("div", { class: "row" }, set, undo),
  );
}
