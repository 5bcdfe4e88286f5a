/** Maps of codes: where codes were drawn, or how far each code goes where its image moves a little. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { LARGE } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { floats32 } from "../kit/plane/tensors.js";
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

/** @param {import("../kit/panel/mode.js").Self} self */
function maps(self) {
  const { id, ctx, state } = self;
  const { value, shown, show } = exhibit(self);
  const label = id === "hole"
    ? `Drawn codes over the faint codes of test images. ${ARROWS} shows it on One map.`
    : `The codes of an autoencoder. ${ARROWS} marks the nearest image.`;
  const legend = createLegend(ctx);
  whenever(() => value.value && legend.show(KEYS[id]));
  const planes = TITLES[id].map((title, k) => {
    const onChoose = (z) => value.value && choose(ctx.store, mapsIn(value.value)[k], z);
    const plane = new PlaneCanvas({ label, size: LARGE, paint: paintMap, onMove: () => plane.draw(), onChoose });
    let marked = "";
    whenever(() => {
      if (!shown.value) return;
      const [found, colours, { classes, name }] = [mapsIn(value.value)[k], ctx.colours(), ctx.net()];
      const { ellipses, codes } = found;
      const { mark } = state;
      plane.look(found.middle, found.half);
      if (marked !== (marked = `${mark} ${name}`) && ellipses) {
        plane.cursor = [...codes.subarray(2 * mark, 2 * mark + 2)];
      }
      const scene = {
        found,
        classes,
        faint: true,
        above: above(found, mark, colours),
        z: ellipses ? null : [0, 0],
        colours,
      };
      plane.show(scene, shown.value.words);
    });
    return h("div", { class: id === "hole" ? "result" : null }, title && h("h2", {}, title), plane.element);
  });
  return show({ add: [h("div", { class: "maps" }, planes, legend.element)] }).mode;
}

/** The maps of an answer, unpacked once. */
function mapsIn(answer) {
  const read = (map) => ({ ...map, codes: floats32(map.codes), drawn: map.drawn && floats32(map.drawn) });
  return (answer.read ??= answer.maps.map(read));
}

/**
 * Marks the image whose code is nearest to a place, if there are ellipses; else shows the place on One map.
 * @param {Store} store @param {{ellipses: unknown[] | null, codes: Floats}} map @param {Point} z
 */
function choose(store, { ellipses, codes }, [x, y]) {
  if (!ellipses) return store.commit({ z: [x, y], mode: "map" });
  const far = ellipses.map((_, i) => Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y));
  store.commit({ mark: far.indexOf(Math.min(...far)) });
}

/** Paints the drawn codes, or the ellipse of every image that has one, and the marked one over them. */
function above({ drawn, classes, ellipses, codes, labels, half }, mark, colours) {
  if (drawn) return (context, to) => paintCodes(context, drawn, classes, to, colours, { radius: DRAWN });
  return (context, to, size) => {
    const scale = (LENGTH * size) / (2 * half);
    const one = (i, how) => paintEllipse(context, to([codes[2 * i], codes[2 * i + 1]]), ellipses[i], scale, how);
    context.globalAlpha = OTHERS;
    ellipses.forEach((_, i) => one(i, { colour: colours.classes[labels[i]], width: 1 }));
    context.globalAlpha = 1;
    one(mark, { colour: colours.you, width: 3 });
  };
}

export default mode(maps);
