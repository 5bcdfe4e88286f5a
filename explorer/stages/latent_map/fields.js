/** What a visitor can change, key by key: how it is written in the address, and where it starts. */

import { kinds } from "../shared/address.js";
import { CLOSEST, WIDEST } from "./view.js";

const { oneOf, flag, whole, real, reals, wholes, bytes } = kinds;

export const MODES = [
  { id: "explore", title: "Explore" },
  { id: "interpolate", title: "Interpolate" },
  { id: "encode", title: "Encode" },
  { id: "sample", title: "Sample" },
  { id: "learn", title: "Watch it learn" },
  { id: "tour", title: "Tour" },
];
export const BETA_MIN = 0.01;
export const BETA_MAX = 100;

const SEEDS = 2 ** 31 - 1;
const IMAGES = 1999;

export const fields = {
  data: { kind: oneOf("mnist", "fashion-mnist"), initial: "mnist" },
  beta: { kind: real((value) => value === 0 || (value >= BETA_MIN && value <= BETA_MAX)), initial: 1 },
  mode: { kind: oneOf(...MODES.map(({ id }) => id)), initial: "explore" },
  z: { kind: reals(2, 1000), initial: [0.6, 0.4] },
  /** The place that the whole model is asked about; the cursor moves on without it. */
  pin: { kind: reals(2, 1000), initial: null },
  /** Centre of the view and the latent units across its shorter side; null follows the cloud. */
  view: { kind: reals(3, 1000, ([, , span]) => span >= CLOSEST && span <= WIDEST), initial: null },
  bg: { kind: flag, initial: true },
  as: { kind: oneOf("dots", "images"), initial: "dots" },
  off: { kind: wholes(9), initial: [] },
  rings: { kind: flag, initial: true },
  a: { kind: whole(0, IMAGES), initial: null },
  b: { kind: whole(0, IMAGES), initial: null },
  path: { kind: oneOf("straight", "spherical"), initial: "straight" },
  frame: { kind: whole(0, 999), initial: 0 },
  img: { kind: whole(0, IMAGES), initial: null },
  draw: { kind: bytes(98), initial: null },
  /** Where the image to encode comes from; null where `img` or `draw` says it. */
  source: { kind: oneOf("test", "draw"), initial: null },
  part: { kind: oneOf("code", "posterior", "gradients"), initial: "code" },
  /** Whether q is fitted to the image alone. */
  fit: { kind: flag, initial: false },
  eps: { kind: whole(0, SEEDS), initial: 7 },
  seed: { kind: whole(0, SEEDS), initial: 7 },
  pixels: { kind: oneOf("means", "bits"), initial: "means" },
  tap: { kind: whole(0, 63), initial: null },
  step: { kind: whole(0, 999), initial: null },
  tour: { kind: whole(0, 99), initial: null },
};
