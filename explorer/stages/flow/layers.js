/** Through the layers: how z becomes an image, what its coarse and its fine part say, and how long a z usually is. */

import { Parted } from "../kit/panel/parted.js";
import { createLayersFilm } from "./layers_film.js";
import { takeImages } from "./of_images.js";

class Layers extends Parted {
  constructor(ctx) {
    super(ctx, "layers", { film: createLayersFilm });
  }

  enter() {
    takeImages(this.ctx);
    super.enter();
  }

  update(changed) {
    if (takeImages(this.ctx)) super.update(changed);
  }
}

export default {
  create: (ctx) => new Layers(ctx),
};
