/** The figures of families that learn side by side: how each is named, read and written. */

import { num, percent } from "../kit/base/format.js";

/** The figures of a family: how each is named, read and written; one of its `own` unit cannot be compared. */
export const FIGURES = {
  distance: { name: "D²", of: (look) => look.distance, words: (value) => num(value, 4) },
  kl: { name: "KL", of: (look) => look.kl, words: (value) => num(value, 3), refused: true },
  nll: { name: "−log p", of: (look) => look.nll, words: (value, mark) => `${mark} ${num(value, 2)}` },
  memorised: { name: "Copies", of: (look) => look.memorised, words: percent },
  loss: { name: "Training loss", own: true, of: (look) => look.loss, words: (value) => num(value, 2) },
  cost: { name: "Cost of a step", of: (look) => 1000 * look.cost, words: (value) => `${num(value, 1)} ms` },
};

/** A figure of a family at a moment, in words. */
export function figureWords(figure, look, mark) {
  const { of, words, refused } = FIGURES[figure];
  if (look.broken) return "broke";
  if (refused && look.unsolved) return "refused";
  return of(look) === undefined ? (figure === "nll" && mark === "∅" ? mark : "–") : words(of(look), mark);
}

/**
 * Names of the families whose figure is the smallest as written; none if it cannot be compared. Of D² and KL the
 * server tells which these are: it knows what chance does.
 */
export function smallestOf(figure, { looks, report }) {
  if (figure === "distance") return report.nearest;
  if (figure === "kl") return report.best;
  const { of, words, own } = FIGURES[figure];
  const found = Object.entries(looks).filter(([, look]) => !own && !look.broken && Number.isFinite(of(look)));
  const written = ([, look]) => words(of(look), "");
  const least = found.toSorted(([, a], [, b]) => of(a) - of(b))[0];
  return found.filter((each) => written(each) === written(least)).map(([name]) => name);
}

/** Meaning of the number of a tile, and of its frame. */
export function shownWords(figure) {
  const { name, own } = FIGURES[figure];
  const shown = `Number and curve: ${/^[A-Z][a-z]/.test(name) ? name.toLowerCase() : name}`;
  if (own) return `${shown}, which cannot be compared`;
  if (figure === "distance") return `${shown}. Smaller: better. Framed: as good as real data, else best.`;
  return `${shown}; framed: smallest`;
}
