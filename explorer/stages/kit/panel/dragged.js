/** A mode of figures that are dragged: what is found from the state, its numbers and its sentences. */

import { h } from "../base/dom.js";
import { shows, whenever } from "../base/live.js";
import { batch, computed, signal } from "../base/vendor/signals-core.js";
import { headline } from "./more.js";
import { figuresOf, sentences } from "./says.js";
import { Figure } from "../chart/figure.js";

/** The words of one sentence. */
export const said = ({ declared }, name, values) => sentences(declared, values, name);

/**
 * `find(state)` computes all that is shown, and `namesOf(found)` are the sentences that hold. Returns what is `found`, its
 * `words`, and whether a pointer `held`s a grip now; `set` changes the state, `figure` makes a figure, and `show` returns
 * the mode.
 * @param {import("./mode.js").Self} self
 * @param {{find: (state: any) => any, namesOf: (found: any) => (string | false)[]}} how
 */
export function dragged(self, { find, namesOf }) {
  const { ctx, state, declared, seen } = self;
  const [moving, held] = [signal(false), signal(false)];
  const found = computed(() => find(state));
  const words = computed(() => sentences(declared, found.value, ...namesOf(found.value)));

  /** Changed value; it is on its way until it `rest`s. */
  const set = (patch, rest = true) =>
    batch(() => {
      moving.value = !rest;
      ctx.store.set(patch, { commit: rest });
    });

  /** A grip of a field, along the lower axis unless it says otherwise. */
  function grip(key, how) {
    const { low, high, help } = ctx.fields[key];
    return { key, label: help, axis: "x", low, high, step: 0.05, ...how };
  }

  /**
   * A figure that shows `what(found)`, if that is anything; its grips are those of fields, by their keys, or the mode's own, and
   * `patchOf(key, value)` is set.
   */
  function figure(label, height, what, { grips = [], patchOf = (key, value) => ({ [key]: value }) } = {}) {
    const made = new Figure(ctx, {
      ...{ label, height },
      grips: grips.map((each) => typeof each === "string" ? grip(each) : each),
      onGrip: (key, value, { rest }) =>
        batch(() => {
          held.value = !rest;
          set(patchOf(key, value), rest);
        }),
    });
    shows(made, () => {
      const now = what(found.value);
      return now && { words: words.value, ...now };
    });
    return made;
  }

  /** Fills the stage with figures and legends, and the panel with what is declared, `below` it and the numbers. */
  function show(parts, { below = [], tables = [], ...others }) {
    const rows = () => figuresOf(declared, found.value, state.part);
    const numbers = headline(rows(), 0, ...tables);
    shows(numbers, rows);
    whenever(() => {
      seen(words.value, moving.value);
      ctx.describe(words.value);
    });
    const main = h("div", {}, parts.map((part) => part.element ?? part));
    return { main, below: [...below, numbers], found, ...others };
  }
  return { found, words, held, set, grip, figure, show };
}

/** Legend entries: [[colour's class, words], …]. */
export const keys = (...entries) =>
  h("ul", { class: "keys" }, entries.map(([kind, words]) => h("li", {}, h("span", { class: `key ${kind}` }), words)));
