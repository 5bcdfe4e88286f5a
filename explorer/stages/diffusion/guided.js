/** Guidance by hand: charts on the line, and in the plane the points that guidance draws over the known densities. */

import { whenever } from "../kit/base/live.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats32 } from "../kit/plane/tensors.js";
import { drawnPlane, shadesOf } from "./drawn_points.js";

const SIDE = 400;
const KNOWN = [["▓", "p(x | y)", ({ classes }) => classes[0]], ["▓", "the other label", ({ ink }) => ink]];
const POINTS = [["●", "drawn points", ({ you }) => you], ...KNOWN];
const CURVES = [
  ["━", "flow, exact", ({ you }) => you],
  ["┅", "promise", ({ ink }) => ink],
  ["▁", "SDE, ≈ by points", ({ classes }) => classes[1]],
  ...KNOWN,
];

/** @param {import("../kit/panel/mode.js").Self} self */
function guided(self) {
  const { ctx } = self;
  const { shown, value, show } = exhibit(self);
  const plane = drawnPlane("The plane with the points that guidance draws.", SIDE);
  plane.element.classList.add("result");
  const legend = createLegend(ctx);
  whenever(() => {
    const isPlane = Boolean(shown.value?.points);
    plane.element.hidden = !isPlane;
    legend.show(isPlane ? POINTS : CURVES);
    if (!isPlane) return;
    const shades = (value.value.shades ??= value.value.plane.map(shadesOf));
    const points = floats32(shown.value.points);
    plane.show({ points, shades, colours: ctx.colours() }, shown.value.words);
  });
  return { ...show({ add: [plane.element, legend.element] }).mode, plane, subject: "known" }; // not the network of images
}

export default mode(guided);
