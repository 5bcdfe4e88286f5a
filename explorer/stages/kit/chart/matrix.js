/** A matrix of short texts: each cell has a tint, says more on demand, and may lead to a state of the stage. */

import { fill, h } from "../base/dom.js";
import { rove } from "../base/rove.js";

export class Matrix {
  /** `label` is its name for a screen reader. @param {Ctx} ctx @param {string} label */
  constructor(ctx, label) {
    this.ctx = ctx;
    this.label = label;
    this.frame = rove(h("div", { class: "matrix result" }));
    this.legend = h("p", { class: "quiet" });
    this.element = h("div", {}, this.frame, this.legend);
  }

  /**
   * `head` names the columns. `rows` are {name, cells: [{text, sign, says, share, kind, sets}]}: the strength and kind
   * of the tint, and the state that the cell opens. A `sign` is drawn in place of the text; `legend` explains the
   * signs.
   */
  show({ head, rows, legend = "" }) {
    const links = () => [...this.frame.querySelectorAll("a")];
    const held = links().findIndex((each) => each === document.activeElement);
    const heads = head.map((name) => h("th", { scope: "col" }, h("span", {}, name)));
    const lines = rows.map(({ name, cells }) =>
      h("tr", {}, h("th", { scope: "row" }, name), cells.map((cell) => this.cellOf(cell)))
    );
    const body = [h("thead", {}, h("tr", {}, h("td"), heads)), h("tbody", {}, lines)];
    fill(this.frame, h("table", { "aria-label": this.label }, body));
    links()[held]?.focus();
    this.legend.textContent = legend;
  }

  cellOf({ text = "", sign, says, share = 0, kind = "", sets }) {
    const cell = h("td", { "data-kind": kind, title: says, style: `--share: ${share}` }, sets ? null : text);
    if (sets) cell.append(this.linkOf(text, sign, says, sets));
    return cell;
  }

  /** A link to a state, which opens without leaving the stage. */
  linkOf(text, sign, says, sets) {
    const href = `?${new URLSearchParams({ tab: this.ctx.value().tab, ...sets })}`;
    const link = h("a", { href, "aria-label": says, "data-sign": sign }, text);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.ctx.store.commit(sets);
    });
    return link;
  }
}
