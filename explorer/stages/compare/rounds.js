/** The rounds of a seed: which network made the false image, which test image is the real one, and on which side. */

import { uniforms } from "../kit/plane/random.js";

/** Whole numbers below `n`, from a stream of uniform ones. */
const below = (uniform, n) => Math.floor(uniform() * n);

function shuffled(items, uniform) {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = below(uniform, i + 1);
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}

/**
 * Rounds of a seed: {net, seed, real, left}. Every network has equally many, plus or minus one, in random order.
 *
 * `seed`, one of `seeds`, draws the network's image. `real` is the number of a test image of `images`, and `left` says
 * whether it is on the left.
 */
export function roundsOf(seed, nets, { count, images, seeds }) {
  const uniform = uniforms(seed);
  const order = shuffled(nets, uniform);
  const makers = shuffled(Array.from({ length: count }, (_, i) => order[i % order.length]), uniform);
  return makers.map((net) => ({
    net,
    seed: below(uniform, seeds),
    real: below(uniform, images),
    left: uniform() < 0.5,
  }));
}
