/** A mode whose picture is the map, with the panel that Python declares for it. */

import { h } from "../kit/base/dom.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { requestOf } from "../kit/panel/controls.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { formatBeta } from "./card.js";

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
