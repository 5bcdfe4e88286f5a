/** Through the layers: how z becomes an image, what its coarse and its fine part say, and how long a z usually is. */

import { fill, h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { fillPanel, keySegments } from "../kit/panel/parts.js";
import { createTries } from "../kit/lesson/tries.js";
import { LayersFilm } from "./layers_film.js";
import { takeImages } from "./of_images.js";

const PARTS = {
  film: ["Layer by layer", LayersFilm],
  mix: ["Mix two z", Exhibit],
  typical: ["The typical set", Exhibit],
};

class Layers {
  constructor(ctx) {
    Object.assign(this, { ctx, made: {}, shown: null });
    const parts = Object.entries(PARTS).map(([part, [title]]) => [part, title]);
    this.choice = keySegments(ctx, "part", "What is looked at", parts);
    this.panel = h("div");
    fillPanel(ctx, this.choice, this.panel, createTries(ctx));
  }

  /** Mode of the view on screen, with places of its own, made when it is first wanted. */
  get part() {
    const { part } = this.ctx.store.get();
    return this.made[part] ??= this.create(part);
  }

  create(part) {
    const places = { main: h("div"), panel: h("div") };
    const named = Object.fromEntries(Object.entries(places).map(([name, value]) => [name, { value }]));
    return Object.assign(new PARTS[part][1](Object.create(this.ctx, named), part), { places });
  }

  update(changed) {
    if (!takeImages(this.ctx)) return;
    const { part, ctx } = this;
    this.choice.set(ctx.store.get().part);
    if (part !== this.shown) {
      this.shown?.leave?.();
      this.shown = part;
      fill(ctx.main, part.places.main);
      fill(this.panel, part.places.panel);
      part.enter?.();
      changed = new Set([...changed, "mode"]);
    }
    part.update(changed);
  }

  again() {
    if (this.part.again) this.part.again();
    else this.part.update(new Set(["mode"]));
  }

  leave() {
    this.shown?.leave?.();
  }

  key(event) {
    return this.shown?.key?.(event);
  }

  hasResult(what) {
    return this.shown?.hasResult(what) ?? false;
  }

  table() {
    return this.shown.table();
  }
}

export default {
  hint: "Noise to image",
  create: (ctx) => new Layers(ctx),
};
