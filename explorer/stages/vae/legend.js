/** Legend of the marks, and which of them are shown. */

import { button, fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { rove } from "../kit/base/rove.js";
import { computed } from "../kit/base/vendor/signals-core.js";

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

/** A button that is pressed while `isOn()`. */
function chip(words, onclick, title, isOn) {
  const item = button(words, onclick, { kind: "chip", title });
  whenever(() => item.setAttribute("aria-pressed", String(isOn())));
  return item;
}

/**
 * Class chips that switch their points on and off, and the choices of how the map is drawn.
 * @param {import("../kit/base/follow.js").Followed} followed the stage
 */
export function createLegend({ ctx, state }) {
  const { store } = ctx;
  const layers = LAYERS.map(([key, [off, on], words, title]) => {
    const isOn = () => state[key] === on;
    return chip(words, () => store.commit({ [key]: isOn() ? off : on }), title, isOn);
  });

  function toggle(label) {
    const { off } = store.get();
    store.commit({
      off: off.includes(label) ? off.filter((each) => each !== label) : [...off, label].sort((a, b) => a - b),
    });
  }

  function chipOf(name, label) {
    const item = chip(name, () => toggle(label), undefined, () => !state.off.includes(label));
    const swatch = h("span", { class: "swatch" });
    swatch.style.setProperty("--swatch", ctx.map.colours.classes[label]);
    item.prepend(swatch);
    item.dataset.class = label;
    return item;
  }

  const classes = chips("Classes");
  const all = button("All", () => store.commit({ off: [] }), { kind: "chip", title: "Show every class" });
  const names = computed(() => (state.data, ctx.assets.classes));
  whenever(() => fill(classes, names.value.map(chipOf), names.value.length ? all : null));
  whenever(() => (all.hidden = !state.off.length));
  const you = h("span", { class: "swatch", style: "--swatch: var(--ink)" });
  fill(
    ctx.map.legend,
    h(
      "div",
      {},
      h("p", { class: "legend-key" }, "Test images"),
      classes,
      h("p", { class: "legend-key legend-draws" }, you, "64 draws"),
    ),
    h(
      "div",
      { class: "layers" },
      h("p", { class: "legend-key" }, "Show"),
      fill(chips("Show"), layers),
      h("p", { class: "legend-note with-words" }, "Outlines: σ of one posterior in eight"),
    ),
  );
}
