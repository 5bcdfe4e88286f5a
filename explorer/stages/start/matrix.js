/** Families × questions: what each can be asked, in the order of the map; every cell opens the question. */

import { fill, h, setText } from "../kit/shell/dom.js";
import { createSeen, fillPanel } from "../kit/shell/parts.js";
import { rove } from "../kit/shell/rove.js";
import { BRANCHES, canPoint } from "./says.js";

class Matrix {
  constructor(ctx) {
    this.ctx = ctx;
    this.questions = Object.entries(ctx.value().questions);
    this.words = h("p", { class: "cell-words", "aria-live": "polite" }, canPoint() && "Point at a cell.");
    this.seen = createSeen();
    this.frame = h("div", {
      class: "matrix-frame",
      tabindex: 0,
      role: "region",
      "aria-label": "The families by what they can be asked",
    });
    fill(ctx.main, rove(this.frame));
    const note = h("p", { class: "quiet" }, "∅: cannot. Pass: one evaluation of the network.");
    fillPanel(ctx, this.words, this.seen.element, note);
  }

  update(changed) {
    if (!["mode", "data", "mount", "value"].some((key) => changed.has(key))) return;
    const families = BRANCHES.flatMap(({ id }) => this.ctx.columns().filter(({ branch }) => branch === id));
    const head = h("tr", {}, h("td"), this.questions.map(([, title]) => h("th", { scope: "col" }, title)));
    const rows = families.map((family) =>
      h(
        "tr",
        {},
        h("th", { scope: "row", class: family.branch }, family.title),
        this.questions.map((question) => this.cell(family, question)),
      )
    );
    fill(this.frame, h("table", { class: "matrix" }, h("thead", {}, head), h("tbody", {}, rows)));
    this.seen(this.ctx.net().says.matrix);
  }

  table() {
    const rows = this.ctx.columns().map((family) => [
      family.net,
      ...this.questions.map(([question]) => family.answers[question].words),
    ]);
    const head = ["network", ...this.questions.map(([, title]) => title)];
    return { name: `questions-${this.ctx.net().name}`, rows: [head, ...rows] };
  }

  cell(family, [question, title]) {
    const { mark, words, able } = family.answers[question];
    const show = () => setText(this.words, words);
    const inside = h("a", {
      class: able ? "able" : "unable",
      href: family.asked[question],
      "aria-label": `${title}: ${words} Open the question.`,
      onpointerenter: show,
      onfocus: show,
    }, mark);
    return h("td", {}, inside);
  }
}

export default {
  hint: "Every cell opens its question",
  create: (ctx) => new Matrix(ctx),
};
