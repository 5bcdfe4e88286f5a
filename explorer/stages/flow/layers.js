/** Through the layers: how z becomes an image, what its coarse and its fine part say, and how long a z usually is. */

import { fill, h } from "../kit/shell/dom.js";
import { fillPanel, keySegments } from "../kit/shell/parts.js";
import { createTries } from "../kit/lesson/tries.js";
import { LayersFilm } from "./layers_film.js";
import { LayersMix } from "./layers_mix.js";
import { LayersTypical } from "./layers_typical.js";
import { onImages } from "./of_images.js";

const PARTS = {
  film: ["Layer by layer", LayersFilm],
  mix: ["Mix two z", LayersMix],
  typical: ["The typical set", LayersTypical],
};

class Layers {
  constructor(ctx) {
    this.ctx = ctx;
    this.made = {};
    this.shown = null;
    const parts = Object.entries(PARTS).map(([part, [title]]) => [part, title]);
    this.choice = keySegments(ctx, "part", "What is looked at", parts);
    this.panel = h("div", { class: "mode-body" });
    fillPanel(ctx, this.choice, this.panel, createTries(ctx, ctx.value().tries.layers));
  }

  /** What is looked at; made when it is first wanted. */
  get part() {
    const { part } = this.ctx.store.get();
    return this.made[part] ??= new PARTS[part][1](this.ctx);
  }

  update(changed) {
    const { part } = this;
    this.choice.set(this.ctx.store.get().part);
    if (part !== this.shown) {
      this.shown?.leave?.();
      this.shown = part;
      for (const each of this.ctx.main.querySelectorAll(":scope > .layers-part")) each.remove();
      this.ctx.main.append(part.element);
      fill(this.panel, part.controls);
      part.enter?.();
      changed = new Set([...changed, "mode"]);
    }
    part.update(changed);
  }

  leave() {
    this.shown?.leave?.();
  }

  key(event) {
    return this.shown?.key?.(event);
  }

  hasResult(what) {
    return this.shown?.hasResult?.(what) ?? true;
  }

  picture() {
    return this.shown?.picture() ?? null;
  }

  table() {
    return this.shown?.table() ?? null;
  }
}

export default {
  hint: "From noise to an image, layer by layer, and back",
  create: onImages((ctx) => new Layers(ctx)),
};
