/** An image is noised, rebuilt, and what came is rebuilt again: by an autoencoder that knows noise and by one that does not. */

import { Exhibit } from "../kit/shell/exhibit.js";
import { createSets, netsOf, setOf } from "./code_nets.js";

export class PullImages extends Exhibit {
  get nets() {
    return netsOf(this.ctx, ["denoising-autoencoder", "autoencoder"]);
  }

  below() {
    this.sets = createSets(this.ctx);
    return [this.sets];
  }

  given() {
    return { ...super.given(), dataset: setOf(this.ctx) };
  }

  update(changed) {
    this.sets.set(setOf(this.ctx));
    super.update(changed);
    if (changed.has("net")) this.again();
  }
}
