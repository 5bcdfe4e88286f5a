/** Images that the server drew or scored, as typed arrays: levels, log-probabilities, distributions, order. */

import { PIXELS, SIDE } from "../kit/image/pixels.js";
import { floats16, floats32, fromBase64 } from "../kit/plane/tensors.js";

const RASTER = Uint16Array.from({ length: PIXELS }, (_, i) => i);

/** A part of an answer that may be left out. */
const optional = (text, read) => (text === undefined || text === null ? null : read(text));

export class Trace {
  /**
   * `answer` is one of generate, trace, resume, complete or score; images and pixels keep the layout of the picture.
   */
  constructor(answer, net) {
    this.answer = answer;
    this.net = net;
    this.values = fromBase64(answer.values);
    this.count = this.values.length / PIXELS;
    this.logProbs = optional(answer.log_prob, floats32);
    this.entropies = optional(answer.entropy, floats16);
    this.parameters = optional(answer.parameters, floats32);
    this.order = optional(answer.order, (text) => new Uint16Array(fromBase64(text).buffer)) ?? RASTER;
    this.places = new Uint16Array(PIXELS);
    this.order.forEach((pixel, place) => (this.places[pixel] = place));
  }

  /** The levels of an image. */
  image(i = 0) {
    return this.values.subarray(PIXELS * i, PIXELS * (i + 1));
  }

  /** The grey of an image's pixels, 0…1. */
  grey(i = 0) {
    return Float32Array.from(this.image(i), (level) => level / (this.net.levels - 1));
  }

  /** log p of each pixel given those before it, in nats, at T = 1. */
  logProb(i = 0) {
    return this.logProbs.subarray(PIXELS * i, PIXELS * (i + 1));
  }

  /** Entropy of the distribution of each pixel, in nats. */
  entropy(i = 0) {
    return this.entropies.subarray(PIXELS * i, PIXELS * (i + 1));
  }

  /** Surprise of each pixel, in bits. */
  bits(i = 0) {
    return Float32Array.from(this.logProb(i), (value) => -value / Math.LN2);
  }

  /** log p of the first `at` pixels in the order in which they come, in nats. */
  logProbSoFar(i = 0, at = PIXELS) {
    const logProb = this.logProb(i);
    let sum = 0;
    for (let place = 0; place < at; place++) sum += logProb[this.order[place]];
    return sum;
  }

  /** Network's prediction of a pixel of the first image; the other images have their own trace. */
  parametersOf(pixel) {
    const outputs = this.parameters.length / PIXELS;
    return this.parameters.subarray(outputs * pixel, outputs * (pixel + 1));
  }

  /** The numbers of an image as a table, pixels in the order in which they come; rows and columns count from 1. */
  rows(i = 0) {
    const [levels, logProb, entropy] = [this.image(i), this.logProb(i), this.entropy(i)];
    const rows = Array.from(
      this.order,
      (
        pixel,
      ) => [pixel, Math.floor(pixel / SIDE) + 1, (pixel % SIDE) + 1, levels[pixel], logProb[pixel], entropy[pixel]],
    );
    return [["pixel", "row", "column", "level", "log_prob_nats", "entropy_nats"], ...rows];
  }
}
