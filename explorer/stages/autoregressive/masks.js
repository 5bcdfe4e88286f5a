/** What masks do: one kernel, layers of them, the blind spot of the naive stack, and MADE's connections. */

import { fill, h } from "../kit/shell/dom.js";
import { fillPanel, segmented } from "../kit/shell/parts.js";
import { Connections } from "./connections.js";
import { Kernel } from "./kernel.js";
import { Blind, Growth } from "./reach.js";

const PARTS = {
  kernel: {
    title: "Mask A and B",
    hint: "Switch the taps of a masked kernel",
    make: Kernel,
  },
  layers: { title: "Layers", hint: "Add blocks and see how far back a prediction can look", make: Growth },
  blind: { title: "Blind spot", hint: "Stack plain masked kernels and see what they can never reach", make: Blind },
  made: { title: "MADE", hint: "Choose an output and see which pixels lead to it", make: Connections },
};

class Masks {
  constructor(ctx) {
    this.ctx = ctx;
    this.parts = {};
    const choices = Object.entries(PARTS).map(([id, { title }]) => [id, title]);
    this.choice = segmented(
      "Part",
      choices,
      (part) => ctx.store.commit({ part, ...PARTS[part].make.opening?.(ctx.store.get()) }),
    );
    this.place = h("div", {});
    fillPanel(ctx, this.choice, this.place);
  }

  get id() {
    const { part } = this.ctx.store.get();
    return part in PARTS ? part : "kernel";
  }

  get part() {
    this.parts[this.id] ??= new PARTS[this.id].make(this.ctx);
    return this.parts[this.id];
  }

  enter() {
    this.shown = null;
  }

  update(changed) {
    const { part, id } = this;
    this.choice.set(id);
    if (this.shown !== part) {
      this.shown = part;
      fill(this.ctx.main, part.main);
      fill(this.place, part.panel);
    }
    if (this.ctx.store.get().mode === "masks") this.ctx.hint(PARTS[id].hint);
    part.update(changed);
    this.ctx.show("out", part.board?.canvas);
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
  hint: PARTS.kernel.hint,
  create: (ctx) => new Masks(ctx),
};
