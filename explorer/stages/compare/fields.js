/** What a visitor can change, key by key: how it is written in the address, and where it starts. */

import { kinds } from "../shared/address.js";
import { SEEDS } from "../shared/seed.js";

const { oneOf, whole, real, bytes, flag } = kinds;

export const MODES = [
  { id: "make", title: "Make" },
  { id: "likely", title: "How likely?" },
  { id: "finish", title: "Finish this" },
  { id: "odd", title: "Is it odd?" },
  { id: "real", title: "Which is real?" },
  { id: "table", title: "The table" },
];
/** The place on the clock at which every film is over. */
export const END = 1;

export const fields = {
  data: { kind: oneOf("mnist", "fashion-mnist"), initial: "mnist" },
  mode: { kind: oneOf(...MODES.map(({ id }) => id)), initial: "make" },
  seed: { kind: whole(0, SEEDS), initial: 7 },
  /** The class asked for; null is any. */
  label: { kind: whole(0, 9), initial: null },
  /** What the films are put side by side by. */
  clock: { kind: oneOf("share", "evaluations", "seconds"), initial: "share" },
  /** The place on the clock. */
  at: { kind: real((place) => place >= 0 && place <= END), initial: END },
  /** Whether every figure of a family is shown, or one. */
  all: { kind: flag, initial: false },
  img: { kind: whole(0, 1999), initial: null },
  draw: { kind: bytes(98), initial: null },
  /** Where the image comes from; null where `img` or `draw` says it. */
  source: { kind: oneOf("test", "draw"), initial: null },
  /** How many rows of the image are kept. */
  keep: { kind: whole(1, 27), initial: 14 },
  /** Which images the data set's own are told from; null is the other data set's. */
  kind: { kind: oneOf("mnist", "fashion-mnist", "noise", "blank", "rotated", "inverted"), initial: null },
  /** The round of the game; null is the first that is not answered. */
  round: { kind: whole(0, 19), initial: null },
  tour: { kind: whole(0, 99), initial: null },
};
