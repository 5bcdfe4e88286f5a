/** What is seen of a latent, in words that follow from the model's numbers. */

import { find } from "../kit/shell/card.js";
import { num } from "../kit/shell/format.js";
import { PIXELS } from "../kit/image/pixels.js";

const UNUSED = 0.05; // nats
const STEP = 0.2;

/** The nearest place that a latent is moved to. */
export const stepOf = (z) => Number((STEP * Math.round(Math.max(-3, Math.min(3, z)) / STEP)).toFixed(1));

/** What stands above a strip, which leads from −3 to 3: its latent, and what that costs on average. */
export function latentName(which, rank, costs) {
  const what = { chosen: "chosen", first: "used most", last: "used least" }[which];
  return `Latent ${rank + 1}, ${what}: ${num(costs[rank], 2)} nats`;
}

/** By how many grey levels of 255 a pixel changes at most, on the way of a latent from one end to the other. */
export function changeOf(frames) {
  const count = frames.length / PIXELS;
  let most = 0;
  for (let i = 0; i < PIXELS; i++) {
    let [low, high] = [255, 0];
    for (let k = 0; k < count; k++) {
      low = Math.min(low, frames[k * PIXELS + i]);
      high = Math.max(high, frames[k * PIXELS + i]);
    }
    most = Math.max(most, high - low);
  }
  return most;
}

/** The sentences; `code` is that of the picture, `rows` the card's. */
export function traverseWords({ rank, at, code, rows, change }) {
  const costs = (rows ?? []).filter(({ name }) => name === "kl").map(({ value }) => value);
  const active = find(rows, "active")?.value;
  const [mu, sigma, kl] = [code.mu[rank], code.sigma[rank], code.kl[rank]];
  const whole = code.kl.reduce((sum, value) => sum + value, 0);
  const here = `Latent ${rank + 1} is encoded at ${num(mu, 2)} ± ${num(sigma, 2)} and costs ${num(kl, 2)} of ${
    num(whole, 1)
  } nats of KL. It is now at ${num(at, 1)}.`;
  const moves = change < 8
    ? `No pixel changes by more than ${change} of 255 grey levels on the whole way.`
    : `On the whole way some pixel changes by ${change} of 255 grey levels.`;
  const use = costs[rank] < UNUSED
    ? "The decoder does not look at it, so the encoder leaves it at the prior, 0 ± 1, where it is free."
    : "";
  const all = active === undefined ? "" : `Of ${costs.length} latents ${active} are active over the test images.`;
  return [here, moves, use, all].filter(Boolean).join(" ");
}
