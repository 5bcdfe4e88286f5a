/** The hole: codes that nobody encoded are drawn and decoded, and a classifier counts what comes. */

import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { floats32 } from "../kit/plane/tensors.js";
import { h } from "../kit/shell/dom.js";
import { Exhibit } from "../kit/shell/exhibit.js";
import { captioned } from "../kit/shell/parts.js";
import {
  createKinds,
  createSets,
  familyOf,
  OF_TWO,
  openCodes,
  openDecoder,
  setOf,
  takeFamily,
  viewOf,
} from "./code_nets.js";
import { paintCodes, paintMap } from "./code_paint.js";

const SIZE = 400;
const CENTRE = 96;

class Hole extends Exhibit {
  add() {
    const { ctx } = this;
    this.plane = new PlaneCanvas({
      label: "Drawn codes over the faint codes of test images. Arrow keys move the cursor, Enter shows it on One map.",
      size: SIZE,
      paint: paintMap,
      onMove: () => this.showMap(),
      onChoose: (z) => ctx.store.commit({ z, mode: "map" }),
    });
    this.centre = captioned(imageCanvas("What [0, 0] decodes to", CENTRE), "decoded at (0, 0)");
    for (const each of [this.centre, ...this.strips.map(({ strip }) => strip.element)]) each.classList.add("result");
    return [h("div", { class: "hole-map" }, this.plane.element, this.centre)];
  }

  below() {
    this.sets = createSets(this.ctx);
    this.kinds = createKinds(this.ctx);
    return [h("div", { class: "row" }, this.sets, this.kinds)];
  }

  enter() {
    takeFamily(this.ctx, Object.keys(OF_TWO));
  }

  update(changed) {
    this.sets.set(setOf(this.ctx));
    this.kinds.set(familyOf(this.ctx));
    super.update(changed);
    if (["net", "mode"].some((key) => changed.has(key))) this.readMap(this.ctx.store.get().net);
  }

  async readMap(net) {
    const [found, decode] = await Promise.all([openCodes(this.ctx, net), openDecoder(this.ctx, net)]);
    if (this.ctx.store.get().net !== net || !found) return;
    this.found = found;
    if (decode) drawImage(this.centre.querySelector("canvas"), decode([0, 0]));
    this.showMap();
  }

  draw(value) {
    super.draw(value);
    this.showMap();
  }

  showMap() {
    const { found, value } = this;
    if (!found || !value) return;
    const drawn = (value.own.z ??= floats32(value.own.codes));
    const view = viewOf([found.codes, drawn]);
    const colours = this.ctx.colours();
    const above = (context, to) => paintCodes(context, drawn, value.own.classes, to, colours, { radius: 3.2 });
    this.plane.look(view.middle, view.half);
    this.plane.show({ found: { ...found, ...view }, faint: true, above, z: [0, 0], colours }, this.words(value));
    this.ctx.show("out", this.centre.querySelector("canvas"));
  }

  picture() {
    return this.value && this.plane.copy();
  }
}

export default {
  hint: "Draw codes at random, and count which classes come",
  create: (ctx) => new Hole(ctx, "hole"),
};
