/** What a visitor sees of the four words for one target, said with their own numbers. */

import { num, pair } from "../kit/shell/format.js";

const TITLES = ["velocity v", "data x̂₁", "noise ε̂", "score ∇log p"];
const ORDER = ["velocity", "data", "noise", "score"];
const NAMES = { velocity: "velocity", data: "way to the guessed data", noise: "way out of the noise", score: "score" };
const ERROR = 0.1;

/** The four words for one velocity at a point; only the independent coupling has a score. */
export function wordsOf(x, t, v, coupling = "independent") {
  const noise = x.map((value, i) => value - t * v[i]);
  return {
    velocity: [...v],
    data: x.map((value, i) => value + (1 - t) * v[i]),
    noise,
    score: coupling === "independent" ? noise.map((value) => -value / (1 - t)) : null,
  };
}

const said = (word) => word ? pair(word) : "∅ cannot";

/** Each word, as it follows from the network's velocity, and as it is exactly. */
export const wordRows = (learned, exact) =>
  ORDER.flatMap((name, i) => [
    [TITLES[i], learned ? said(learned[name]) : "–"],
    ["exactly", exact ? pair(exact[name]) : "–"],
  ]);

/** What a screen reader says of the picture. */
export const planeWords = ({ title, view, t, coupling }) => {
  const where = `${title}: arrows of the ${NAMES[view]} at t = ${num(t)}`;
  if (coupling === "independent") return `${where}, the network's over the exact ones.`;
  return view === "score" ? `${title}: no arrows, as this coupling has no score.` : `${where}, the network's alone.`;
};

/** Of one point, where the pairs are not independent: three words follow, and the score cannot. */
const withoutScore = ({ point, t, learned, coupling, told: { scoreless } }) =>
  `The network predicts v = ${pair(learned.velocity)} at x = ${pair(point)}, t = ${num(t)}. Noise ` +
  `${pair(learned.noise)} and data ${pair(learned.data)} follow for any pairs. ${scoreless[coupling]}`;

/** Of one point: what follows from the network's velocity, and what its error becomes. */
export function fieldWords(seen) {
  const { point, t, learned, exact } = seen;
  if (!learned.score) return withoutScore(seen);
  const alpha = t ** 2 / (t ** 2 + (1 - t) ** 2);
  const error = (factor) => num(ERROR * factor, 3);
  return `The network predicts v = ${pair(learned.velocity)}; the exact value is ${pair(exact.velocity)}. The rest ` +
    `follows at x = ${pair(point)}, t = ${num(t)}: noise ${pair(learned.noise)}, data ${pair(learned.data)}, score ` +
    `${pair(learned.score)}. What a network is trained to predict decides how errors count: one of ${ERROR} in v ` +
    `is ${error(1 - t)} in x̂₁, ${error(t)} in ε̂ and ${
      error(t / (1 - t))
    } in the score. To a diffusion this x, divided ` +
    `by √(t² + (1 − t)²), is one of ᾱ = ${num(alpha, 3)}.`;
}
