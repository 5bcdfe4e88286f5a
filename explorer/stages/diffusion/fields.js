/** What a visitor can change, key by key: how it is written in the address, and where it starts. */

import { kinds } from "../shared/address.js";
import { SEEDS } from "../shared/seed.js";

const { among, oneOf, whole, real, points, bytes } = kinds;

export const MODES = [
  { id: "forward", title: "Forward" },
  { id: "reverse", title: "Reverse" },
  { id: "samplers", title: "Samplers" },
  { id: "guidance", title: "Guidance" },
  { id: "middle", title: "Start in the middle" },
  { id: "travel", title: "Travel" },
  { id: "complete", title: "Complete" },
  { id: "field", title: "Score field" },
  { id: "learned", title: "Learned" },
  { id: "tour", title: "Tour" },
];
/** T: the time at which nothing is left but noise. */
export const TIMES = 1000;
export const STRONGEST = 20;
export const DROPS = 24;
export const REACH = 4;

const within = (low, high) => real((value) => value >= low && value <= high);

export const fields = {
  net: { kind: oneOf("diffusion-mnist", "diffusion-fashion-mnist"), initial: "diffusion-mnist" },
  mode: { kind: oneOf(...MODES.map(({ id }) => id)), initial: "forward" },
  seed: { kind: whole(0, SEEDS), initial: 7 },
  /** The class asked for; null is any. */
  label: { kind: whole(0, 9), initial: null },
  /** The guidance scale: 0 leaves the class out, 1 gives it, more exaggerates it. */
  w: { kind: within(0, STRONGEST), initial: 1 },
  sampler: { kind: oneOf("ddim", "ddpm"), initial: "ddim" },
  steps: { kind: whole(1, TIMES), initial: 50 },
  eta: { kind: within(0, 1), initial: 0 },
  grid: { kind: among(1, 16), initial: 1 },
  /** The frame of the film; null is the last that is there, where the film has not been stopped at another. */
  at: { kind: whole(0, TIMES), initial: null },
  /** Which image of the grid is watched. */
  tap: { kind: whole(0, 15), initial: 0 },
  /** The time to which an image is noised. */
  t: { kind: whole(0, TIMES), initial: 300 },
  schedule: { kind: oneOf("linear", "cosine"), initial: "linear" },
  img: { kind: whole(0, 1999), initial: null },
  draw: { kind: bytes(98), initial: null },
  /** Where the image comes from; null where `img` or `draw` says it. */
  source: { kind: oneOf("test", "draw"), initial: null },
  /** The time from which a noised drawing is denoised. */
  start: { kind: whole(1, TIMES), initial: 500 },
  /** The second image of a travel. */
  img2: { kind: whole(0, 1999), initial: null },
  /** How far along the travel. */
  place: { kind: within(0, 1), initial: 0.5 },
  keep: { kind: oneOf("top", "painted"), initial: "top" },
  /** The pixels kept where they are painted, a bit each. */
  mask: { kind: bytes(98), initial: null },
  resamples: { kind: whole(1, 10), initial: 5 },
  toy: { kind: oneOf("moons", "rings", "eight-gaussians"), initial: "moons" },
  /** The time whose field is shown. */
  level: { kind: whole(1, TIMES), initial: 200 },
  /** The points dropped into the field: x and y of one after the other. */
  drops: { kind: points(DROPS, REACH), initial: [] },
  paths: { kind: oneOf("both", "sde", "ode"), initial: "both" },
  part: { kind: oneOf("loss", "bound"), initial: null },
  tour: { kind: whole(0, 99), initial: null },
};
