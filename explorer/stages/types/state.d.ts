/** The state of a stage, and how a visitor changes it. Types of this folder are global: no script imports them. */

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

/** A value that moves through others; it ends where it began. */
interface Movement {
  key: string;
  // deno-lint-ignore no-explicit-any -- values of any kind of field
  through: any[];
  /** True if its values follow one another, without any between them. */
  steps: boolean;
  seconds: number;
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
  /** What a tab opens with where the address says nothing of it, and what moves then. */
  opening?: { state: Partial<State>; moves: Movement | null };
  /** Typical seeds, by mode and by what is chosen above the modes. */
  seeds?: Record<string, Record<string, number>>;
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
  /** Asks again what an error is about that is still said; once. */
  repeat(): void;
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
