/** What is said of a diffusion of codes. */

import { num } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";

export function captionOf(film, frame) {
  if (frame === film.frames[0]) return "Nothing but noise: ▶ plays, › goes one step";
  return frame.time === 0 ? "Finished: no noise is left in the codes" : `Noise of time ${frame.time} is left`;
}

/** The figures of the cards as cells: {of, steps, ratio, ms}. */
export const costRows = (cost) =>
  cost.map(({ of, steps, ratio, ms }) => [
    `${of}, ${steps} steps`,
    ratio === null ? "–" : num(ratio, 1),
    num(ms, ms < 10 ? 1 : 0),
  ]);

/**
 * What pixels cost at the quality of codes: the best that is measured of codes, beside the cheapest of pixels that is as
 * good; null where nothing is judged.
 */
function equalWords(cost) {
  const judged = (of) => cost.filter((each) => each.of === of && each.ratio !== null);
  const [best] = judged("codes").toSorted((a, b) => a.ratio - b.ratio);
  if (!best || !judged("pixels").length) return null;
  const [equal] = judged("pixels").filter(({ ratio }) => ratio <= best.ratio).toSorted((a, b) => a.ms - b.ms);
  const told = ({ steps, ratio, ms }) => `${num(ratio, 1)} times the floor in ${steps} steps and ${num(ms, 1)} ms`;
  const first = `The best that is measured on codes comes to ${told(best)}`;
  return equal
    ? `${first}; the cheapest on pixels that is no worse, to ${told(equal)}.`
    : `${first}; no measured setting on pixels is as good.`;
}

/** What is on screen, in a sentence or two with the network's own numbers. */
export function latentWords(film, frame, cost) {
  const words = [];
  const { noise_norm: size, moved } = frame.numbers;
  if (!size) {
    words.push("Four codes of pure noise: decoded they look like none of the data, for no image has such a code.");
  } else if (frame.time > 0) {
    words.push(
      `At time ${frame.time} the predicted noise has size ${num(mean(size), 2)}` +
        (moved ? `, and the guess ẑ₀ moved by ${num(mean(moved), 3)} a number since the step before.` : "."),
    );
  } else {
    words.push(
      `Done in ${film.evaluations} evaluations of the small network and ${num(film.seconds, 2)} s here, in which ` +
        `every step was also decoded twice to be shown.`,
    );
  }
  const same = cost.filter(({ steps }) => steps === 50);
  const [codes, pixels] = ["codes", "pixels"].map((of) => same.find((each) => each.of === of));
  if (codes && pixels) {
    words.push(
      `Measured in 50 steps, 16 together: ${num(codes.ms, 1)} ms an image on codes, ${num(pixels.ms, 0)} ms on ` +
        `pixels, ${num(pixels.ms / codes.ms, 0)} times as much.`,
    );
  }
  const equal = equalWords(cost);
  if (equal) words.push(equal);
  return words.join(" ");
}
