/** The pull of a denoising autoencoder of points, as a field beside the exact score; dropped points follow it. */

import { button, fill, h } from "../kit/shell/dom.js";
import { LARGE } from "../kit/image/pixels.js";
import { headline, moreControls } from "../kit/shell/more.js";
import { num, percent } from "../kit/shell/format.js";
import { createSeen, keySegments } from "../kit/shell/parts.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { createPoints, named } from "../kit/plane/points.js";
import { keySlider } from "../kit/shell/slider.js";
import { createTries } from "../kit/lesson/tries.js";
import { HALF, paintPlane } from "../kit/plane/field_paint.js";
import { readPulls } from "./pull_field.js";
import { fieldWords, returnWords } from "./pull_words.js";

const SIZE = 440;
const UNREADABLE = "The networks of these points cannot be read. What you see stays; try again in a moment.";
const WHICH = [["noised", "of the noised data"], ["clean", "of the data"]];
const read = new Map();

export class PullPlane {
  constructor(ctx) {
    Object.assign(this, { ctx, fields: null, nets: [] });
    this.nets = Object.keys(ctx.value().nets).filter((net) =>
      net.startsWith("denoising") && ctx.value().nets[net].points
    );
    this.build();
  }

  build() {
    const { ctx } = this;
    this.plane = new PlaneCanvas({
      label:
        "The denoising residual r(x) − x as a field. Arrow keys move the cursor, Enter drops a point, Backspace takes the last one away.",
      size: SIZE,
      most: LARGE,
      paint: paintPlane,
      onMove: () => ctx.refresh("cursor"),
      onChoose: (point) => this.drop(point),
      onRemove: () => ctx.store.commit({ drops: ctx.store.get().drops.slice(0, -2) }),
    });
    this.plane.look([0, 0], HALF);
    this.numbers = headline(this.rows(null), 3);
    const legend = h(
      "ul",
      { class: "pull-keys quiet" },
      h("li", {}, "thin: residual r(x) − x"),
      h("li", {}, "thick: the exact score"),
      h("li", {}, "coloured: a dropped point"),
    );
    fill(
      ctx.main,
      h("div", { class: "beside" }, this.plane.element, h("div", { class: "beside-side" }, this.numbers, legend)),
    );
    this.points = createPoints(ctx, "This mode is about points; the two moons are shown.");
    const { sigmas } = Object.values(ctx.value().nets).find((net) => net.sigmas) ?? { sigmas: [] };
    this.sigma = keySlider(ctx, "sigma", "Noise σ", {
      step: 1,
      words: (index) => String(sigmas[index] ?? "–"),
      label: "The width of the noise that the network was trained on",
      live: true,
    });
    this.exact = keySegments(ctx, "exact", "Score", WHICH);
    this.clear = button("Clear", () => ctx.store.commit({ drops: [] }));
    this.seen = createSeen();
    fill(
      ctx.panel,
      this.points.element,
      this.sigma.element,
      moreControls(named("Exact score", this.exact)),
      h(
        "div",
        { class: "row" },
        this.clear,
        h("span", { class: "quiet with-words" }, "Click or tap the plane to drop points."),
      ),
      this.seen.element,
      createTries(ctx, ctx.value().tries.pull),
    );
  }

  drop(point) {
    const { drops } = this.ctx.store.get();
    const { most } = this.ctx.fields.drops;
    if (drops.length === 2 * most) return this.ctx.say(`At most ${most} points: clear them first.`);
    this.ctx.store.commit({ drops: [...drops, ...point] });
  }

  update(changed) {
    const { net, sigma, exact, drops } = this.ctx.store.get();
    this.points.update();
    this.sigma.set(sigma);
    this.exact.set(exact);
    this.clear.disabled = !drops.length;
    if (changed.has("net") || changed.has("mode")) this.open(net);
    this.show(changed.has("cursor"));
  }

  async open(net) {
    const facts = this.ctx.value().nets[net];
    try {
      if (facts.error) throw new Error(facts.error);
      if (!read.has(net)) read.set(net, readPulls(`${this.ctx.base}${facts.weights}`, facts));
      const fields = await read.get(net);
      if (this.ctx.store.get().net !== net) return;
      this.fields = fields;
      this.ctx.refresh("field");
    } catch (error) {
      read.delete(net);
      console.warn(net, error.message);
      this.ctx.say(facts.error ?? UNREADABLE, "error");
    }
  }

  /** The field of the width in use; null before it is read. */
  get field() {
    return this.fields?.[this.ctx.store.get().sigma] ?? null;
  }

  show(moving) {
    const { ctx, field } = this;
    const { exact, drops } = ctx.store.get();
    this.numbers.set(this.rows(field));
    if (!field) return;
    this.frames = field.walk(drops);
    const said = [fieldWords(field, exact), drops.length ? returnWords(field, this.frames) : ""].filter(Boolean).join(
      " ",
    );
    const scene = {
      level: field.level(exact),
      frames: drops.length ? this.frames : [],
      ways: drops.length ? ["ode"] : [],
    };
    this.plane.show({ ...scene, at: this.frames.length - 1, drops, colours: ctx.colours() }, said);
    this.seen(said, moving);
    if (!moving) ctx.describe(said);
  }

  rows(field) {
    const [x, y] = this.plane?.cursor ?? [0, 0];
    const at = Float32Array.of(x, y);
    const of = (values) => (field ? `${num(values[0], 1)}, ${num(values[1], 1)}` : "–");
    const off = (which) => (field ? percent(field.off(which), 1) : "–");
    return [
      ["residual ÷ σ² at the cursor", of(field?.pull(at))],
      ["score of the noised data there", of(field?.score(at, "noised"))],
      ["score of the data there", of(field?.score(at, "clean"))],
      ["error against the score of the noised data", off("noised")],
      ["error against the score of the data", off("clean")],
    ];
  }

  hasResult(what) {
    return Boolean(what === "table" ? this.field : this.field && this.plane.scene);
  }

  picture() {
    return this.field && this.plane.scene ? this.plane.copy() : null;
  }

  table() {
    const { field } = this;
    if (!field) return null;
    const { exact, net, sigma } = this.ctx.store.get();
    const { points, learned, exact: known } = field.level(exact).arrows;
    const back = (values, i) => [-values[2 * i] / field.total, -values[2 * i + 1] / field.total];
    const rows = Array.from(
      { length: points.length / 2 },
      (_, i) => [points[2 * i], points[2 * i + 1], ...back(learned, i), ...back(known, i)],
    );
    return {
      name: `${net}-pull-${sigma}`,
      rows: [["x", "y", "residual x", "residual y", "score x", "score y"], ...rows],
    };
  }
}
