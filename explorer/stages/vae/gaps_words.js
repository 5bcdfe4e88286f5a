/** What a visitor sees of the three gaps, said with its own numbers. */

import { num, percent } from "../kit/shell/format.js";

export const NAMES = { encoder: "Encoder's", hand: "By hand", best: "Best Gaussian", mixture: "Three Gaussians" };

/** The parts of −log p(x) + KL(q ‖ p(z | x)): what the decoder costs, what the family of q, and what is not its best. */
export function partsOf({ log_px: exact, best, mixture }, q, gap) {
  const family = q === "mixture" ? mixture.gap : best.gap;
  return { decoder: -exact, family, rest: Math.max(0, gap - family) };
}

const rest = (q) => (q === "hand" ? "by hand: not the best q" : "amortisation: one encoder for all");

export function gapRows(found) {
  const { q, gap, parts } = found ?? {};
  const said = (value) => (found ? num(value(), 3) : "–");
  return [
    ["gap of q, KL(q ‖ p(z | x))", said(() => gap), "nats"],
    ["decoder: −log p(x)", said(() => parts.decoder), "nats"],
    ["family of q", said(() => parts.family), "nats"],
    [rest(q), said(() => parts.rest), "nats"],
    ["sum: −ELBO of q", said(() => parts.decoder + gap), "nats"],
    ["the encoder's gap in all", said(() => found.value.encoder.gap), "nats"],
  ];
}

export function gapWords({ q, gap, parts, value: { encoder, best, mixture } }) {
  const lost = `${num(gap)} nats`;
  if (q === "mixture") {
    return `Three Gaussians miss log p(x) by ${num(gap, 3)} nats, one by ${num(best.gap, 3)}. A richer family of q ` +
      `closes ${percent(1 - mixture.gap / best.gap)} of the family gap; what the decoder costs stays.`;
  }
  if (q === "best") {
    return `The best upright Gaussian misses log p(x) by ${lost}: the family gap. Only another family of q closes it.`;
  }
  if (q === "hand") {
    return gap < encoder.gap
      ? `Your q misses log p(x) by ${lost}, the encoder's by ${num(encoder.gap)}. The best Gaussian reaches ${
        num(best.gap)
      }.`
      : `Your q misses log p(x) by ${lost}: the encoder's, with ${num(encoder.gap)} nats, is better.`;
  }
  return `The encoder's q misses log p(x) by ${lost}. ${
    num(parts.rest)
  } of them are amortisation: a q for this image ` +
    `alone wins them. The other ${num(parts.family)} are the family's.`;
}
