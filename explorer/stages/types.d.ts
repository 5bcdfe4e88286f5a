/** Types that the page's scripts share. They are global: no script imports them, and no browser loads this file. */

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

/** What an element may hold; null, undefined and false are left out. */
type Child = Node | string | number | false | null | undefined;
type Children = (Child | Child[])[];

/** Attributes and listeners of a new element, as `h` takes them. */
// deno-lint-ignore no-explicit-any -- each listener knows the type of its event
type Attributes = Record<string, string | number | boolean | URL | null | undefined | ((event: any) => unknown)>;

/** How a button looks: its title, its class, and its states. */
interface ButtonLook {
  title?: string;
  kind?: string;
  pressed?: boolean;
  disabled?: boolean;
}

/** A number with its name and its unit, as `figures` sets them in a row. */
type FigureRow = [name: string, value: string | number, unit?: string];

/** A row of a network's card: a measurement by its name, with its setting among the other members. */
interface CardRow {
  name: string;
  value: number;
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

/** The state of a stage: values of its fields by key. Python declares them, so only Python knows their types. */
interface State {
  mode: string;
  // deno-lint-ignore no-explicit-any -- the edge to Gradio
  [key: string]: any;
}

/** What a subscriber learns with the keys that changed: whether the gesture ended, and which keys a store renewed. */
interface Change {
  commit: boolean;
  state: State;
  renewed: string[];
}

type Listener = (changed: Set<string>, change: Change) => void;

/** Everything that a visitor can change on a stage. */
interface Store {
  get(): State;
  set(patch: Partial<State>, options?: { commit?: boolean; renewed?: string[] }): void;
  commit(patch: Partial<State>): void;
  subscribe(keys: string[] | null, listener: Listener): () => void;
}

/** A square of the plane, how it is drawn, and who hears what a visitor does with it. */
interface PlaneLook {
  label: string;
  /** The side on the screen, at most. */
  size: number;
  // deno-lint-ignore no-explicit-any -- each mode has a scene of its own
  paint(context: CanvasRenderingContext2D, size: number, scene: any): void;
  onMove(point: Point): void;
  onChoose(point: Point): void;
  onRemove?(): void;
  onRest?(point: Point): void;
  // deno-lint-ignore no-explicit-any -- each drag takes what it needs
  drag?: DragActs<any>;
  handles?(): Point[];
  atOnce?: boolean;
}

/** A field as Python declares it, with how `address.js` reads it from a text and writes it to one. */
interface Field {
  kind: string;
  // deno-lint-ignore no-explicit-any -- the edge to Gradio
  initial: any;
  help?: string;
  low?: number;
  high?: number;
  most?: number;
  choices?: (string | number)[];
  former?: [string, string][];
  bounds?: Ends[];
  opens?: Record<string, { state: Partial<State>; always: boolean }>;
  // deno-lint-ignore no-explicit-any -- as the initial value
  read(text: string): any;
  // deno-lint-ignore no-explicit-any -- as the initial value
  write(value: any): string;
}

/** Sets the status of a stage. */
interface Say {
  (text: string | null | undefined, kind?: string, again?: (() => void) | null): void;
  asks(): number;
  answered(asked: number): void;
  leave(): void;
}

/** A part of a stage that is updated once a display frame. */
interface Part {
  update(changed: Set<string>, state: State): void;
}

/** A pointer that is down: `meant` is null until it is clear whether it means the element. */
interface FingerState {
  meant: boolean | null;
  move(event: PointerEvent): boolean | null;
}

/** What a drag does; `take` gives the others what they get, or null to leave the pointer to the page. */
interface DragActs<Taken> {
  take(event: PointerEvent): Taken | null;
  move(event: PointerEvent, taken: Taken): void;
  end(event: PointerEvent, taken: Taken): void;
  cancel?(taken: Taken): void;
}

/** A mode on a stage; each member is called if it is there. */
interface Mode {
  enter?(): void;
  leave?(): void;
  update?(changed: Set<string>): void;
  again?(): void;
  /** The mode that works under its card. */
  inner?: Mode;
  /** The key of the place that its film writes. */
  placed?: string;
  // deno-lint-ignore no-explicit-any -- what tests ask of a mode
  [key: string]: any;
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

/** A network as Python tells of it; what else it tells depends on the tab. */
interface Net {
  name: string;
  title: string;
  dataset: string;
  column: Column;
  classes: string[];
  error?: string;
  points?: boolean;
  // deno-lint-ignore no-explicit-any -- the edge to Gradio
  [key: string]: any;
}

/** A network in one setting, to which the shared questions are put. */
interface Column {
  title: string;
  family: string;
  space: string;
  can: Record<string, boolean>;
  cannot: Record<string, string>;
  error?: string;
  setting?: string;
}

/** The value of a stage's component, which `to_props` of each tab makes. */
interface StageValue {
  tab: string;
  title: string;
  question: string;
  modes: ModeTitle[];
  nets: Record<string, Net>;
  fields: Record<string, Field>;
  // deno-lint-ignore no-explicit-any -- the edge to Gradio: each tab adds its own
  [key: string]: any;
}

/** A mode as Python names it; modes of one `entry` share a place in the navigation, and a `group` stands together. */
interface ModeTitle {
  id: string;
  title: string;
  group?: string;
  entry?: string | null;
  module?: string;
}

/** The test images of a data set, as far as they are here. */
interface TestImages {
  ready: boolean;
  labels?: Uint8Array | null;
  classes?: string[];
  has(i: number): boolean;
  sprite(i: number): Uint8Array | null;
  bits?(i: number): Uint8Array | null;
  load(): Promise<unknown>;
  loadFirst?(): Promise<unknown>;
}

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
  x: Numbers & Uint8Array;
  pictures: Record<string, Uint8Array>;
  numbers: Record<string, number>;
  known: Uint8Array | null;
  report?: Answer;
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
}

interface FilmHandlers {
  onFrames?(film: Film): void;
  onEnd?(film: Film): void;
}

/** What each mode is given: its stage, its places on it, and ways to the server. */
interface Ctx {
  root: HTMLElement;
  store: Store;
  fields: Record<string, Field>;
  say: Say;
  server: Server;
  ask: Ask;
  /** Films of a mode's own, which end when it is left. */
  stream?(name: string, argument: unknown, handlers: FilmHandlers): { stop(): void };
  /** Address of the static files. */
  base: string;
  /** The link as it was opened. */
  arrived?: string;
  value(): StageValue;
  net(): Net;
  columns(): Column[];
  readonly assets: TestImages;
  images(dataset: string, img?: number): Promise<TestImages | null>;
  picture(): unknown;
  prefersReducedMotion(): boolean;
  theme(): "dark" | "light";
  colours(): Colours;
  hint(text: string): void;
  describe(text: string): void;
  refresh?(...keys: string[]): void;
  again?(): void;
  sayProblem?(): void;
  mechanism: Mechanism;
  /** A mode's own name, and that of the mode under whose card it works. */
  id?: string;
  entered?: string;
  panel?: HTMLElement;
  main?: HTMLElement;
  /** Gives a picture to the mechanism. */
  show?(name: string, source: Picturable): void;
}

/** What a place of the mechanism may show: 784 values, or the middle of a canvas. */
type Picturable = ArrayLike<number> | HTMLCanvasElement | null;

/** The pictures of one mode in the mechanism. */
interface MechanismPictures {
  canvases: Map<string, HTMLCanvasElement>;
  show(name: string, source: Picturable): void;
}

/** The picture of a mechanism; `enter` shows which mode is on screen. */
interface Mechanism {
  element: HTMLElement | null;
  pictures(): MechanismPictures;
  enter(id: string, pictures: MechanismPictures): void;
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

/** Rows of a table; the first are its heads. */
type TableRows = (string | number | null | undefined)[][];

/** What tests and other scripts may ask of a stage. */
interface Explorer {
  store: Store;
  mode(): Mode;
  // deno-lint-ignore no-explicit-any -- further members are those of one stage
  [key: string]: any;
}

/* The page is made of HTML elements; who looks for an SVG element says so. */
interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selector: K): HTMLElementTagNameMap[K] | null;
  querySelector<E extends Element = HTMLElement>(selector: string): E | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selector: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll<E extends Element = HTMLElement>(selector: string): NodeListOf<E>;
}

interface Element {
  closest<E extends Element = HTMLElement>(selector: string): E | null;
  /** A stage's own, once it is mounted. */
  explorer?: Explorer;
}

interface Window {
  explorerSay?: (text: string) => string;
}
