/** The pull of a denoising autoencoder of points, as a field beside the exact score; dropped points follow it. */

import { button, h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { signal } from "../kit/base/vendor/signals-core.js";
import { LARGE } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { HALF, paintPlane } from "../kit/plane/field_paint.js";
import { createLegend } from "../kit/plane/legend.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { floats32 } from "../kit/plane/tensors.js";

const KEYS = [
  ["↗", "residual r(x) − x", ({ ink }) => ink],
  ["↗", "exact score", ({ quiet }) => quiet],
  ["○", "a dropped point", ({ you }) => you],
];

/** @param {import("../kit/panel/mode.js").Self} self */
export function pullPlane(self) {
  const { ctx, state } = self;
  const { store, fields, say } = ctx;
  const cursor = signal(/** @type {Point} */ ([0, 0]));
  const { value, shown, show } = exhibit(self, {
    rows: (rows, answer) => [...rows, ...arrowRows(answer && levelIn(value.value), answer?.scale, cursor.value)],
  });

  function drop(point) {
    const { most } = fields.drops;
    if (state.drops.length === 2 * most) return say(`At most ${most} points: clear them first.`);
    store.commit({ drops: [...state.drops, ...point] });
  }
  const plane = new PlaneCanvas({
    label: "The denoising residual r(x) − x as a field. Arrow keys move the cursor, Enter drops a point, " +
      "Backspace takes the last one away.",
    size: LARGE,
    paint: paintPlane,
    onMove: (point) => (cursor.value = point),
    onChoose: drop,
    onRemove: () => store.commit({ drops: state.drops.slice(0, -2) }),
  });
  plane.look([0, 0], HALF);
  const legend = createLegend(ctx);
  whenever(() => {
    if (!shown.value) return;
    void cursor.value; // it is drawn, too
    const frames = value.value.frames.map((ode) => ({ ode }));
    const walks = { frames, ways: frames.length > 1 ? ["ode"] : [], at: frames.length - 1 };
    legend.show(KEYS);
    const scene = { level: levelIn(value.value), ...walks, drops: state.drops, colours: ctx.colours() };
    plane.show(scene, shown.value.words);
  });
  const clear = button("Clear", () => store.commit({ drops: [] }));
  whenever(() => (clear.disabled = !state.drops.length));
  const hint = h("span", { class: "quiet with-words" }, "Click or tap the plane to drop points.");
  return show({ add: [plane.element, legend.element], below: [h("div", { class: "row" }, clear, hint)] }).mode;
}

/** Data of the painted plane, unpacked once; arrows point against those that are given. */
function levelIn(answer) {
  const { points, pull, score } = answer.arrows;
  const arrowsOf = (text) => floats32(text).map((each) => -answer.scale * each);
  return (answer.level ??= {
    density: floats32(answer.shades),
    arrows: { points: floats32(points), learned: arrowsOf(pull), exact: arrowsOf(score) },
  });
}

/**
 * Numbers of the arrow that is nearest to the cursor.
 * @param {any} level @param {number} scale @param {Point} cursor @returns {FigureRow[]}
 */
function arrowRows(level, scale, [x, y]) {
  const names = ["residual ÷ σ², the arrow at the cursor", "the score there"];
  if (!level) return names.map((name) => [name, "–", ""]);
  const { points, learned, exact } = level.arrows;
  const away = Array.from(
    { length: points.length / 2 },
    (_, i) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y),
  );
  const i = 2 * away.indexOf(Math.min(...away));
  const of = (values) => [0, 1].map((axis) => num(-values[i + axis] / scale, 1)).join(", ");
  return names.map((name, k) => [name, of([learned, exact][k]), ""]);
}
