/** A mode that asks one question about the picture that a visitor chooses or draws. */

import { Picture, pictureOf, startWithExample } from "./picture.js";
import { ToldAnswer } from "../shell/told_answer.js";

const OF_PICTURE = ["net", "img", "draw", "source", "set", "kind", "seed"];

/** A subclass puts its `chooser` into the panel. */
export class PictureAnswer extends ToldAnswer {
  /** `how` is for the chooser. */
  constructor(ctx, mode, how) {
    super(ctx, mode);
    this.chooser = new Picture(ctx, how);
  }

  enter() {
    startWithExample(this.ctx);
  }

  again() {
    const { net, store } = this.ctx;
    const picture = net().error ? null : pictureOf(store.get(), net().dataset);
    this.answer.want(picture && { ...this.controls.request(), picture });
  }

  update(changed) {
    this.chooser.update();
    if (OF_PICTURE.some((key) => changed.has(key))) this.again();
    super.update(changed);
  }
}
