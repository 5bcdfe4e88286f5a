/** A mode of images: who comes with a flow of points is given the first flow of images. */

import { button, setText } from "../kit/shell/dom.js";
import { empty } from "../kit/shell/parts.js";

const ofImages = (net) => net?.column?.space === "levels";

class OfImages {
  constructor(ctx, create) {
    this.ctx = ctx;
    this.inner = create(ctx);
    this.words = document.createTextNode("");
    this.turn = button("Take the images", () => this.take({ commit: true }));
    this.notice = empty(this.words, " ", this.turn);
    this.notice.classList.add("not-of-images");
    ctx.main.prepend(this.notice);
  }

  /** The first network of images that can be shown. */
  get first() {
    return Object.entries(this.ctx.value().nets).find(([, net]) => ofImages(net))?.[0];
  }

  take(how) {
    if (this.first) this.ctx.store.set({ net: this.first }, how);
  }

  enter() {
    const net = this.ctx.net();
    if (!ofImages(net) && !net.error) this.take({ commit: true });
    this.inner.enter?.();
  }

  leave() {
    this.inner.leave?.();
  }

  update(changed) {
    const net = this.ctx.net();
    const fits = ofImages(net);
    for (const place of [this.ctx.main, this.ctx.panel]) place.classList.toggle("no-images", !fits);
    this.turn.hidden = Boolean(net.error) || !this.first;
    setText(this.words, net.error ?? `This mode is about images, and ${net.title} are points of the plane.`);
    if (fits) this.inner.update(changed);
    else this.inner.leave?.();
  }

  key(event) {
    return this.inner.key?.(event);
  }
}

/** `create(ctx)` makes the mode, which is asked only about networks of images. */
export const onImages = (create) => (ctx) => new OfImages(ctx, create);
