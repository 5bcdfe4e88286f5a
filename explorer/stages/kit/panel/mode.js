/** A mode as one function: values that follow from the state, and elements that follow these. */

import { fill } from "../base/dom.js";
import { follow } from "../base/follow.js";
import { updates, whenever } from "../base/live.js";
import { Signal } from "../base/vendor/signals-core.js";
import { createTries } from "../lesson/tries.js";
import { busyWhile } from "./busy.js";
import { createControls } from "./controls.js";
import { createSeen, fillPanel } from "./parts.js";

/**
 * @typedef {{update?: () => void, element: HTMLElement}} Part what shows the state when it is told to
 *
 * @typedef {object} Self what a mode is given
 * @property {string} id
 * @property {any} given the context of the stage as it is
 * @property {any} ctx this context, in which the state, network, value, columns and images are followed
 * @property {State} state the state; each field that is read is followed
 * @property {Signal<number>} news counts what has come that is no field, such as images
 * @property {Signal<Set<string>>} changes keys of what others have changed last
 * @property {Signal<number>} visits how often it came on screen: 0 while it is made
 * @property {any} declared the panel as Python declares it
 * @property {any} seen sets the sentence
 * @property {any} film the player, if it has one
 * @property {(() => {name: string, argument: any}[])[]} asking what it asks the server now, each by one part of it
 *
 * @typedef {{isPending: {value: boolean}, failed: {value: boolean}}} Drawing
 *
 * @typedef {object} Made what a mode returns; its other members are what can be asked of it, signals by their values
 * @property {Node | Node[]} [main] the picture, unless it is there
 * @property {{value: string, peek: () => string}} [words] the sentence, unless a film tells it
 * @property {(Part | Node | null)[]} [first] in the panel, above all
 * @property {(Part | Node | null)[]} [above] above the controls
 * @property {(Part | Node | null)[]} [below] below them
 * @property {(Part | Node | null)[]} [under] under the sentence
 * @property {(Part | Node | null)[]} [last] at the end
 * @property {Node | null} [tries] the presets, unless they stand where they usually do
 * @property {(Node | null)[]} [rare] controls that only this mode has, at the end of the rarer ones
 * @property {((controls: HTMLElement) => void) | null} [panel] fills the panel where it has another order; null where
 * another mode does
 * @property {Drawing} [draws] what the control of the seed says is being drawn, and offers once more where it failed
 * @property {(key: string, value: any) => void} [preview] a slider is dragged that is not live
 * @property {() => void} [enter] it comes on screen
 * @property {() => void} [leave] it leaves the screen
 * @property {(event: KeyboardEvent) => void} [key] takes a key by preventing what it does by default
 */

/**
 * Returns what a stage loads of a mode.
 * @param {(self: Self) => Made & Record<string, any>} setup
 * @param {{hint?: string | ((ctx: any, id: string) => string)}} [about]
 */
export const mode = (setup, about) => ({ ...about, create: createMode(setup) });

/**
 * Returns what creates a mode.
 * @param {(self: Self) => Made & Record<string, any>} setup
 */
export const createMode = (setup) => (given, id = given.id) => {
  const { take, ...followed } = follow(given);
  const declared = given.value().panels[id];
  /** @type {Self} */
  const self = { ...followed, given, id, declared, seen: createSeen(), film: null, asking: [] };
  const { enter, leave, key, ...own } = build(given, self, setup(self));
  return Object.defineProperties({
    ...{ ctx: self.ctx, declared, seen: self.seen, film: self.film, update: take },
    questions: () => self.asking.flatMap((asks) => asks()),
    enter() {
      take(); // a change of this display frame may have led here
      enter?.();
    },
    leave() {
      self.film?.pause();
      leave?.();
    },
    key(event) {
      take(); // two keys may come within a display frame
      key?.(event);
      if (!event.defaultPrevented) self.film?.key(event);
      return event.defaultPrevented;
    },
  }, Object.fromEntries(Object.entries(own).map(asked)));
};

/** Members that can be asked for: signals by their values. @param {Record<string, any>} members */
export const membersOf = (members) =>
  Object.defineProperties({}, Object.fromEntries(Object.entries(members).map(asked)));

/** A member of a mode by its name: of a signal its value. */
const asked = ([name, value]) => [
  name,
  value instanceof Signal ? { get: () => value.peek(), enumerable: true } : { value, enumerable: true },
];

/**
 * Shows a mode; returns its other members, and its controls.
 * @param {any} given
 * @param {Self} self
 * @param {Made & Record<string, any>} made
 * @returns {Record<string, any>}
 */
function build(
  given,
  self,
  { main, panel, first, above, below, under, last, rare, tries, words, draws, preview, ...others },
) {
  const { id, ctx, declared, seen } = self;
  if (panel === null) return others;
  const controls = createControls(ctx, declared, rare);
  updates(controls);
  if (preview) controls.onPreview = preview;
  if (draws) tellsOf(draws, controls.seed);
  if (words) whenever(() => seen(words.value));
  if (main) fill(ctx.main, ...[main].flat());
  if (panel) {
    panel(controls.element);
    return { controls, ...others };
  }
  const place = (parts = []) => parts.map((part) => (part?.update ? updates(part) : part?.element ?? part));
  const presets = declared.ask && declared.tries.length ? declared.tries : undefined;
  const isPart = id !== given.id; // the presets of its mode stand below all parts
  const own = tries === undefined ? (presets || !isPart) && createTries(given, presets) : tries;
  const shown = [...place(above), controls.element, ...place(below), seen.element, ...place(under), own];
  fillPanel(ctx, ...shown, ...place(last));
  ctx.panel.firstElementChild.prepend(...place(first));
  return { controls, ...others };
}

/** Has the control of a seed say what is being drawn, and offer it again where it failed. @param {Drawing} draws */
function tellsOf({ isPending, failed }, seed) {
  busyWhile(seed.again, isPending, "Drawing…");
  whenever(() => seed.failed(failed.value));
}
