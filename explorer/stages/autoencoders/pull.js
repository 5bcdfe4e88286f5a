/** Pull: what was noised and is rebuilt comes back; in the plane the pull stands beside the exact score. */

import { fill, h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { fillPanel, keySegments } from "../kit/panel/parts.js";
import { PullPlane } from "./pull_plane.js";

class Pull {
  constructor(ctx) {
    this.ctx = ctx;
    this.where = keySegments(ctx, "where", "Where", [["plane", "Points"], ["images", "Images"]]);
    this.parts = { plane: this.partOf(PullPlane, "dropped"), images: this.partOf(Exhibit, "returning") };
    this.shown = null;
  }

  /** A mode within this one, in places of its own. */
  partOf(Part, mode) {
    const [main, panel] = ["pull", "pull-panel"].map((name) => h("div", { class: name }));
    const own = Object.create(this.ctx, { main: { value: main }, panel: { value: panel } });
    return { main, panel, part: new Part(own, mode) };
  }

  get part() {
    return this.parts[this.ctx.store.get().where].part;
  }

  enter() {
    this.part.enter();
  }

  update(changed) {
    const { where, net } = this.ctx.store.get();
    this.where.set(where);
    const isOther = where !== this.shown;
    if (isOther) {
      this.shown = where;
      const { main, panel } = this.parts[where];
      fill(this.ctx.main, main);
      fillPanel(this.ctx, this.where, panel);
    }
    if (isOther || !this.part.declared.nets.includes(net)) this.enter();
    this.part.update(isOther ? new Set([...changed, "mode"]) : changed);
  }

  hasResult(what) {
    return this.part.hasResult(what);
  }

  table() {
    return this.part.table();
  }
}

export default {
  hint: "Drop points or noise an image, and watch repeated reconstruction",
  create: (ctx) => new Pull(ctx),
};
