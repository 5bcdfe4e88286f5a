/** Types that the page's scripts share. They are global: no script imports them, and no browser loads this file. */

/** A point of the plane or of a latent plane, [x, y]; a plain array, as `map` makes one. */
type Point = number[];

/** The lowest and the highest value of an axis or a bound, [low, high]. */
type Range = number[];

/** Numbers in sequence. */
interface Numbers extends ArrayLike<number> {
  reduce(add: (total: number, value: number) => number, start: number): number;
  map(to: (value: number, i: number) => number): Numbers;
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
  bounds?: Range[];
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

/** What each mode is given: its stage, its places on it, and ways to the server. */
interface Ctx {
  root: HTMLElement;
  store: Store;
  fields: Record<string, Field>;
  say: Say;
  refresh(...keys: string[]): void;
  // deno-lint-ignore no-explicit-any -- further members are those of one stage
  [key: string]: any;
}

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
