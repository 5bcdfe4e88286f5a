/** What the modes share in which a visitor chooses or draws a picture, which networks translate. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { h } from "../kit/shell/dom.js";
import { percent } from "../kit/shell/format.js";
import { ToldAnswer } from "../kit/shell/told_answer.js";
import { takeNet } from "../kit/shell/take_net.js";
import { Pictures } from "./pictures.js";

export const GARMENTS = "pix2pix-fashion-mnist";
const OF_PICTURE = ["img", "draw", "source", "set"];
/** Side of the box that a drawing fills, and width of the pen: garments reach the border of their images, digits do not. */
const DRAWN = { "fashion-mnist": { box: 28, pen: 14 }, mnist: { box: 20, pen: 24 } };

export const classOf = ({ name, share }) => `${name}, ${percent(share)}`;

/** The outline of the visitor's picture, and the picture itself if it is a test image. */
export class Given {
  constructor(ctx, columns = 2) {
    this.ctx = ctx;
    this.pictures = new Pictures("The outline and its real image", columns);
    this.element = this.pictures.element;
  }

  show({ source, real }) {
    const outline = { pixels: fromBase64(source), caption: "outline" };
    this.pictures.show(
      real ? [outline, { pixels: fromBase64(real), caption: "real image", result: true }] : [outline],
    );
    this.ctx.show("s", outline.pixels);
  }
}

export class OfPicture extends ToldAnswer {
  /** `nets` are the networks that the mode can be about. */
  constructor(ctx, mode, nets) {
    super(ctx, mode);
    this.nets = nets;
    this.chooser = new Picture(ctx, { others: false, drawn: () => DRAWN[ctx.net().dataset] });
  }

  /** Builds the mode around what is `shown`; `given` stands under the visitor's picture, in the panel. */
  lay(given, shown) {
    const chooser = h("div", { class: "tr-chooser" }, this.chooser.element, given);
    this.open(h("div", { class: "tr-shown" }, shown), chooser);
  }

  enter() {
    takeNet(this.ctx, this.nets, { set: null });
    startWithExample(this.ctx);
  }

  get picked() {
    return drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset);
  }

  again() {
    const { picked } = this;
    this.answer.want(picked && { ...this.controls.request(), picture: picked });
  }

  update(changed) {
    this.chooser.update();
    super.update(changed);
    if (OF_PICTURE.some((key) => changed.has(key))) this.again();
  }

  show() {
    super.show();
    if (!this.value) this.seen("Draw the lines of a picture, or choose a test image.");
  }
}
