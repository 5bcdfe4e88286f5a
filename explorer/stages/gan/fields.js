/** What a visitor can change, key by key: how it is written in the address, and where it starts. */

import { kinds } from "../shared/address.js";
import { SEEDS } from "../shared/seed.js";
import { RECIPE } from "./game_rules.js";
import { canBePlayed } from "./moves.js";

const { oneOf, flag, whole, wholes, real, points, bytes } = kinds;

export const MODES = [
  { id: "generate", title: "Generate" },
  { id: "game", title: "The game" },
  { id: "collapse", title: "Mode collapse" },
  { id: "gradient", title: "Vanishing gradient" },
  { id: "learn", title: "Watch it learn" },
  { id: "cannot", title: "What it cannot do" },
  { id: "tour", title: "Tour" },
];
/** How many images a grid has. */
export const GRID = 16;

const within = (low, high) => real((value) => value >= low && value <= high);

/** Three images of the grid, no two of them the same. */
const corners = {
  ...wholes(GRID - 1),
  read(text) {
    const values = wholes(GRID - 1).read(text);
    return values?.length === 3 && new Set(values).size === 3 ? values : undefined;
  },
};

const moves = { read: (text) => (canBePlayed(text) ? text : undefined), write: String };

export const fields = {
  net: { kind: oneOf("gan-mnist", "gan-fashion-mnist"), initial: "gan-mnist" },
  mode: { kind: oneOf(...MODES.map(({ id }) => id)), initial: "generate" },
  seed: { kind: whole(0, SEEDS), initial: 7 },
  /** The class asked for; null is any. */
  label: { kind: whole(0, 9), initial: null },
  /** Which image of the grid was tapped. */
  tap: { kind: whole(0, GRID - 1), initial: 0 },
  /** The images of the grid whose codes span the plane: A, B and C. */
  plane: { kind: corners, initial: [0, 1, 2] },
  /** A place in the plane, z = A + u (B − A) + v (C − A). */
  u: { kind: within(0, 1), initial: 0.33 },
  v: { kind: within(0, 1), initial: 0.33 },
  /** What is looked at: an image of the grid, the place in the plane, or the film from A to B. */
  part: { kind: oneOf("image", "plane", "film"), initial: "image" },
  /** The frame of the film; null is the one that the mode starts with. */
  at: { kind: whole(0, 1000), initial: null },
  /** The game in the plane: its points, its losses and how it is played. */
  data: { kind: oneOf("ring", "grid", "moons", "painted"), initial: "ring" },
  loss: { kind: oneOf("saturating", "non-saturating", "wgan-gp"), initial: "non-saturating" },
  spectral: { kind: flag, initial: false },
  dsteps: { kind: whole(1, 10), initial: RECIPE.dsteps },
  lrd: { kind: within(0.00001, 0.1), initial: RECIPE.lrd },
  lrg: { kind: within(0.00001, 0.1), initial: RECIPE.lrg },
  gseed: { kind: whole(0, SEEDS), initial: RECIPE.gseed },
  round: { kind: whole(0, 100000), initial: null },
  /** What was played before the film begins. */
  moves: { kind: moves, initial: null },
  /** How many rounds the generator has played where it stands still. */
  start: { kind: whole(0, 3000), initial: 0 },
  speed: { kind: within(0.1, 100), initial: 1 },
  overlay: { kind: oneOf("d", "optimal", "both"), initial: "d" },
  points: { kind: points(200, 2.2), initial: [] },
  /** Which snapshot of the training is shown; null is the last. */
  frame: { kind: whole(0, 99), initial: null },
  img: { kind: whole(0, 1999), initial: null },
  draw: { kind: bytes(98), initial: null },
  /** Whose test images; null is the network's own data set. */
  set: { kind: oneOf("mnist", "fashion-mnist"), initial: null },
  /** Where the image comes from; null where `img` or `draw` says it. */
  source: { kind: oneOf("test", "draw"), initial: null },
  tour: { kind: whole(0, 99), initial: null },
};
