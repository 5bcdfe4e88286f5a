/** The figures of families that learn side by side: how each is named, read and written. */

import { num, percent } from "../kit/base/format.js";

/** The figures of a family: how each is named, read and written. */
export const FIGURES = {
  distance: { name: "Distance", of: (look) => look.distance, words: (value) => num(value, 2) },
  nll: { name: "−log p", of: (look) => look.nll, words: (value, mark) => `${mark} ${num(value, 2)}` },
  memorised: { name: "Copies", of: (look) => look.memorised, words: percent },
  loss: { name: "Training loss", of: (look) => look.loss, words: (value) => num(value, 2) },
  cost: { name: "Cost of a step", of: (look) => 1000 * look.cost, words: (value) => `${num(value, 1)} ms` },
};

/** A figure of a family at a moment, in words. */
export function figureWords(figure, look, mark) {
  const { of, words } = FIGURES[figure];
  if (look.broken) return "broke";
  return of(look) === undefined ? (figure === "nll" && mark === "∅" ? mark : "–") : words(of(look), mark);
}
