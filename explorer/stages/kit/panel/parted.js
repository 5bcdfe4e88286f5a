/** A mode of several parts, chosen by its first control; each part is a mode with a panel of its own. */

import { createTries } from "../lesson/tries.js";
import { fill, h } from "../base/dom.js";
import { atEnd, owned } from "../base/live.js";
import { createControls } from "./controls.js";
import { Exhibit } from "./exhibit.js";
import { fillPanel } from "./parts.js";

export class Parted {
  /** Parts are exhibits, but for those that `creates` has another function for, by their modes. */
  constructor(ctx, mode, creates) {
    this.declared = ctx.value().panels[mode];
    Object.assign(this, { ctx, creates, made: {}, shown: null, panel: h("div"), ends: [] });
    atEnd(() => this.ends.forEach((end) => end()));
    this.controls = createControls(ctx, this.declared);
    fillPanel(ctx, this.controls.element, this.panel, createTries(ctx));
  }

  /** Mode of the part that is chosen, with places of its own, made when it is first wanted. */
  get part() {
    const { parts, controls: [[{ key }]] } = this.declared;
    const mode = parts[this.ctx.store.get()[key]];
    return this.made[mode] ??= this.create(mode);
  }

  create(mode) {
    const places = { main: h("div"), panel: h("div") };
    const named = Object.fromEntries(Object.entries(places).map(([name, value]) => [name, { value }]));
    const create = this.creates[mode] ?? ((ctx) => new Exhibit(ctx, mode));
    const [part, end] = owned(() => create(Object.create(this.ctx, named), mode));
    this.ends.push(end);
    return Object.assign(part, { places });
  }

  enter() {
    if (this.part === this.shown) this.part.enter();
  }

  update(changed) {
    const { part, ctx, shown } = this;
    const { nets } = part.declared;
    this.controls.update();
    if (part !== shown) {
      shown?.leave?.();
      this.shown = part;
      fill(ctx.main, part.places.main);
      fill(this.panel, part.places.panel);
    }
    if (part !== shown || (nets.length && !nets.includes(ctx.store.get().net))) part.enter();
    part.update(part === shown ? changed : new Set([...changed, "mode"]));
  }

  leave() {
    this.shown?.leave?.();
  }

  key(event) {
    return this.part.key(event);
  }

  hasResult(what) {
    return this.part.hasResult(what);
  }

  table() {
    return this.part.table();
  }
}
