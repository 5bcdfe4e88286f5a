/** In place of a question that the only network asked cannot answer: the reason, and the questions that it can answer. */

import { button, fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { fillPanel } from "../kit/panel/parts.js";
import { ABILITIES, refusalOf } from "../kit/shell/refused.js";

/** @param {import("../kit/panel/mode.js").Self} self */
export function refusal({ id, ctx }) {
  const asked = () => ctx.value().modes.find((mode) => mode.id === id).title;
  const title = h("h2", {}, () => `${ctx.columns()[0].title}: ${asked()}`);
  const reason = h("p", {}, () => `Cannot, because ${refusalOf(ctx.columns(), id)}.`);
  const sign = h("p", { class: "refusal-sign", "aria-hidden": "true" }, "∅");
  const instead = h("div", { class: "row" });
  whenever(() => {
    const able = ctx.value().modes.filter(({ id }) => id in ABILITIES && refusalOf(ctx.columns(), id) === null);
    fill(instead, able.map(({ id, title }) => button(title, () => ctx.store.commit({ mode: id }))));
  });
  return {
    main: h("div", { class: "refusal" }, sign, title, reason),
    panel: () => fillPanel(ctx, h("p", {}, "It can answer"), instead),
    hasResult: () => false,
  };
}
