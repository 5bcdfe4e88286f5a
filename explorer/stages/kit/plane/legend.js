/** Legend of the marks of a picture. */

import { fill, h } from "../base/dom.js";

/** `show(keys)` lists them, [sign, text, colourOf(colours)] each, in the colours of now. */
export function createLegend(ctx) {
  const element = h("ul", { class: "plane-keys" });
  let shown = null;
  const show = (keys) => {
    const rows = keys.map(([sign, text, colourOf]) => ({ sign, text, colour: colourOf(ctx.colours()) }));
    if (JSON.stringify(rows) === shown) return;
    shown = JSON.stringify(rows);
    fill(
      element,
      rows.map(({ sign, text, colour }) => {
        const mark = h("span", { class: "sign", "aria-hidden": "true", "data-sign": sign });
        mark.style.color = colour;
        return h("li", {}, mark, text);
      }),
    );
  };
  return { element, show };
}
