/** Copies: from one noise, what the exact score of the training points draws, what a network, and what the true score. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats32 } from "../kit/plane/tensors.js";
import { drawnPlane, shadesOf } from "./drawn_points.js";

const SIDE = 300;
const NAMES = { exact: "exact score of N points", network: "network", true: "true score" };
const KEYS = [
  ["●", "drawn points", ({ you }) => you],
  ["○", "training points", ({ ink }) => ink],
  ["▓", "true density", ({ classes }) => classes[0]],
];

/** @param {import("../kit/panel/mode.js").Self} self */
function copies(self) {
  const { ctx } = self;
  const { shown, value, show } = exhibit(self);
  const planes = Object.keys(NAMES).map((name) => ({
    name,
    plane: drawnPlane(`Points drawn by the ${NAMES[name]}.`, SIDE),
  }));
  const legend = createLegend(ctx);
  whenever(() => {
    if (!shown.value) return;
    legend.show(KEYS);
    const shades = (value.value.shades ??= [shadesOf(value.value.mixture)]);
    for (const { name, plane } of planes) {
      const [points, rings] = [floats32(shown.value[name]), floats32(shown.value.data)];
      plane.show({ points, rings, shades, colours: ctx.colours() }, shown.value.words);
    }
  });
  const figures = planes.map(({ name, plane }) => h("figure", {}, plane.element, h("figcaption", {}, NAMES[name])));
  const row = h("div", { class: "three-planes result" }, figures);
  return { ...show({ add: [row, legend.element] }).mode, planes, subject: "toy" };
}

export default mode(copies);
