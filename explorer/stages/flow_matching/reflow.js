/** Reflow: the same noise, taken to data in few Euler steps by the fields of four couplings. */

import { figures, h, setName } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { floats16 } from "../kit/plane/tensors.js";
import { couplingsOf, dataOf } from "./nets.js";
import { paintGround, toScreen } from "../kit/plane/screen.js";
import { paintDots, paintPaths } from "./paint.js";
import { stateAt, statesOf } from "./travel.js";
import { Travelling } from "./travelling.js";

const TRACED = 30; // points whose way is drawn
const SIDE = 252;
const wayOf = ({ classes }) => classes[3];
const ORDER = ["independent", "reflow-1", "reflow-2", "ot"];

class Reflow extends Travelling {
  timeKey = "along";
  placed = "along"; // a preset stays chosen while it plays
  rounds = null;

  constructor(ctx) {
    super(ctx, "reflow");
    this.titles = Object.fromEntries(couplingsOf(ctx));
    this.build();
  }

  build() {
    this.views = ORDER.map((name) => {
      const canvas = h("canvas", { role: "img", "aria-label": this.titles[name] });
      const numbers = figures(figuresOf(this.declared, {}));
      const element = h("figure", { class: "round" }, canvas, h("figcaption", {}, this.titles[name]), numbers);
      return { name, canvas, numbers, element };
    });
    this.noise = h("canvas");
    const screen = h("div", { class: "rounds" }, this.views.map(({ element }) => element));
    onSize(screen, () => this.rounds && this.ctx.net().points && this.paint());
    const host = this.roll({ screen, label: "Noise on its way, four couplings side by side", filename: "reflow.gif" });
    const legend = createLegend(this.ctx);
    legend.show([
      ["●", "points", ({ ink }) => ink],
      ["●", "test data", ({ line }) => line],
      ["━", `${TRACED} paths`, wayOf],
    ]);
    this.figures = headline(this.leads, 0);
    this.open(host, { below: [this.figures, legend.element] });
  }

  /** The best of the couplings for a number of steps; dashes for a network without measurements. */
  get leads() {
    const { few } = this.ctx.store.get();
    return this.ctx.net().reflow?.[few]?.numbers ?? figuresOf(this.declared, {}).map(([name]) => [name, "–", ""]);
  }

  update() {
    this.controls.update();
    this.figures.set(this.leads);
    this.travel();
    if (this.rounds) this.show();
  }

  /** The same noise, taken by the field of each coupling, and what was measured of its ends. */
  travelled(answer) {
    const { few } = this.answer.asked;
    const { figures } = this.ctx.net();
    this.rounds = Object.fromEntries(ORDER.map((name) => {
      const { straightness, ends } = figures?.[name] ?? {};
      const ways = floats16(answer[name]);
      return [name, { states: statesOf(ways, ways.length / (few + 1)), straightness, ...ends?.[few] }];
    }));
  }

  captionOf(t) {
    const { few } = this.ctx.store.get();
    return sentences(this.declared, { t, few }, few === 1 ? "one" : "caption");
  }

  show() {
    this.paint();
    const { time: t } = this;
    for (const { name, numbers, canvas } of this.views) {
      numbers.set(figuresOf(this.declared, this.rounds[name]));
      setName(canvas, this.titles[name], sentences(this.declared, { t, ...this.rounds[name] }, "plane"));
    }
    this.ctx.describe(this.captionOf(t));
    this.follow();
  }

  paint() {
    const { time: t } = this;
    for (const { name, canvas } of this.views) {
      const side = canvas.clientWidth;
      if (!side) continue;
      this.paintRound(contextOf(canvas, side), name, t, side);
    }
    this.paintRound(contextOf(this.noise, SIDE), ORDER[0], 0, SIDE);
    this.ctx.show("noise", this.noise);
    this.ctx.show("out", this.views[0].canvas);
  }

  paintRound(context, name, t, side) {
    const colours = this.ctx.colours();
    const place = toScreen(side, HALF);
    const { states } = this.rounds[name];
    paintGround(context, side, colours);
    paintDots(context, dataOf(this.ctx), place, { colour: colours.line, radius: 2 });
    const now = stateAt(states, t);
    const traced = [...states.slice(0, 1 + Math.floor(t * (states.length - 1))), now].map((x) =>
      x.subarray(0, 2 * TRACED)
    );
    paintPaths(context, traced, traced.length, place, { colour: wayOf(colours), width: 1, opacity: 0.6 });
    paintDots(context, now, place, { colour: colours.ink, radius: 1.4 });
  }

  tell(moving) {
    const { few } = this.ctx.store.get();
    const ends = this.ctx.net().reflow?.[few]?.words ?? "";
    if (this.rounds) this.seen(`${ends} ${sentences(this.declared, {}, this.time < 1 && "ends")}`.trim(), moving);
  }

  get ready() {
    return Boolean(this.rounds);
  }

  /** Measured distance of the ends of each coupling from the data. */
  table() {
    if (!this.rounds) return null;
    const { net, few } = this.ctx.store.get();
    const rows = ORDER.map((name) => {
      const { distance, distance_se: se, off } = this.rounds[name];
      return [name, few, distance, se, off];
    });
    return {
      name: `${net}-reflow-${few}`,
      rows: [["coupling", "Euler steps", "squared energy distance", "standard error", "share off"], ...rows],
    };
  }
}

export default {
  hint: "How few steps suffice?",
  create: (ctx) => new Reflow(ctx),
};
