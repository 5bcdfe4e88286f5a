/** Types that the page's scripts share. They are global: no script imports them, and no browser loads this file. */

/** A point of the plane or of a latent plane, [x, y]; a plain array, as `map` makes one. */
type Point = number[];

/** The lowest and the highest value of an axis or a bound, [low, high]. */
type Range = number[];

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

/** Everything that a visitor can change on a stage. */
interface Store {
  get(): State;
  set(patch: Partial<State>, options?: { commit?: boolean; renewed?: string[] }): void;
  commit(patch: Partial<State>): void;
  subscribe(keys: string[] | null, listener: (changed: Set<string>, change: Change) => void): () => void;
}
