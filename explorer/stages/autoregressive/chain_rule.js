/** The chain rule on an image of 2 × 2 binary pixels: 15 conditionals, 16 images. Nothing here touches the page. */

import { uniforms } from "../kit/plane/random.js";

export const PIXELS = 4;

/** The conditionals p(x = 1 | the pixels before it), shortest first, each group in the order of its binary numbers. */
export const DEFAULTS = [0.3, 0.7, 0.2, 0.1, 0.6, 0.5, 0.8, 0.3, 0.5, 0.4, 0.2, 0.5, 0.9, 0.6, 0.7];

/** An image whose factors are multiplied out. */
export const EXAMPLE = [0, 1, 1, 0];

const SUBSCRIPTS = "₁₂₃₄";
const SEARCHED = 100_000;

export const nameOf = (pixel) => `x${SUBSCRIPTS[pixel]}`;

/** Index of the conditional of the next pixel, given the pixels before it. */
export const indexOf = (before) => 2 ** before.length - 1 + before.reduce((sum, bit) => 2 * sum + bit, 0);

/** The bits of image 0…15, first pixel first. */
export const bitsOf = (image) => Array.from({ length: PIXELS }, (_, pixel) => (image >> (PIXELS - 1 - pixel)) & 1);

/** p(next pixel = `bit` | before). */
const factor = (p, before, bit) => (bit ? p[indexOf(before)] : 1 - p[indexOf(before)]);

/** The four factors of an image's probability. */
export const factors = (p, bits) => bits.map((bit, pixel) => factor(p, bits.slice(0, pixel), bit));

/** The probabilities of all 16 images. */
export const joint = (p) =>
  Array.from({ length: 2 ** PIXELS }, (_, image) => factors(p, bitsOf(image)).reduce((a, b) => a * b, 1));

/**
 * One image drawn pixel by pixel: for each `{u, p, zero, bit, product, log}`. `zero` is the length of the interval of
 * 0, `product` the probability of all bits so far, and `log` its logarithm in nats.
 *
 * The cumulative distribution is inverted, as in the networks: u below p(0) draws 0, else 1.
 */
export function draw(p, seed) {
  const bits = [];
  let product = 1;
  const uniform = uniforms(seed);
  return Array.from({ length: PIXELS }, uniform).map((u) => {
    const one = p[indexOf(bits)];
    const bit = u < 1 - one ? 0 : 1;
    product *= factor(p, bits, bit);
    bits.push(bit);
    return { u, p: one, zero: 1 - one, bit, product, log: Math.log(product) };
  });
}

/** The first seed that draws these bits, or null where none of many does. */
export function seedOf(p, bits) {
  for (let seed = 0; seed < SEARCHED; seed++) if (draw(p, seed).every(({ bit }, i) => bit === bits[i])) return seed;
  return null;
}
