/** Maps of codes: where codes were drawn, or how far each code goes where its image moves a little. */

import { LARGE } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { floats32 } from "../kit/plane/tensors.js";
import { h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { paintCodes, paintEllipse, paintMap } from "./code_paint.js";

const DRAWN = 3.2; // radius of a drawn code
const LENGTH = 0.25; // of the vectors by which the images move
const OTHERS = 0.6; // opacity of the ellipses that are not marked
const TITLES = { hole: [null], contractive: ["plain", "contractive"] };
const KEYS = {
  hole: [["●", "drawn code", ({ ink }) => ink], ["·", "code of a test image", ({ quiet }) => quiet]],
  contractive: [
    ["○", "reach of a code: image moved by 0.25", ({ ink }) => ink],
    ["○", "marked image", ({ you }) => you],
  ],
};
const ARROWS = "Arrow keys move the cursor, Enter";

class Maps extends Exhibit {
  add() {
    const label = this.mode === "hole"
      ? `Drawn codes over the faint codes of test images. ${ARROWS} shows it on One map.`
      : `The codes of an autoencoder. ${ARROWS} marks the nearest image.`;
    this.planes = TITLES[this.mode].map((_, k) =>
      new PlaneCanvas({
        label,
        size: LARGE,
        paint: paintMap,
        onMove: () => this.ctx.refresh("cursor"),
        onChoose: (z) => this.value && this.choose(this.maps[k], z),
      })
    );
    this.legend = createLegend(this.ctx);
    const titled = (title, element) => h("div", {}, title && h("h2", {}, title), element);
    const maps = this.planes.map(({ element }, k) => titled(TITLES[this.mode][k], element));
    if (this.mode === "hole") { for (const each of maps) each.classList.add("result"); // the classes of what was drawn
     }
    return [h("div", { class: "maps" }, maps, this.legend.element)];
  }

  /** The maps of the answer, unpacked once. */
  get maps() {
    const { value } = this;
    const read = (map) => ({ ...map, codes: floats32(map.codes), drawn: map.drawn && floats32(map.drawn) });
    return (value.read ??= value.maps.map(read));
  }

  /**
   * Marks the image whose code is nearest to a place, if there are ellipses; else shows the place on One map.
   * @param {{ellipses: unknown[] | null, codes: Floats}} map @param {Point} z
   */
  choose({ ellipses, codes }, [x, y]) {
    const { store } = this.ctx;
    if (!ellipses) return store.commit({ z: [x, y], mode: "map" });
    const far = ellipses.map((_, i) => Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y));
    store.commit({ mark: far.indexOf(Math.min(...far)) });
  }

  draw(value) {
    super.draw(value);
    const colours = this.ctx.colours();
    this.legend.show(KEYS[this.mode]);
    const { mark } = this.ctx.store.get();
    const isNew = this.marked !== `${mark} ${this.ctx.net().name}`;
    this.marked = `${mark} ${this.ctx.net().name}`;
    this.planes.forEach((plane, k) => {
      const found = this.maps[k];
      plane.look(found.middle, found.half);
      if (found.ellipses && isNew) plane.cursor = [...found.codes.subarray(2 * mark, 2 * mark + 2)];
      const z = found.ellipses ? null : [0, 0];
      const { classes } = this.ctx.net();
      plane.show({ found, classes, faint: true, above: this.above(found, colours), z, colours }, this.words(value));
    });
  }

  /** Paints the drawn codes, or the ellipse of every image that has one, and the marked one over them. */
  above({ drawn, classes, ellipses, codes, labels, half }, colours) {
    if (drawn) return (context, to) => paintCodes(context, drawn, classes, to, colours, { radius: DRAWN });
    const { mark } = this.ctx.store.get();
    return (context, to, size) => {
      const scale = (LENGTH * size) / (2 * half);
      const one = (i, how) => paintEllipse(context, to([codes[2 * i], codes[2 * i + 1]]), ellipses[i], scale, how);
      context.globalAlpha = OTHERS;
      ellipses.forEach((_, i) => one(i, { colour: colours.classes[labels[i]], width: 1 }));
      context.globalAlpha = 1;
      one(mark, { colour: colours.you, width: 3 });
    };
  }
}

export default {
  create: (ctx) => new Maps(ctx, ctx.id),
};
