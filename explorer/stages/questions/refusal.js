/** In place of a question that the only network asked cannot answer: the reason, and the questions that it can answer. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { fillPanel } from "../kit/panel/parts.js";
import { ABILITIES, refusalOf } from "../kit/shell/refused.js";

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
    const columns = ctx.columns();
    const { modes } = ctx.value();
    const able = modes.filter(({ id }) => id in ABILITIES && refusalOf(columns, id) === null);
    setText(this.title, `${columns[0].title}: ${modes.find(({ id }) => id === ctx.id).title}`);
    setText(this.reason, `Cannot, because ${refusalOf(columns, ctx.id)}.`);
    fill(this.instead, able.map(({ id, title }) => button(title, () => ctx.store.commit({ mode: id }))));
  }

  hasResult() {
    return false;
  }
}
