/** What a visitor sees of a divergence and of a descent, said with its own numbers. */

import { listed, num, percent } from "../kit/shell/format.js";
import { isNear } from "./divergence_of.js";

export const NAMES = { forward: "KL(p ‖ q)", reverse: "KL(q ‖ p)", js: "Jensen–Shannon" };

const AVERAGES = {
  forward: "KL(p ‖ q) averages over p: what p makes, q has to cover.",
  reverse: "KL(q ‖ p) averages over q: what q leaves out costs little.",
  js: "The Jensen–Shannon divergence asks both, and is never above log 2 = 0.693.",
};

export function divergenceRows(found) {
  const said = (goal) => num(found?.all[goal], 3);
  const masses = (two) => (two ? `${percent(two.p)} | ${percent(two.q)}` : "–");
  return [
    ["KL(p ‖ q), forward", said("forward")],
    ["KL(q ‖ p), reverse", said("reverse")],
    ["Jensen–Shannon", said("js")],
    ["between the modes: p | q", masses(found?.between)],
    ["right of 0: p | q", masses(found?.right)],
  ];
}

const placeOf = ({ m, s, value }) => `m = ${num(m)}, s = ${num(s)} with ${num(value)} nats`;

export function captionOf(path, at, goal) {
  const { m, s, value } = path[at];
  return `Step ${at}: m = ${num(m)}, s = ${num(s)}, ${NAMES[goal]} = ${num(value, 3)} nats`;
}

export function divergenceWords({ goal, at, between, path, ends, most }) {
  const mass = between
    ? ` Between the modes q has ${percent(between.q)} of its mass, where p has ${percent(between.p)}.`
    : "";
  return `${AVERAGES[goal]}${mass} ${descentWords(at, path, most)}${
    at === path.length - 1 ? elsewhere(ends, path[at], goal) : ""
  }`;
}

function descentWords(at, path, most) {
  const end = path.length - 1;
  if (!end) return "No step from here lowers it.";
  if (!at) return "Play the descent to see where it ends.";
  if (at < end || end === most) return `After ${at} steps the descent is at ${placeOf(path[at])}.`;
  return `The descent ended after ${at} steps, at ${placeOf(path[at])}.`;
}

function elsewhere(ends, end, goal) {
  const others = (ends ?? []).filter((other) => !isNear(other, end));
  if (others.length) return ` Other starts end at ${listed(others.map(placeOf), "or at")}.`;
  return goal === "forward" ? " That is the mean and the width of p, from wherever one starts." : "";
}
