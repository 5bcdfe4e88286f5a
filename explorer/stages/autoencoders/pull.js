/** Pull: what was noised and is rebuilt comes back; in the plane the pull stands beside the exact score. */

import { fill, h } from "../kit/shell/dom.js";
import { fillPanel, keySegments } from "../kit/shell/parts.js";
import { takeNet } from "../kit/shell/take_net.js";
import { PullImages } from "./pull_images.js";
import { PullPlane } from "./pull_plane.js";

class Pull {
  constructor(ctx) {
    this.ctx = ctx;
    const places = () => ({ main: h("div", { class: "pull" }), panel: h("div", { class: "pull-panel" }) });
    this.parts = Object.fromEntries(
      Object.entries({ plane: PullPlane, images: PullImages }).map(([name, Part]) => {
        const { main, panel } = places();
        const own = Object.create(ctx, { main: { value: main }, panel: { value: panel } });
        return [name, { main, panel, part: new Part(own, "returning") }];
      }),
    );
    this.where = keySegments(ctx, "where", "Where", [["plane", "Points"], ["images", "Images"]]);
    this.shown = null;
  }

  get part() {
    return this.parts[this.ctx.store.get().where].part;
  }

  enter() {
    this.take();
  }

  take() {
    takeNet(this.ctx, this.part.nets, { set: null });
    this.part.enter?.();
  }

  update(changed) {
    const { where } = this.ctx.store.get();
    this.where.set(where);
    if (where !== this.shown) {
      this.shown = where;
      const { main, panel } = this.parts[where];
      fill(this.ctx.main, main);
      fillPanel(this.ctx, this.where, panel);
      this.take();
      changed = new Set([...changed, "mode"]);
    } else if (!this.part.nets.includes(this.ctx.store.get().net)) this.take();
    this.part.update(changed);
  }

  hasResult(what) {
    return this.part.hasResult?.(what) ?? true;
  }

  picture() {
    return this.part.picture();
  }

  table() {
    return this.part.table();
  }
}

export default {
  hint: "Drop points or noise an image, and watch repeated reconstruction",
  create: (ctx) => new Pull(ctx),
};
