/** What a visitor sees of a film out of noise, said with the network's own numbers. */

import { num } from "../kit/shell/format.js";
import { distance } from "../kit/film/strip.js";

const sentence = (count) => (count === 1 ? "one evaluation" : `${count.toLocaleString("en")} evaluations`);

/** The time from which on the guess was less than half as far from the finished image as the first guess. */
function settled(frames, image) {
  const final = frames.at(-1).x;
  const away = frames.slice(1).map(({ pictures }) => distance(pictures.x0, image, final, image));
  const index = away.findLastIndex((value) => value > away[0] / 2) + 1;
  return { first: away[0], t: frames[1 + Math.min(index, away.length - 1)].numbers.t };
}

/** Two or three sentences of a film at frame `at`; `image` is the one that is watched. */
export function reverseWords({ film, at, image, seed }) {
  const { frames, total, evaluations, seconds, done } = film;
  if (at === 0) {
    return `x₁₀₀₀ is nothing but noise, drawn with seed ${seed}. At each step the network says what noise ` +
      "it sees; x̂₀ is what would be left without it.";
  }
  const { time, numbers: { t, noise_norm, moved } } = frames[at];
  const size = `the noise that it predicts has size ${num(noise_norm[image], 3)} (root mean square; true noise ` +
    "has 1)";
  if (!done || at < total - 1) {
    const change = moved
      ? `, and its guess x̂₀ moved by ${num(moved[image], 3)} since the step before`
      : "; this is its first guess x̂₀";
    return `From t = ${t} to ${time}: ${size}${change}. xₜ is still mixed with noise; x̂₀ is what the network ` +
      "makes of it by now.";
  }
  const { first, t: half } = settled(frames, image);
  const cost = `Finished after ${sentence(evaluations)} of the network, in ${num(seconds)} s on this server.`;
  if (frames.length < 4) return `${cost} So few steps leave it hardly a way to correct its first guess.`;
  return `${cost} The first guess was ${num(first)} (L2) away from the image that came out; at t = ` +
    `${half} less than half of that was left to go.`;
}
