/** What a visitor can change, key by key: how it is written in the address, and where it starts. */

import { kinds } from "../shared/address.js";
import { PIXELS } from "../shared/pixels.js";
import { SEEDS } from "../shared/seed.js";

const { among, oneOf, flag, few, whole, real, reals, bytes } = kinds;

export const MODES = [
  { id: "generate", title: "Generate" },
  { id: "ask", title: "Ask a pixel" },
  { id: "override", title: "Override" },
  { id: "complete", title: "Complete" },
  { id: "score", title: "Score" },
  { id: "masks", title: "Masks" },
  { id: "chain", title: "Chain rule" },
  { id: "slow", title: "Why slow" },
  { id: "tour", title: "Tour" },
];
export const COLDEST = 0.1;
export const HOTTEST = 3;
export const OVERRIDES = 8;

export const fields = {
  net: { kind: oneOf("pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist"), initial: "pixelcnn-mnist" },
  mode: { kind: oneOf(...MODES.map(({ id }) => id)), initial: "generate" },
  seed: { kind: whole(0, SEEDS), initial: 7 },
  /** The seed of the four pixels drawn by hand. */
  dice: { kind: whole(0, SEEDS), initial: 7 },
  /** The class asked for; null is any. */
  label: { kind: whole(0, 9), initial: null },
  T: { kind: real((value) => value >= COLDEST && value <= HOTTEST), initial: 1 },
  grid: { kind: among(1, 16), initial: 1 },
  /** How many pixels of the film are drawn; null is a film that begins by itself. */
  at: { kind: whole(0, PIXELS), initial: null },
  /** Which image of the grid is watched. */
  tap: { kind: whole(0, 15), initial: 0 },
  pixel: { kind: whole(0, PIXELS - 1), initial: null },
  heat: { kind: flag, initial: false },
  /** Whose pixels are asked about: the image that the network draws, or one that the visitor chooses. */
  about: { kind: oneOf("generated", "chosen"), initial: "generated" },
  /** What was overridden, in turn: pixel · 256 + level. */
  over: { kind: few(OVERRIDES, PIXELS * 256 - 1), initial: [] },
  /** Whether the differences of the two branches are marked. */
  diff: { kind: flag, initial: true },
  kind: { kind: oneOf("test", "draw", "blank", "noise"), initial: "test" },
  /** Whose test images; null is those of the network's own data. */
  set: { kind: oneOf("mnist", "fashion-mnist"), initial: null },
  img: { kind: whole(0, 1999), initial: null },
  draw: { kind: bytes(98), initial: null },
  /** Where the image comes from; null where `img` or `draw` says it. */
  source: { kind: oneOf("test", "draw"), initial: null },
  rows: { kind: whole(0, 27), initial: 14 },
  part: { kind: oneOf("map", "histograms", "bayes", "kernel", "layers", "blind", "made"), initial: null },
  layer: { kind: whole(0, 8), initial: 1 },
  kernel: { kind: among(3, 5, 7), initial: 3 },
  type: { kind: oneOf("A", "B"), initial: "A" },
  /** The cells of the kernel that were switched by hand. */
  taps: { kind: few(49, 48), initial: [] },
  order: { kind: whole(0, 3), initial: 0 },
  /** Which output of the small MADE is watched. */
  output: { kind: whole(0, 8), initial: 4 },
  /** The fifteen conditionals of the 2×2 image; null is the lecture's. */
  p: { kind: reals(15, 1, (values) => values.every((value) => value >= 0)), initial: null },
  step: { kind: whole(0, 4), initial: 0 },
  tour: { kind: whole(0, 99), initial: null },
};
