/** In place of a question that the only network asked cannot answer: the reason, and the questions that it can answer. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { fillPanel } from "../kit/panel/parts.js";

const ABILITIES = {
  make: "sample",
  complete: "complete",
  likelihood: "log_prob",
  anomaly: "odd",
  interpolate: "interpolate",
};
/** True if a network answers each question. */
const answers = ({ can }) => ({ ...can, log_prob: can.likelihood || can.ratio });

/** Reason why the only network asked cannot answer a mode's question; null where it can, and where several are asked. */
export function refusalOf(ctx, mode) {
  const [column, ...others] = ctx.columns();
  const ability = ABILITIES[mode];
  if (!ability || others.length || !column || column.error || answers(column)[ability]) return null;
  return column.cannot[ability];
}

export class Refusal {
  constructor(ctx) {
    this.ctx = ctx;
    this.title = h("h2");
    this.reason = h("p");
    this.instead = h("div", { class: "row" });
    const sign = h("p", { class: "refusal-sign", "aria-hidden": "true" }, "∅");
    fill(ctx.main, h("div", { class: "refusal" }, sign, this.title, this.reason));
    fillPanel(ctx, h("p", {}, "It can answer"), this.instead);
  }

  update() {
    const { ctx } = this;
    const [column] = ctx.columns();
    const { modes } = ctx.value();
    const able = modes.filter(({ id }) => id in ABILITIES && refusalOf(ctx, id) === null);
    setText(this.title, `${column.title}: ${modes.find(({ id }) => id === ctx.id).title}`);
    setText(this.reason, `Cannot, because ${refusalOf(ctx, ctx.id)}.`);
    fill(this.instead, able.map(({ id, title }) => button(title, () => ctx.store.commit({ mode: id }))));
  }

  hasResult() {
    return false;
  }
}
