/** Modes as modules: imported when first wanted, each with a panel of its own. */

import { fill, h } from "../shared/dom.js";

const SENTENCE = "This mode could not be loaded. The map, β and the other modes still work; choose it again to try once more.";

/** `load(id)` resolves to {panel, mode, instance}; a mode that cannot be loaded says so in its panel. */
export function createLoader(ctx) {
  const loaded = new Map();

  async function read(id) {
    const panel = h("div", { class: `mode mode-${id}` });
    try {
      const { default: mode } = await import(`./${id}.js`);
      return { panel, mode, instance: mode.create(Object.create(ctx, { panel: { value: panel } })) };
    } catch (error) {
      console.warn(id, error);
      loaded.delete(id);
      fill(panel, h("p", { class: "quiet" }, SENTENCE));
      return { panel, mode: { id }, instance: {} };
    }
  }

  return function load(id) {
    if (!loaded.has(id)) loaded.set(id, read(id));
    return loaded.get(id);
  };
}
