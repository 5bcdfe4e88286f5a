/** What can be chosen of the way pixels are unmasked. */

import { h, select } from "../kit/shell/dom.js";
import { keySegments } from "../kit/shell/parts.js";
import { PIXELS } from "../kit/image/pixels.js";
import { ORDER_NAMES } from "./unmask_words.js";

/** The network of the chain that masks: who comes with the other one is given it. */
export const MASKING = ["d3pm-mnist"];

/** The order of the pixels. */
export function createOrder(ctx) {
  const choices = ctx.fields.order.choices.map((order) => [order, ORDER_NAMES[order]]);
  const element = keySegments(ctx, "order", "Order", choices);
  return { element, update: () => element.set(ctx.store.get().order) };
}

/** How many pixels are unmasked at each step. */
export function createPer({ store, fields }) {
  const words = (per) => `${per === PIXELS ? "all" : per} (${(PIXELS / per).toLocaleString("en")} evaluations)`;
  const choices = fields.per.choices.map((per) => [per, words(Number(per))]);
  const set = (per) => store.commit({ per: Number(per) });
  const element = select("Pixels a step", choices, String(store.get().per), set);
  return {
    element: h("div", { class: "row" }, element),
    update: () => (element.input.value = String(store.get().per)),
  };
}
