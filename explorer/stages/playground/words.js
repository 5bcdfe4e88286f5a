/** What a visitor sees of families that learn side by side, in words made from their measured figures. */

import { listed, num, percent } from "../kit/shell/format.js";

const COPIES = 0.85;
const LEVEL = 1.15; // times the floor: what chance may do

/** The figures of a family: how each is named, read and written, and whether less is better. */
export const FIGURES = {
  distance: { name: "Distance", words: (look) => num(look.distance, 2) },
  nll: {
    name: "−log p",
    words: (look, mark) => (mark === "∅" ? "∅" : look.nll === undefined ? "–" : `${mark} ${num(look.nll, 2)}`),
  },
  memorised: { name: "Copies", words: (look) => percent(look.memorised) },
  cost: { name: "Cost", words: (look) => `${num(1000 * look.cost, 1)} ms` },
};

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
  return [firstWords(frame, titles, when), chanceWords(frame, titles), likelyWords(frame, titles)].filter(Boolean)
    .join(" ");
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
  const floor = `Chance alone gives ${num(frame.floor)}`;
  return level.length ? `${floor}: ${listed(level)} cannot be told from the truth by it.` : `${floor}.`;
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
  const unit = best ? `${titles[best[0]]} · chance ${num(frame.floor)}` : "";
  return ["Smallest distance to the points", best ? num(best[1].distance) : "–", unit];
}

export const HEAD = ["", "D", "−log p", "KL", "reverse", "astray", "copies"];

/** A row of the table for each family. */
export const tableRows = (frame, titles, marks) =>
  Object.entries(frame.looks).map(([name, look]) => [
    titles[name],
    num(look.distance),
    look.nll === undefined ? "–" : `${marks[name]} ${num(look.nll, 2)}`,
    num(look.kl),
    num(look.back),
    look.astray === undefined ? "–" : percent(look.astray),
    look.memorised === undefined ? "–" : percent(look.memorised),
  ]);
