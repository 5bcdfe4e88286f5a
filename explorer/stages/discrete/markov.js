/**
 * A discrete diffusion of 4×4 pixels by hand: its matrices, Bayes' rule for a pixel, and, as the data are bars and
 * stripes, what each x_t says of x₀ without any network.
 *
 * States are 0 black, 1 white, 2 masked. Reference: Austin et al. 2021, section 3.
 */

import { uniforms } from "../kit/plane/random.js";

export const SIDE = 4;
export const CELLS = SIDE * SIDE;
export const MASKED = 2;

/** How many states the pixels of a chain have. */
export const statesOf = (kind) => (kind === "absorbing" ? 3 : 2);

/** What becomes of each state that stays as it is with probability `stays`: a row for each state before. */
function matrix(kind, stays) {
  const states = statesOf(kind);
  const other = (to) => (kind === "uniform" ? 1 / states : Number(to === MASKED));
  return Array.from(
    { length: states },
    (_, from) => Array.from({ length: states }, (_, to) => stays * Number(from === to) + (1 - stays) * other(to)),
  );
}

/** Q_t, with β_t = 1 / (T − t + 1). */
export const stepMatrix = (kind, times, t) => matrix(kind, 1 - 1 / (times - t + 1));

/** Q̄_t = Q₁ ⋯ Q_t. */
export const untilMatrix = (kind, times, t) => matrix(kind, 1 - t / times);

/** Numbers as shares of their sum; all 0 where that is 0. */
function normalised(weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total ? weight / total : 0));
}

/** q(x_{t−1} | x_t, x₀) of a pixel by Bayes, with what it is made of: {prior, likelihood, posterior}, one a state. */
export function bayes(kind, times, t, xt, x0) {
  const prior = untilMatrix(kind, times, t - 1)[x0];
  const likelihood = stepMatrix(kind, times, t).map((row) => row[xt]);
  return { prior, likelihood, posterior: normalised(prior.map((p, state) => p * likelihood[state])) };
}

/** All bars and stripes: whole rows, or whole columns, that are white; 30 images of 16 pixels. */
export const PATTERNS = (() => {
  const lines = (place) =>
    Array.from(
      { length: 2 ** SIDE },
      (_, code) => Array.from({ length: CELLS }, (_, cell) => (code >> place(cell)) & 1),
    );
  const rows = lines((cell) => Math.floor(cell / SIDE));
  return [...rows, ...lines((cell) => cell % SIDE).slice(1, -1)]; // nothing and everything are both
})();

/** p(x₀ | x_t) of each pattern, all alike at first: Bayes over the patterns that could have become x_t. */
export function weightsOf(kind, times, t, xt) {
  const until = untilMatrix(kind, times, t);
  return normalised(PATTERNS.map((x0) => x0.reduce((product, value, cell) => product * until[value][xt[cell]], 1)));
}

/**
 * The probability of white of each pixel of x₀, given the weights of the patterns. Where no pattern can have become x_t,
 * as two pixels that must agree were drawn without knowing of each other, what is known stays, and the rest is a coin.
 */
export function whites(weights, xt) {
  if (weights.every((weight) => weight === 0)) return xt.map((state) => (state === MASKED ? 0.5 : state));
  return xt.map((_, cell) => weights.reduce((sum, weight, k) => sum + weight * PATTERNS[k][cell], 0));
}

/** q(x_{t−1} | x_t, x₀) of every x_t, a list with one for black and one for white at time 0. */
const posteriors = (kind, times, t) =>
  Array.from({ length: statesOf(kind) }, (_, xt) => [0, 1].map((x0) => bayes(kind, times, t, xt, x0).posterior));

const mixed = ([black, white], share) => normalised(black.map((p, state) => (1 - share) * p + share * white[state]));

/** p(x_{t−1} | x_t) of a pixel, where `white` is its probability of white at time 0. */
export const reverse = (kind, times, t, xt, white) => mixed(posteriors(kind, times, t)[xt], white);

/** A state drawn from its probabilities, by a number in [0, 1). */
function draw(probabilities, u) {
  let below = 0;
  for (let state = 0; state < probabilities.length; state++) {
    below += probabilities[state];
    if (u < below) return state;
  }
  return probabilities.findLastIndex((p) => p > 0);
}

/** x₀, x₁, … x_T by the forward process. */
export function forwards(kind, times, x0, seed) {
  const uniform = uniforms(seed);
  const found = [x0];
  for (let t = 1; t <= times; t++) {
    const step = stepMatrix(kind, times, t);
    found.push(found.at(-1).map((state) => draw(step[state], uniform())));
  }
  return found;
}

/** The same back: x_T from its distribution, which no x₀ decides, then each pixel of x_{t−1} by itself; x₀ first. */
export function backwards(kind, times, seed) {
  const uniform = uniforms(seed);
  const last = untilMatrix(kind, times, times)[0];
  const found = [Array.from({ length: CELLS }, () => draw(last, uniform()))];
  for (let t = times; t >= 1; t--) {
    const white = whites(weightsOf(kind, times, t, found[0]), found[0]);
    const each = posteriors(kind, times, t);
    found.unshift(found[0].map((state, cell) => draw(mixed(each[state], white[cell]), uniform())));
  }
  return found;
}

/** Whether an image is one of the patterns. */
export const isPattern = (x) => PATTERNS.some((pattern) => pattern.every((value, cell) => value === x[cell]));

/** How many of `runs` ways back end in a pattern. */
export function hits(kind, times, runs) {
  let found = 0;
  for (let seed = 0; seed < runs; seed++) found += Number(isPattern(backwards(kind, times, seed)[0]));
  return found;
}
