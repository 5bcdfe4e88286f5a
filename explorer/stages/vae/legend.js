/** What the marks mean, and which of them are shown. */

import { button, fill, h } from "../kit/shell/dom.js";
import { rove } from "../kit/shell/rove.js";

/** Class chips that switch their points on and off, and the choices of how the map is drawn. */
export function createLegend(ctx) {
  const { store } = ctx;
  const chips = rove(h("div", { class: "chips", role: "group", "aria-label": "Classes" }));
  const all = button("All", () => store.commit({ off: [] }), {
    kind: "chip",
    title: "Show every class",
  });
  const drawing = drawingChoices(store);
  const note = h("p", { class: "legend-note with-words" }, "Outlines: σ of one posterior in eight");
  fill(ctx.map.legend, chips, h("div", {}, drawing.element, note));

  function rebuild() {
    const items = ctx.assets.classes.map((name, label) => chip(store, name, label, ctx.map.colours.classes[label]));
    fill(chips, items, items.length ? all : null);
  }

  return {
    update(changed, state) {
      if (["assets", "theme", "data", "mount"].some((key) => changed.has(key))) rebuild();
      else if (!["off", "as", "bg", "rings"].some((key) => changed.has(key))) return;
      for (const [label, item] of [...chips.querySelectorAll("[data-class]")].entries()) {
        item.setAttribute("aria-pressed", String(!state.off.includes(label)));
      }
      all.hidden = !state.off.length;
      drawing.update(state);
    },
  };
}

function chip(store, name, label, colour) {
  const toggle = () => {
    const { off } = store.get();
    const next = off.includes(label) ? off.filter((other) => other !== label) : [...off, label].sort((a, b) => a - b);
    store.commit({ off: next });
  };
  const item = button(name, toggle, { kind: "chip", pressed: true });
  const swatch = h("span", { class: "swatch" });
  swatch.style.background = colour;
  item.prepend(swatch);
  item.dataset.class = label;
  return item;
}

function drawingChoices(store) {
  const flip = (key) => () => store.commit({ [key]: !store.get()[key] });
  const images = button(
    "Images",
    () => store.commit({ as: store.get().as === "images" ? "dots" : "images" }),
    {
      kind: "chip",
      pressed: false,
      title: "Draw the test images themselves instead of dots",
    },
  );
  const manifold = button("Manifold", flip("bg"), {
    kind: "chip",
    pressed: true,
    title: "What the decoder makes of each place, behind the points",
  });
  const rings = button("Prior", flip("rings"), {
    kind: "chip",
    pressed: true,
    title: "1, 2 and 3 standard deviations of the prior N(0, I)",
  });
  const element = rove(h("div", { class: "chips", role: "group", "aria-label": "Show" }, images, manifold, rings));
  const update = ({ as, bg, rings: shown }) => {
    images.setAttribute("aria-pressed", String(as === "images"));
    manifold.setAttribute("aria-pressed", String(bg));
    rings.setAttribute("aria-pressed", String(shown));
  };
  return { element, update };
}
