/** A mode whose picture is the map, with the panel that Python declares for it. */

import { h, setText } from "../kit/base/dom.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { createControls, requestOf } from "../kit/panel/controls.js";
import { headline } from "../kit/panel/more.js";
import { createSeen } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { formatBeta } from "./card.js";

/**
 * A subclass has an `answer`, or says otherwise whether there is a table; it fills the panel. `note` says which β an
 * earlier answer belongs to: answers from Python come when β lies still.
 */
export class OnMap {
  constructor(ctx, mode) {
    this.ctx = ctx;
    this.declared = ctx.value().panels[mode];
    this.controls = createControls(ctx, this.declared);
    this.numbers = headline(ctx.value().heads[mode].map((name) => [name, "–", ""]), 0);
    this.seen = createSeen();
    this.note = h("p", { class: "note", hidden: true });
  }

  /** Sentences that are declared. */
  words(values, ...names) {
    return sentences(this.declared, values, ...names);
  }

  /** Figures that are declared. */
  figures(values, name) {
    return figuresOf(this.declared, values, name);
  }

  /** Says that an answer belongs to this β; null: to the present one. */
  earlier(beta) {
    this.note.hidden = beta === null;
    if (beta !== null) setText(this.note, this.words({ beta: formatBeta(beta) }, "earlier"));
  }

  /** Question to Python, at the β that last lay still. */
  get asked() {
    return { ...this.controls.request(), beta: this.ctx.restingBeta };
  }

  /** Question, once the network is read; else null. */
  get request() {
    return this.ctx.model.ready && !this.ctx.net().error ? this.asked : null;
  }

  /** True if something changed that asks again. */
  asksAgain(changed) {
    const asks = this.controls.asks.map((key) => (key === "beta" ? "rest" : key));
    return ["mode", "assets", ...asks].some((key) => changed.has(key));
  }

  /** Keys where the map has the focus; where nothing has it, arrows move the film, or the cursor. */
  key(event) {
    const { map } = this.ctx;
    if (event.target === document.body && this.film) return this.film.key(event);
    return [document.body, map.overlay].includes(event.target) && map.key(event);
  }

  hasResult(what) {
    return what === "picture" ? this.ctx.model.ready : Boolean(this.answer);
  }

  get setting() {
    return { beta: this.ctx.store.get().beta };
  }

  /** The panel, while there are pictures in it. */
  alongside() {
    const { panel } = this.ctx;
    return [...panel.querySelectorAll("canvas")].some((canvas) => canvas.getClientRects().length) ? [panel] : [];
  }

  sharply(work) {
    return this.ctx.map.paintedFine(work);
  }
}

/**
 * What such a mode shares with the others. Returns whether the network is `ready`, the β that last lay still, `resting`,
 * the `theme`, and the `request` to Python, null until the network is read; the elements of the `numbers`, and of the
 * `note`, which says which β an earlier answer belongs to, null for none; `words` and `figures` are those declared; `mode` is
 * for the mode.
 * @param {import("../kit/panel/mode.js").Self} self
 */
export function onMap(self) {
  const { id, ctx, state, declared } = self;
  const told = (what) => computed(() => (ctx.assets, what()));
  const [ready, resting] = [told(() => ctx.model.ready), told(() => ctx.restingBeta)];
  const words = (values, ...names) => sentences(declared, values, ...names);
  const asked = () => ({ ...requestOf(ctx, declared), beta: resting.value });

  /** Keys where the map has the focus; where nothing has it, arrows move the film, or the cursor. */
  function key(event) {
    const { map } = ctx;
    if (event.target === document.body && self.film) return;
    if ([document.body, map.overlay].includes(event.target) && map.key(event)) event.preventDefault();
  }

  /** The panel, while there are pictures in it. */
  function alongside() {
    const { panel } = ctx;
    return [...panel.querySelectorAll("canvas")].some((canvas) => canvas.getClientRects().length) ? [panel] : [];
  }

  return {
    ...{ ready, resting, asked, words },
    theme: told(() => ctx.theme()),
    request: () => ready.value && !ctx.net().error ? asked() : null,
    figures: (values, name) => figuresOf(declared, values, name),
    numbers: headline(ctx.value().heads[id].map((name) => [name, "–", ""]), 0),
    note: (beta) =>
      h(
        "p",
        { class: "note", hidden: () => beta() === null },
        () => beta() === null ? "" : words({ beta: formatBeta(beta()) }, "earlier"),
      ),
    mode: {
      ...{ key, alongside },
      setting: computed(() => ({ beta: state.beta })),
      sharply: (work) => ctx.map.paintedFine(work),
    },
  };
}
