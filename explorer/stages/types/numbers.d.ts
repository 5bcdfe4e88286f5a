/** Numbers, points, and networks that the browser evaluates. Types of this folder are global: no script imports them. */

/** A point of the plane or of a latent plane, [x, y]; a plain array, as `map` makes one. */
type Point = number[];

/** The lowest and the highest value of an axis or a bound, [low, high]. */
type Ends = number[];

/** Numbers in sequence. */
interface Numbers extends ArrayLike<number> {
  reduce(add: (total: number, value: number) => number, start: number): number;
  map(to: (value: number, i: number) => number): Numbers;
}

type Floats = Float32Array | Float64Array;
type FloatKind = Float32ArrayConstructor | Float64ArrayConstructor;

/** A linear layer with its weights, row by row; `film` has those that depend on β. */
interface Layer {
  inputs: number;
  outputs: number;
  weight: Float32Array;
  bias: Float32Array;
  film?: Float32Array;
}

/** What multiplies the outputs of a layer, and what is added to them. */
interface LayerScale {
  gain: Float64Array;
  shift: Float64Array;
}

/** Where the weights of a network are, under the key by which they are kept; or why there are none. */
interface WeightsAbout {
  key: string;
  weights?: string;
  error?: string;
}

/** A safetensors file of which parts are read by name. */
interface Safetensors {
  names: string[];
  shape(name: string): number[];
  /** Reads tensors; `onShare` gets the progress from 0 to 1. */
  read(names: string[], onShare?: (share: number) => void): Promise<Record<string, Float32Array>>;
  /** Reads the rows `from` (included) to `to` (excluded) of a tensor. */
  rows(name: string, from: number, to: number): Promise<Float32Array>;
}

/** A mixture of equal round Gaussians, noised: its centres, and the variance of each. */
interface Mixture {
  xs: Float64Array;
  ys: Float64Array;
  variance: number;
}

/** A row of a network's card: a measurement by its name, with its setting among the other members. */
interface CardRow {
  name: string;
  value: number;
  se?: number;
  n?: number;
  [key: string]: unknown;
}

/** A mean of n independent measurements, with its standard error. */
interface Estimate {
  value: number;
  se: number;
  n: number;
}

/** How many letters the moves of a game may have, and how many moves. */
interface MoveLimits {
  letters: number;
  most: number;
}
