/** One coupling: two numbers, two curves to bend, the plane before and after, its Jacobian, and the way back. */

import { ByHand } from "../kit/panel/by_hand.js";
import { button, fill, h, setText } from "../kit/base/dom.js";
import { num, pair, plus } from "../kit/base/format.js";
import { headline } from "../kit/panel/more.js";
import { numberTable, onDemand } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { dataOf, pointOf } from "./choices.js";
import { CurvePad } from "./curve_pad.js";
import { placesOf } from "./hermite.js";
import { areaOf, HandCoupling, REACH, squareAround } from "./one_coupling.js";
import { Plane } from "./plane.js";
import { paintGround, toScreen } from "../kit/plane/screen.js";
import { gridPoints, HALF, paintDots, paintGrid } from "./plane_paint.js";

const SIZE = 344;
const PAD = 150;
const SIDE = 0.5; // of the square whose area is followed
const GRID = gridPoints();
const CURVES = [["s", "s(x₁): x₂ is scaled by eˢ"], ["t", "t(x₁): x₂ is shifted by t"]];

class OneCoupling extends ByHand {
  constructor(ctx) {
    super(ctx, "coupling");
    Object.assign(this, { hovered: null, held: false });
    this.build();
  }

  build() {
    const { ctx } = this;
    const plane = (label, from) =>
      new Plane({
        label,
        size: SIZE,
        paintStill,
        paint,
        onMove: (point, { rest }) => this.move(from(point), rest),
        onHover: (point) => this.hover(point && from(point)),
      });
    this.before = plane("The plane before the coupling.", (point) => point);
    this.after = plane(
      "The plane after the coupling.",
      (point) => (ctx.store.get().undone ? point : [...this.hand.inverseAll(point)]),
    );
    this.titles = [h("figcaption"), h("figcaption")];
    this.pads = CURVES.map(([key, name]) =>
      new CurvePad({
        label: `The curve ${name}`,
        xs: placesOf(ctx.fields[key].bounds.length, REACH),
        reach: ctx.fields[key].bounds[0][1],
        height: PAD,
        onChange: (values, { rest }) => this.curve(key, values, rest),
      })
    );
    const figure = (item, title) => h("figure", {}, item.element, title);
    this.undo = button("Undo it", () => ctx.store.commit({ undone: !ctx.store.get().undone }), { kind: "primary" });
    this.formula = h("p", { class: "number flow-formula" });
    this.matrix = h("div", { class: "flow-matrix" });
    this.figures = headline(figuresOf(this.declared, {}), 0, this.formula, this.matrix);
    this.trained = h("div", {});
    const figures = [figure(this.before, this.titles[0]), figure(this.after, this.titles[1])];
    this.open(h("div", { class: "pair-grid" }, figures, this.pads.map(({ element }) => element)), {
      below: [this.undo, this.figures],
      last: [this.trained],
    });
  }

  curve(key, values, rest) {
    this.held = !rest;
    this.ctx.store.set({ [key]: values }, { commit: rest });
    this.ctx.refresh(key);
  }

  move(point, rest) {
    Object.assign(this, { hovered: null, held: !rest });
    const bounded = point.map((value) => Number(Math.max(-HALF, Math.min(HALF, value)).toFixed(4)));
    this.ctx.store.set({ x: bounded }, { commit: rest });
    this.ctx.refresh("x");
  }

  hover(point) {
    if (!point && !this.hovered) return;
    this.hovered = point;
    this.ctx.refresh("hovered");
  }

  leave() {
    super.leave();
    this.hovered = null;
  }

  update(changed) {
    this.controls.update();
    setText(this.undo, this.ctx.store.get().undone ? "Do it again" : "Undo it");
    this.bend(changed);
    this.show();
  }

  /** Sends grid and points through the coupling where it, or they, changed. */
  bend(changed) {
    const { s, t, mask, nice } = this.ctx.store.get();
    if (this.hand && !["s", "t", "mask", "nice", "net", "mode"].some((key) => changed.has(key))) return;
    this.hand = new HandCoupling({ s, t, mask, nice });
    this.bent = (this.bent ?? 0) + 1;
    this.x = { grid: GRID, points: Float64Array.from(dataOf(this.ctx)) };
    this.y = { grid: this.hand.forwardAll(GRID), points: this.hand.forwardAll(this.x.points) };
    this.again = null;
  }

  /** Grid and points after the coupling is undone, and the largest error of a point's coordinate. */
  undone() {
    this.again ??= { grid: this.hand.inverseAll(this.y.grid), points: this.hand.inverseAll(this.y.points) };
    const error = this.x.points.reduce((most, value, i) => Math.max(most, Math.abs(value - this.again.points[i])), 0);
    return { ...this.again, error };
  }

