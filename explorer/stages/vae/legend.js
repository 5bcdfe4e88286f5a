/** Legend of the marks, and which of them are shown. */

import { button, fill, h } from "../kit/base/dom.js";
import { rove } from "../kit/base/rove.js";

/**
 * Keys of the map's layers besides its points, with their two values: off, on.
 * @type {[key: string, values: [off: string | boolean, on: string | boolean], name: string, title: string][]}
 */
const LAYERS = [
  ["as", ["dots", "images"], "Images", "Draw the test images themselves instead of dots"],
  ["bg", [false, true], "Manifold", "What the decoder makes of each place, behind the points"],
  ["rings", [false, true], "Prior", "1, 2 and 3 standard deviations of the prior N(0, I)"],
];

const chips = (label) => rove(h("div", { class: "chips", role: "group", "aria-label": label }));

/** Class chips that switch their points on and off, and the choices of how the map is drawn. */
export function createLegend(ctx) {
  const { store } = ctx;
  const chip = (words, onclick, title) => button(words, onclick, { kind: "chip", pressed: false, title });
  const classes = chips("Classes");
  const all = button("All", () => store.commit({ off: [] }), { kind: "chip", title: "Show every class" });
  const layers = LAYERS.map(([key, [off, on], words, title]) =>
    chip(words, () => store.commit({ [key]: store.get()[key] === on ? off : on }), title)
  );
  const note = h("p", { class: "legend-note with-words" }, "Outlines: σ of one posterior in eight");
  const key = h("p", { class: "legend-key" }, "Test images");
  const you = h("span", { class: "swatch", style: "--swatch: var(--ink)" });
  const drawn = h("p", { class: "legend-key legend-draws" }, you, "64 draws");
  fill(
    ctx.map.legend,
    h("div", {}, key, classes, drawn),
    h("div", { class: "layers" }, h("p", { class: "legend-key" }, "Show"), fill(chips("Show"), layers), note),
  );

  function toggle(label) {
    const { off } = store.get();
    store.commit({
      off: off.includes(label) ? off.filter((each) => each !== label) : [...off, label].sort((a, b) => a - b),
    });
  }

  function chipOf(name, label) {
    const [item, swatch] = [chip(name, () => toggle(label)), h("span", { class: "swatch" })];
    swatch.style.setProperty("--swatch", ctx.map.colours.classes[label]);
    item.prepend(swatch);
    item.dataset.class = label;
    return item;
  }

  return {
    update(changed, state) {
      if (["assets", "theme", "data", "mount"].some((key) => changed.has(key))) {
        const items = ctx.assets.classes.map(chipOf);
        fill(classes, items, items.length ? all : null);
      } else if (!["off", "as", "bg", "rings"].some((key) => changed.has(key))) return;
      const press = (item, on) => item.setAttribute("aria-pressed", String(on));
      [...classes.querySelectorAll("[data-class]")].forEach((item, label) => press(item, !state.off.includes(label)));
      layers.forEach((item, k) => press(item, state[LAYERS[k][0]] === LAYERS[k][1][1]));
      all.hidden = !state.off.length;
    },
  };
}
