/** What is drawn, and what is saved of it. Types of this folder are global: no script imports them. */

/** How a film becomes a GIF: milliseconds of a picture, and who hears how many are drawn. */
interface GifOptions {
  delay?: number;
  onProgress?(done: number, count: number): void;
}

/** A copy of a part of the page as an SVG: its size, an edge of pixels around it, and the colour behind it. */
interface Captured {
  drawing: string;
  width: number;
  height: number;
  edge: number;
  ground: string;
}

/** A picture with an `edge` of so many pixels, which reaches into the margin. */
interface EdgedCanvas extends HTMLCanvasElement {
  edge?: number;
}

/** Colours of a theme: those of the classes, the visitor's, and the neutral ones. */
interface Colours {
  classes: string[];
  you: string;
  ink: string;
  quiet: string;
  line: string;
  ground: string;
  manifold: number;
}

/** A context that is drawn on, of an element or apart from the page. */
type Context2d = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** From a place of the plane to one of its canvas. */
type ToScreen = (x: number, y: number) => Point;

/** A canvas that keeps the image data which it is drawn from. */
interface Scratched extends HTMLCanvasElement {
  scratch?: ImageData;
}

/** A sheet of images: its grey levels, row by row. */
interface Sheet {
  grey: Uint8Array;
  width: number;
}

/** A picture of 28×28 values to show on a board, and what is laid over it. */
interface BoardContent {
  /** 784 values from 0 to 1. */
  values: ArrayLike<number>;
  /** How many pixels of `order` are there; the rest is empty ground. The order is raster if null. */
  known?: number;
  order?: number[] | null;
  ring?: number | null;
  rings?: number[];
  /** Bits of each pixel, in place of the image. */
  heat?: Numbers | null;
  /** How strongly each pixel is veiled, from 0 to 1. */
  veil?: ArrayLike<number> | null;
  /** 784 flags each: a border around a set, and dots in it. */
  outline?: ArrayLike<number> | null;
  marks?: ArrayLike<number> | null;
  /** How many pixels were given: a line follows them. */
  given?: number | null;
  /** The text alternative. */
  words?: string;
}

/** Images in rows and columns: the rows that a screen is to hold, and whether the label stands above. */
interface GridLook {
  label: string;
  columns: number;
  rows?: number;
  titled?: boolean;
  onChoose?(place: number): void;
}

/** What a grid of images shows, with the texts beside, above and under them. */
interface GridContent {
  /** 784 of each image. */
  bytes: Uint8Array | Float32Array;
  names?: (string | Node)[];
  heads?: string[];
  captions?: string[];
  /** How many of the first images are no result. */
  given?: number;
  /** Places of images that are not shown. */
  empty?: number[];
  /** By place, "now" for the visitor's own image, and "source" for one from which others come. */
  marks?: Record<number, string>;
  words?: string;
  title?: string;
}

/** What a grid of tokens shows. */
interface TokensContent {
  /** 784 grey levels, or in place of them 49 numbers from 0. */
  bytes?: ArrayLike<number> | null;
  heat?: number[] | null;
  chosen?: number | null;
  /** Tokens with a corner. */
  marked?: number[];
  /** True if the grid is drawn. */
  lines?: boolean;
  /** The text alternative. */
  words: string;
}

/** Sixteen pictures that grow together; the ring is in the one chosen. */
interface WallContent {
  images: ArrayLike<number>[];
  known: number;
  order: number[] | null;
  chosen: number;
  ring: number | null;
  words: string;
}

/** How a drawing is taken: the side of the box to which it is scaled, and the width of the pen. */
interface DrawnAs {
  box: number;
  pen: number;
}

/** A picture of a question as the server wants it. */
interface PictureAsked {
  kind?: "blank" | "noise";
  seed?: number;
  bits?: string;
  test?: number;
  set?: string;
}

/** The test images of a data set, as far as they are here. */
interface TestImages {
  ready: boolean;
  labels?: Uint8Array | null;
  classes?: string[];
  /** The images on sheets, once they are read. */
  sheets?: Sheet[];
  has(i: number): boolean;
  sprite(i: number): Uint8Array | null;
  bits?(i: number): Uint8Array | null;
  load(): Promise<unknown>;
  loadFirst?(): Promise<unknown>;
}

/** Names of the values on the two axes of a chart. */
interface OfAxes<T> {
  x?: T[];
  y?: T[];
}

/** A unit as a circle with its number, and with a second ring if it is `ringed`. */
interface ChartUnit {
  text: string;
  on?: boolean;
  ringed?: boolean;
}

interface ChartLine {
  points: Point[];
  colour: string | number;
  dash?: number[];
  width?: number;
  label?: string;
  /** Number of the point at which the label stands; it is the last one unless given. */
  at?: number;
  below?: boolean;
  over?: boolean;
  /** True if the label is left out where it has no room. */
  beside?: boolean;
}

/** What a chart shows; colours are given by name, or by the number of a class. */
interface ChartContent {
  xs: Ends;
  ys: Ends;
  /** Values to name, round ones unless given, and the texts that stand for them. */
  ticks?: OfAxes<number>;
  names?: OfAxes<string>;
  areas?: { points: Point[]; colour: string | number; alpha?: number }[];
  lines?: ChartLine[];
  bars?: { x0: number; x1: number; y: number; colour?: string | number }[];
  circles?: (ChartUnit & { at: Point })[];
  grips?: Record<string, { at: Point }>;
  cursor?: number | null;
  dot?: Point | null;
  name: string;
  /** Unit of the axis below, which its last value has. */
  along?: string;
  /** The text alternative. */
  words: string;
}

/** A figure as plotly takes it. */
// deno-lint-ignore no-explicit-any -- the edge to plotly
type PlotFigure = { data: any[]; layout: any };

/** The host of a figure, which plotly lets hear of clicks. */
interface PlotHost extends HTMLElement {
  // deno-lint-ignore no-explicit-any -- the edge to plotly
  on?(event: string, hear: (event: any) => void): void;
}

/** Plotly, as far as the page uses it. */
interface Plotly {
  Plots: { resize(host: HTMLElement): void };
  react(host: HTMLElement, data: unknown[], layout: unknown, config: unknown): Promise<unknown>;
  relayout(host: HTMLElement, changed: unknown): void;
  toImage(host: HTMLElement, how: { format: string; width: number; height: number; scale: number }): Promise<string>;
}