  show() {
    const { ctx, hand } = this;
    const { undone } = ctx.store.get();
    const colours = ctx.colours();
    const x = this.hovered ?? pointOf(ctx);
    const found = hand.forward(x);
    const square = squareAround(x, SIDE);
    const bent = hand.forwardAll(square);
    const back = hand.inverseAll(found.y);
    const areas = [square, bent].map(areaOf);
    const { mask, nice } = ctx.store.get();
    const again = undone ? this.undone() : null;
    const report = reportOf({ ...found, x, error: again?.error, nice }, areas);
    const names = [nice ? "shifted" : "scaled", mask, "area", undone && "undone"];
    const words = sentences(this.declared, report, ...names);
    const still = `${ctx.store.get().net} ${ctx.theme()}`;
    this.before.show({ ...this.x, square, at: x, words: "", still, colours });
    this.after.show({
      ...(again ?? this.y),
      square: undone ? hand.inverseAll(bent) : bent,
      at: undone ? back : found.y,
      words: undone ? "It is undone." : "",
      still: `${still} ${this.bent} ${undone}`,
      colours,
    });
    ctx.show("x", this.before.canvas);
    ctx.show("z", this.after.canvas);
    setText(this.titles[0], `before: x = ${pair(x)}`);
    setText(this.titles[1], undone ? `undone: ${pair(back)}` : `after: y = ${pair(found.y)}`);
    this.showPads(colours, x);
    setText(this.formula, mask === "one" ? sentences(this.declared, report, "formula") : "");
    this.showMatrix(found);
    this.figures.set(figuresOf(this.declared, report));
    if (!this.held && !this.hovered) this.seen(words);
    this.showTrained();
    ctx.describe(words);
  }

  showPads(colours, x) {
    const state = this.ctx.store.get();
    CURVES.forEach(([key, name], i) => {
      const curve = this.hand[key];
      const fixed = key === "s" && state.nice;
      this.pads[i].show({
        values: state[key],
        curve: (at) => curve.at(at)[0],
        name: fixed ? "s = 0: every area stays" : name,
        fixed,
        words: `At x₁ = ${num(x[0])} it is ${num(curve.at(x[0])[0])}.`,
        colours,
      });
    });
  }

  showMatrix({ jacobian }) {
    const rows = jacobian.map((row, i) => [`y${"₁₂"[i]}`, ...row.map((value) => num(value, 3))]);
    const table = numberTable("The Jacobian", ["J", "∂x₁", "∂x₂"], rows);
    fill(this.matrix, table);
  }

  showTrained() {
    const { trained } = this.ctx.net();
    if (this.latest === trained) return;
    this.latest = trained;
    const { title, head, rows, words } = trained ?? {};
    const table = trained && numberTable("log |det J| of trained flows", head, rows);
    fill(this.trained, trained && onDemand(title, table, h("p", { class: "note" }, words)));
  }

  get ready() {
    return Boolean(this.hand);
  }

  table() {
    const rows = Array.from({ length: this.x.points.length / 2 }, (_, i) => {
      const two = (points) => [points[2 * i], points[2 * i + 1]];
      return [...two(this.x.points), ...two(this.y.points), this.hand.forward(two(this.x.points)).logDet];
    });
    return { name: "coupling", rows: [["x1", "x2", "y1", "y2", "log |det J|, nats"], ...rows] };
  }
}

/** Numbers of the coupling at a point, and of a square around it with these areas. */
function reportOf({ steps: [first], logDet, ...found }, [before, after]) {
  const [scale, shift] = [found.nice ? "" : `e^${num(first.s)} · `, plus(first.t)];
  const areas = { before, after, times: after / before };
  return { ...found, ...areas, first, scale, shift, factor: Math.exp(first.s), logDet, det: Math.exp(logDet) };
}

function paintStill(context, { grid, points, colours }, size) {
  paintGround(context, size, colours);
  paintGrid(context, grid, size, colours);
  paintDots(context, points, size, colours.ink);
}

function paint(context, { square, at, colours }, size) {
  const place = toScreen(size, HALF);
  Object.assign(context, { fillStyle: colours.you, strokeStyle: colours.you, lineWidth: 2 });
  context.beginPath();
  for (let i = 0; i < square.length; i += 2) context.lineTo(...place(square[i], square[i + 1]));
  context.closePath();
  context.globalAlpha = 0.25;
  context.fill();
  context.globalAlpha = 1;
  context.stroke();
  context.beginPath();
  context.arc(...place(...at), 4.5, 0, 2 * Math.PI);
  context.fill();
}

export default {
  create: (ctx) => new OneCoupling(ctx),
};
