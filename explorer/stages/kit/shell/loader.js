/** Modes as modules: imported when first wanted, each with places of its own to draw into. */

import { fill, h } from "../base/dom.js";
import { owned } from "../base/live.js";
import { lineBack } from "../ask/line.js";

const SENTENCE = "This mode could not be loaded; perhaps the line is down. It is tried again every few seconds, " +
  "and the other modes still work.";

/** The place of a mode that draws beside the stage's picture and nowhere else. @param {string} id */
export const onePanel = (id) => ({ panel: h("div", { class: `mode mode-${id}` }) });

/** The places of a mode that has a picture too. @param {string} id */
export const pictureAndPanel = (id) => ({ main: h("div", { class: "picture" }), ...onePanel(id) });

/**
 * `load(id)` resolves to {places, pictures, mode, instance, end}: `end()` ends all that the mode follows.
 * A mode that cannot be loaded says so in its panel, and `later` resolves when it may be loaded again.
 *
 * `importMode(id)` imports the module. `places(id)` makes the elements, a `panel` among them. The mode finds them on
 * its context by their names, with its own `id` and with `entered`, the chosen mode: for a mode within the tour, that
 * is the tour. `ctx.show(name, source)` gives a picture to the mechanism.
 * @param {Ctx} ctx @param {(id: string) => Promise<{default: ModeModule}>} importMode
 * @param {(id: string) => Record<string, HTMLElement>} places @returns {Loader}
 */
export function createLoader(ctx, importMode, places = onePanel) {
  /** @type {Map<string, Promise<Loaded>>} */
  let loaded = new Map();

  /** @param {string} id @returns {Promise<Loaded>} */
  async function read(id) {
    const own = places(id);
    const pictures = ctx.mechanism.pictures();
    const show = (name, source) => pictures.show(name, source);
    const among = loaded;
    /* what a forgotten mode still asks is not asked, and waits for ever */
    const ask = (/** @type {Parameters<Ask>} */ ...question) =>
      among === loaded ? ctx.ask(...question) : new Promise(() => {});
    const named = Object.fromEntries(
      Object.entries({ ...own, id, show, ask, entered: ctx.entered ?? id }).map(([name, value]) => [name, { value }]),
    );
    try {
      const { default: mode } = await importMode(id);
      const [instance, end] = owned(() => mode.create(Object.create(ctx, named)));
      return { places: own, pictures, mode, instance, end };
    } catch (error) {
      console.warn(id, error);
      loaded.delete(id);
      fill(own.panel, h("p", { class: "quiet" }, SENTENCE));
      return { places: own, pictures, mode: { id }, instance: {}, end() {}, later: lineBack() };
    }
  }

  function load(id) {
    if (!loaded.has(id)) loaded.set(id, read(id));
    return loaded.get(id);
  }

  /** Forgets the modes: each is created again when it is wanted next. Returns what ends the forgotten ones. */
  function forget() {
    const before = [...loaded.values()];
    loaded = new Map();
    return () => before.forEach(async (each) => (await each).end());
  }

  return Object.assign(load, { forget });
}
