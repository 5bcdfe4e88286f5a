/** What a visitor sees of families that learn side by side, in words made from their measured figures. */

import { listed, num, percent } from "../kit/shell/format.js";

const COPIES = 0.85;
const LEVEL = 1.15; // times the floor: what chance may do

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

/** Whether all that a frame shows is recorded. */
export const allRecorded = ({ looks, recorded }) => recorded.length === Object.keys(looks).length;

export const timeWords = (time, clock) =>
  clock === "seconds" ? `${num(time, 2)} s each` : `${time.toLocaleString("en")} step${time === 1 ? "" : "s"}`;

/** Families with a distance, nearest first: [name, look]. */
export const ranked = (frame) =>
  Object.entries(frame.looks).filter(([, { distance }]) => distance !== undefined)
    .sort(([, a], [, b]) => a.distance - b.distance);

export function frameWords(frame, { titles, clock }) {
  const when = frame.time ? `After ${timeWords(frame.time, clock)}` : "Before the first step";
  const others = [chanceWords, missedWords, likelyWords].map((words) => words(frame, titles));
  const timed = clock === "seconds" ? "At equal steps the order may be another." : "";
  return [firstWords(frame, titles, when), ...others, timed].filter(Boolean).join(" ");
}

function firstWords(frame, titles, when) {
  const broken = Object.keys(frame.looks).filter((name) => frame.looks[name].broken);
  if (broken.length) {
    return `${listed(broken.map((name) => titles[name]))} broke: the loss is no longer a finite number.`;
  }
  const [best, ...others] = ranked(frame);
  if (!others.length) return `${when}, ${titles[best[0]]} is ${num(best[1].distance)} away from the points.`;
  const copier = others.concat([best]).sort(([, a], [, b]) => b.memorised - a.memorised)[0];
  if (frame.time && copier[1].memorised > COPIES) {
    return `${titles[copier[0]]} copies: ${
      percent(copier[1].memorised)
    } of its samples lie nearer to training points ` +
      "than a held-out point.";
  }
  const worst = others.at(-1);
  return `${when}, ${titles[best[0]]} is nearest to the points (${num(best[1].distance)}), ${
    titles[worst[0]]
  } farthest ` +
    `(${num(worst[1].distance)}).`;
}

function chanceWords(frame, titles) {
  const level = ranked(frame).filter(([, { distance }]) => distance <= LEVEL * frame.floor).map(([name]) =>
    titles[name]
  );
  const floor = `Two samples of the points differ by ${num(frame.floor)}, by chance alone`;
  return level.length ? `${floor}: ${listed(level)} cannot be told from the truth by it.` : `${floor}.`;
}

function missedWords(frame, titles) {
  const missing = Object.entries(frame.looks).filter(([, { missed }]) => missed);
  if (!missing.length) return "";
  const [{ modes }] = missing.map(([, look]) => look);
  return `Of ${modes} modes, ${listed(missing.map(([name, { missed }]) => `${titles[name]} misses ${missed}`))}.`;
}

function likelyWords(frame, titles) {
  const known = Object.entries(frame.looks).filter(([, { kl }]) => kl !== undefined).sort(([, a], [, b]) =>
    a.kl - b.kl
  );
  if (!known.length) return "";
  const [name, { kl }] = known[0];
  return `Of the densities, that of ${titles[name]} is nearest to the true one: KL ${num(kl, 3)} nats.`;
}

/** The smallest distance, and whose it is. */
export function chiefRow(frame, titles) {
  const best = frame && ranked(frame)[0];
  const unit = best ? `${titles[best[0]]} (two samples of the points: ${num(frame.floor)})` : "";
  return ["Smallest distance to the points", best ? num(best[1].distance) : "–", unit];
}

const shown = (value, words) => (value === undefined ? "–" : words(value));

/** The tables of all figures, each {label, head, rows}: of every family, and against the truth where it is known. */
export function tablesOf({ looks }, titles, marks) {
  const rows = (cells) => Object.entries(looks).map(([name, look]) => [titles[name], ...cells(look, marks[name])]);
  const all = {
    label: "Every family",
    head: ["", "D", "−log p", "copies", "ms a step"],
    rows: rows((look, mark) => [
      num(look.distance),
      shown(look.nll, (value) => `${mark} ${num(value, 2)}`),
      shown(look.memorised, percent),
      num(1000 * look.cost, 1),
    ]),
  };
  if (!Object.values(looks).some(({ modes }) => modes)) return [all];
  const truth = {
    label: "Against the truth",
    head: ["", "KL", "reverse KL", "astray", "modes missed"],
    rows: rows((look) => [
      num(look.kl),
      num(look.back),
      shown(look.astray, percent),
      shown(look.missed, (value) => `${value} of ${look.modes}`),
    ]),
  };
  return [all, truth];
}
