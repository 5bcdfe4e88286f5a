/** What the marks and colours of a game's plane mean. */

import { h, setText } from "../kit/shell/dom.js";
import { sidesOf } from "./arena_paint.js";

const WORDS = {
  d: ["D says real", "D says made"],
  optimal: ["p ÷ (p + q) → 1, both blurred by 0.1", "→ 0"],
  both: ["D says real", "D says made"],
  critic: ["critic's highest value", "its lowest"],
};

/** `update(loss, overlay)` says what the colours mean now; without a `surface` there are the points alone. */
export function createLegend(ctx, { arrows = true, surface = true } = {}) {
  const words = [h("span"), h("span")];
  const marks = [h("span", { class: "arena-mark" }, "×"), h("span", { class: "arena-mark" }, "●")];
  const best = h(
    "li",
    {},
    h("span", { class: "arena-mark" }, "—"),
    "p ÷ (p + q) = ½, both blurred by 0.1; dashed ¼ and ¾",
  );
  const patches = [h("span", { class: "arena-patch" }), h("span", { class: "arena-patch" })];
  const items = [
    h("li", {}, marks[0], "data"),
    h("li", {}, marks[1], "generated"),
    ...(surface ? patches.map((patch, k) => h("li", {}, patch, words[k])) : []),
  ];
  const pull = h("li", {}, h("span", { class: "arena-mark" }, "↗"), "lowers G's loss");
  const update = (loss, overlay) => {
    const { real, made } = sidesOf(ctx.colours());
    [real, made].forEach((colour, k) => {
      marks[k].style.color = colour;
      patches[k].style.background = colour;
    });
    best.hidden = overlay !== "both";
    if (!surface) return;
    WORDS[loss === "wgan-gp" && overlay !== "optimal" ? "critic" : overlay].forEach((text, k) =>
      setText(words[k], text)
    );
  };
  return { element: h("ul", { class: "arena-legend quiet" }, items, arrows && pull, best), update };
}
