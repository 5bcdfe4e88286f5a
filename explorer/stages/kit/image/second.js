/** The choice of a second picture. */

import { button, h, numberBox } from "../base/dom.js";
import { captioned } from "../panel/parts.js";
import { drawImage, imageCanvas, toBytes } from "./pixels.js";

const OTHER = 0; // a test image, of another class than the first visit's

/** The second test image, by its number. */
export class Second {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    const choose = (img2) => ctx.store.commit({ img2 });
    this.canvas = imageCanvas("The second picture", 84);
    this.number = numberBox("No.", { field: ctx.fields.img2, onchange: choose });
    this.number.control.ariaLabel = "Second, no."; // there are two numbers
    const any = button("any", () => choose(Math.floor(Math.random() * (ctx.fields.img2.high + 1))));
    const side = h("div", { class: "source-side" }, h("div", { class: "row" }, this.number, any));
    this.element = h("div", { class: "source" }, captioned(this.canvas, "the second"), side);
  }

  /** The first visit finds a picture. */
  start(example = OTHER) {
    if (this.index === null) this.ctx.store.set({ img2: example });
  }

  /** @returns {number | null} */
  get index() {
    return this.ctx.store.get().img2;
  }

  get picked() {
    return this.index === null ? null : { test: this.index, set: this.ctx.net().dataset };
  }

  /** @param {"binary" | "levels"} space */
  fed(space) {
    const { assets } = this.ctx;
    if (this.index === null || !assets.has(this.index)) return null;
    return space === "binary" ? toBytes(assets.bits(this.index)) : assets.sprite(this.index);
  }

  update() {
    this.number.set(this.index ?? "");
    const grey = this.fed("levels");
    this.canvas.hidden = !grey;
    if (grey) drawImage(this.canvas, grey);
  }
}
