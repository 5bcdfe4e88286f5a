/** The pull of a denoising autoencoder of points, as a field beside the exact score; dropped points follow it. */

import { LARGE } from "../kit/image/pixels.js";
import { HALF, paintPlane } from "../kit/plane/field_paint.js";
import { createLegend } from "../kit/plane/legend.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { floats32 } from "../kit/plane/tensors.js";
import { button, h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { num } from "../kit/base/format.js";

const KEYS = [
  ["↗", "residual r(x) − x", ({ ink }) => ink],
  ["↗", "exact score", ({ quiet }) => quiet],
  ["○", "a dropped point", ({ you }) => you],
];

export class PullPlane extends Exhibit {
  add() {
    const { ctx } = this;
    const { commit } = ctx.store;
    this.plane = new PlaneCanvas({
      label: "The denoising residual r(x) − x as a field. Arrow keys move the cursor, Enter drops a point, " +
        "Backspace takes the last one away.",
      size: LARGE,
      paint: paintPlane,
      onMove: () => ctx.refresh("cursor"),
      onChoose: (point) => this.drop(point),
      onRemove: () => commit({ drops: ctx.store.get().drops.slice(0, -2) }),
    });
    this.plane.look([0, 0], HALF);
    this.legend = createLegend(ctx);
    return [this.plane.element, this.legend.element];
  }

  below() {
    this.clear = button("Clear", () => this.ctx.store.commit({ drops: [] }));
    const hint = h("span", { class: "quiet with-words" }, "Click or tap the plane to drop points.");
    return [h("div", { class: "row" }, this.clear, hint)];
  }

  drop(point) {
    const { store, fields, say } = this.ctx;
    const { drops } = store.get();
    const { most } = fields.drops;
    if (drops.length === 2 * most) return say(`At most ${most} points: clear them first.`);
    store.commit({ drops: [...drops, ...point] });
  }

  update(changed) {
    this.clear.disabled = !this.ctx.store.get().drops.length;
    super.update(changed);
  }

  /** Data of the painted plane, unpacked once; arrows point against those that are given. */
  get level() {
    const { value } = this;
    const { points, pull, score } = value.arrows;
    const arrowsOf = (text) => floats32(text).map((each) => -value.scale * each);
    return (value.level ??= {
      density: floats32(value.shades),
      arrows: { points: floats32(points), learned: arrowsOf(pull), exact: arrowsOf(score) },
    });
  }

  /** The numbers of the answer, and those of the arrow that is nearest to the cursor. */
  rows(value) {
    const arrow = ["residual ÷ σ², the arrow at the cursor", "the score there"];
    if (!value) return [...super.rows(value), ...arrow.map((name) => [name, "–", ""])];
    const { points, learned, exact } = this.level.arrows;
    const [x, y] = this.plane.cursor;
    const away = Array.from(
      { length: points.length / 2 },
      (_, i) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y),
    );
    const i = 2 * away.indexOf(Math.min(...away));
    const of = (values) => [0, 1].map((axis) => num(-values[i + axis] / value.scale, 1)).join(", ");
    return [...super.rows(value), [arrow[0], of(learned), ""], [arrow[1], of(exact), ""]];
  }

  draw(value) {
    super.draw(value);
    const { drops } = this.ctx.store.get();
    const frames = value.frames.map((ode) => ({ ode }));
    this.legend.show(KEYS);
    const walks = { frames, ways: frames.length > 1 ? ["ode"] : [], at: frames.length - 1 };
    this.plane.show({ level: this.level, ...walks, drops, colours: this.ctx.colours() }, this.words(value));
  }
}
