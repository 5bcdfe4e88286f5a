/** What a visitor sees of what the generator makes, said with the networks' own numbers. */

import { find } from "../kit/shell/card.js";
import { num, percent } from "../kit/shell/format.js";
import { withArticle } from "../kit/shell/parts.js";
import { CORNERS } from "./tiles.js";

/** As a share of the usual length: fewer than one in a thousand drawn codes is shorter. */
const SHORT = 0.7;
const WHAT_IT_LEARNT = "It was trained to give real images more than 1 and generated ones less than −1";

/** What A, B and C weigh at a place of the plane. */
const weightsAt = (u, v) => [1 - u - v, u, v];

/** Which classes are mixed where codes are, and in which shares: [[name, share], …], largest first. */
function sharesOf(weights, names) {
  const positive = weights.map((weight) => Math.max(0, weight));
  const total = positive.reduce((sum, weight) => sum + weight, 0);
  const shares = new Map();
  names.forEach((name, k) => shares.set(name, (shares.get(name) ?? 0) + positive[k] / total));
  return [...shares].filter(([, share]) => share >= 0.005).sort(([, a], [, b]) => b - a);
}

/** “a 7”, or “60 % 7, 40 % 1” where classes are mixed. */
function mixture(weights, names) {
  const shares = sharesOf(weights, names);
  return shares.length === 1
    ? withArticle(shares[0][0])
    : shares.map(([name, share]) => `${percent(share)} ${name}`).join(", ");
}

export const planeMixture = (u, v, names) => mixture(weightsAt(u, v), names);

export const pathMixture = (place, names) => mixture([1 - place, place], names);

/** The means of the score on the card; nothing where the card has none. */
function usual(rows) {
  const [real, made] = ["score_real", "score_made"].map((name) => find(rows, name));
  if (!real || !made) return "";
  return `: on average ${num(real.value)} for real test images and ${num(made.value)} for ` +
    "generated ones";
}

/** Of an image of the grid. */
export function imageWords({ number, name, score, seed, rows }) {
  return `Image ${number} of seed ${seed} was asked to be ${withArticle(name)}. One pass of the generator ` +
    `made it. The discriminator gives it ${num(score)}. ${WHAT_IT_LEARNT}${usual(rows)}. A score ` +
    "is no probability.";
}

/** Of a place in the plane; `length` is that of its code, and `latent` how many numbers a code has. */
export function planeWords({ u, v, score, length, latent }) {
  const [a, ...rest] = CORNERS;
  const sum = rest.map((corner, k) => `${num([u, v][k])} (${corner} − ${a})`).join(" + ");
  const usually = Math.sqrt(latent);
  const met = length < SHORT * usually ? ": the generator has hardly ever met one so short" : "";
  return `The code is ${a} + ${sum}. It is ${num(length, 1)} long, where drawn codes are about ` +
    `${num(usually, 1)} long${met}. The discriminator gives the image ${num(score)}.`;
}

/** Of a frame of the film; `angle` lies between the codes of its ends, in radians. */
export function pathWords({ at, scores, lengths, angle, ends }) {
  const least = scores.indexOf(Math.min(...scores));
  const turn = `The codes of image ${ends[0] + 1} and image ${ends[1] + 1} enclose ` +
    `${num((angle * 180) / Math.PI, 0)}° (two drawn at random: about 90°)`;
  const long = `The film turns from one to the other, so that no code on it is short: here ${num(lengths[at], 1)}`;
  return `${turn}. ${long}. The discriminator gives this frame ${num(scores[at])}, and the least, ` +
    `${num(scores[least])}, to frame ${least}.`;
}
