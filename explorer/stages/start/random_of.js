/** Images whose every pixel is drawn at random, and how far neighbouring pixels of images lie apart. */

import { PIXELS, SIDE } from "../kit/image/pixels.js";
import { uniforms } from "../kit/plane/random.js";

/** So many images of 784 bytes, each byte one of 256 levels, all equally probable. */
export function randomImages(seed, count) {
  const uniform = uniforms(seed);
  return Uint8Array.from({ length: count * PIXELS }, () => Math.floor(256 * uniform()));
}

/** The mean difference of a pixel from the one to its right, in levels, over images of 784 bytes. */
export function apart(bytes) {
  let [sum, count] = [0, 0];
  for (let i = 0; i + 1 < bytes.length; i++) {
    if (i % SIDE === SIDE - 1) continue;
    sum += Math.abs(bytes[i] - bytes[i + 1]);
    count++;
  }
  return sum / count;
}

/** What is seen of random images beside test images of a data set; `random` and `real` are the two differences. */
export const randomWords = ({ title, random, real }) =>
  `Each pixel of a random image is one of 256 levels. None looks like data: a pixel and the one to its ` +
  `right differ by ${random.toFixed(0)} levels on average, in the ${title} test images by ${
    real.toFixed(0)
  }. There are ` +
  `256^784 ≈ 10^1888 such images, and data fill a vanishing share of them.`;
