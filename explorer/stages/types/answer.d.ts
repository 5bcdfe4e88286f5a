/** Answers of the server, and its films. Types of this folder are global: no script imports them. */

/** An answer of the server as it arrives; each server function has its own members. */
// deno-lint-ignore no-explicit-any -- the edge to Gradio
type Answer = Record<string, any>;

/** Server functions by name. */
type Server = Record<string, (argument: unknown) => Promise<Answer>>;

/** Puts a question to a server function; null if it failed, or a newer one of its line overtook it. */
type Ask = (name: string, argument: unknown, how?: { own?: string; again?: () => void }) => Promise<Answer | null>;

/** A step of a film: x and the `pictures` hold `count` x of the space; `known` flags what is drawn by now. */
interface Frame {
  index: number;
  total: number;
  time: number;
  x: Uint8Array | Float32Array;
  pictures: Record<string, Uint8Array | Float32Array>;
  numbers: Record<string, number>;
  known: Uint8Array | null;
  report?: Answer;
  // deno-lint-ignore no-explicit-any -- the edge to Gradio: each film tells more
  [key: string]: any;
}

/** How the values of a space are read from the bytes of a frame. */
interface SpaceReader {
  read(bytes: Uint8Array): Uint8Array | Float32Array;
}

/** A film of the server, as far as it has arrived; `planned` counts evaluations, `left` are seconds to its end. */
interface Film {
  id: string | null;
  space: string | null;
  count: number;
  total: number;
  planned: number;
  frames: Frame[];
  done: boolean;
  evaluations: number;
  seconds: number;
  waiting: number;
  left: number;
  error: string | null;
  /** Training images nearest to the last x, if they were looked for before: of a recorded film. */
  near?: { image: string; label: string; distance: number }[];
}

interface FilmHandlers {
  onFrames?(film: Film): void;
  onEnd?(film: Film): void;
}

/** A film that is being drawn. */
interface Run {
  key: string;
  request: unknown;
  film: Film | null;
  wait: Wait;
  stream?: { stop(): void };
}

/** A wait, whose `words` say how many seconds are left of it. */
interface Wait {
  words(left: number): string;
}

/** Films that are asked for one after another: by which server function, how they are named, and who hears of them. */
interface QueueLook {
  name: string;
  // deno-lint-ignore no-explicit-any -- each server function has its own arguments
  nameOf(argument: any): string;
  onChange(): void;
  onAnother?(): void;
  apart?: boolean;
}
