/** What permutes: which digit becomes which, as recorded on all test images. */

import { fill, h } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { ToldAnswer } from "../kit/shell/told_answer.js";
import { takeNet } from "../kit/shell/take_net.js";

const LEAST = 0.005; // smaller shares are not written

class Permutes extends ToldAnswer {
  constructor(ctx) {
    super(ctx, "permutes");
    this.grid = h("div", { class: "tr-matrix result" });
    this.open(
      h(
        "div",
        {},
        h("p", { class: "quiet" }, "A row for each digit, a column for what it becomes, in per cent."),
        this.grid,
      ),
    );
  }

  enter() {
    takeNet(this.ctx, Object.keys(this.ctx.value().kinds));
  }

  draw({ matrix, words }) {
    const head = (label) => h("th", { scope: "col" }, String(label));
    const row = (shares, label) =>
      h("tr", {}, h("th", { scope: "row" }, String(label)), shares.map((share, other) => cellOf(share, label, other)));
    fill(
      this.grid,
      matrix
        ? h(
          "table",
          {},
          h("thead", {}, h("tr", {}, h("td"), matrix.map((_, i) => head(i)))),
          h("tbody", {}, matrix.map(row)),
        )
        : h("p", { class: "empty" }, words),
    );
  }

  hasResult(what) {
    return what !== "picture" && Boolean(this.value?.matrix);
  }
}

function cellOf(share, label, other) {
  const cell = h(
    "td",
    { title: `${percent(share, 1)} of the images of ${label} become ${other}` },
    share < LEAST ? "" : num(100 * share, 0),
  );
  cell.style.setProperty("--share", share);
  if (label === other) cell.classList.add("same");
  return cell;
}

export default {
  hint: "Which digit becomes which? Compare the terms of the loss",
  create: (ctx) => new Permutes(ctx),
};
