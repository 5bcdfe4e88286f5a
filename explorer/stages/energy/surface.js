/** The energy over the cells of the picture, as the server tells it, and pictures of it. */

import { askedAnswer } from "../kit/ask/asked.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { paintContours, paintShades, shadesOf } from "./paint.js";

/**
 * Asks for the surface of the network and the way of training in use. Returns the `answer` to what is asked now, the
 * `surface` that it tells and its `base`, a picture in twice `size` pixels, signals all three: null until they are there.
 */
export function askedSurface(self, size) {
  const { ctx, state } = self;
  const question = () => ctx.net().points ? { net: state.net, way: state.way } : null;
  const answer = askedAnswer(self, "landscape", question);
  const surface = computed(() => answer.value && { ...read(answer.value), key: JSON.stringify(question()) });
  const base = computed(() => surface.value && pictureOf(ctx, surface.value, state.shows, size));
  return { answer, surface, base };
}

/** The arrays of an answer. */
function read({ energy, slope, known, log_z: logZ, side }) {
  const [heights, slopes] = [energy, slope].map((text) => new Float32Array(fromBase64(text).buffer));
  const least = heights.reduce((a, b) => Math.min(a, b));
  const shares = Float32Array.from(fromBase64(known), (byte) => byte / 255);
  return { least, logZ, side, half: HALF, energy: heights, slope: slopes, known: shares };
}

function pictureOf(ctx, surface, shows, size) {
  const canvas = new OffscreenCanvas(2 * size, 2 * size);
  const context = canvas.getContext("2d");
  const colours = ctx.colours();
  paintShades(context, { shades: shadesOf(surface, shows), half: HALF, size: 2 * size, colours });
  context.globalAlpha = 0.7;
  paintContours(context, surface, 2 * size, colours.quiet);
  return canvas;
}

/** Every cell with its energy. */
export function tableOf({ side, energy }, name) {
  const place = (k) => ((2 * k + 1) / side - 1) * HALF;
  const rows = Array.from(energy, (value, i) => [place(i % side), -place(Math.floor(i / side)), value]);
  return { name, rows: [["x", "y", "energy, nats"], ...rows] };
}
