/** Four ways to learn an energy: what each had come to at moments of one training, on one clock. */

import { createFilm } from "../kit/film/player.js";
import { Chart } from "../kit/chart/chart.js";
import { createControls } from "../kit/shell/controls.js";
import { fill, h, setText, tryAgain } from "../kit/shell/dom.js";
import { leadOf } from "../kit/shell/format.js";
import { Played } from "../kit/film/filmed.js";
import { createSeen, dim, fillPanel } from "../kit/shell/parts.js";
import { blank, contextOf } from "../kit/image/pixels.js";
import { createPoints } from "../kit/plane/points.js";
import { createTries } from "../kit/lesson/tries.js";
import { paintDots, paintShades, shadesOf } from "./paint.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { NO_PLANE, openNet } from "./facts.js";
import { knownOf, Surface } from "./surface.js";
import { WAYS } from "./words.js";

const GRID = { side: 64, half: 3.2 };
const CHART_HEIGHT = 236;
const BARS = 34;
const PER_SECOND = 4;
export const SIZE = 220; // of a plane in a picture to keep
export const DASHES = { cd: [2, 3], pcd: [], sm: [7, 4], dsm: [7, 3, 2, 3] };
const UNREADABLE = "This training cannot be read. What you see stays; try again in a moment.";
const COLOURS = { cd: 0, pcd: 3, sm: 9, dsm: 7 };

/** The colours of a theme, those of the ways by their names. */
export const coloursOf = (ctx) => {
  const colours = ctx.colours();
  return { ...colours, ...Object.fromEntries(Object.entries(COLOURS).map(([way, k]) => [way, colours.classes[k]])) };
};

/** A figure of each way: its plane, bars below it, which are named, and a caption. */
export const createPanels = (title, kind = "") =>
  Object.entries(WAYS).map(([way, { name }]) => {
    const canvas = h("canvas", { class: "way-plane", role: "img", "aria-label": name });
    const bars = h("canvas", { class: `way-bars ${kind}`, role: "img", "aria-label": `${title}, ${name}` });
    const [lead, rest] = [h("span"), h("span", { class: "with-words" })];
    const say = (words) => {
      const first = leadOf(words);
      setText(lead, first);
      setText(rest, words.slice(first.length));
    };
    const mark = h("span", { "aria-hidden": "true" }, "■ ");
    const element = h(
      "figure",
      { class: "way" },
      h("h2", {}, mark, name),
      canvas,
      bars,
      h("figcaption", { class: kind }, lead, rest),
    );
    return { way, canvas, bars, say, mark, element };
  });

/** All ways side by side, on a canvas to keep: `plane(context, way)` and, `height` pixels high, `bars(context, way)`. */
export function paintRow(canvas, height, colours, { plane, bars }) {
  const [gap, top] = [8, 24];
  const context = blank(canvas, 4 * SIZE + 3 * gap, SIZE + top + height, colours);
  Object.entries(WAYS).forEach(([way, { name }], i) => {
    context.save();
    context.translate(i * (SIZE + gap), 0);
    Object.assign(context, { fillStyle: colours.ink, font: "13px system-ui, sans-serif" });
    context.fillText(name, 2, 16, SIZE - 4);
    context.translate(0, top);
    context.beginPath();
    context.rect(0, 0, SIZE, SIZE + height);
    context.clip();
    plane(context, way);
    context.translate(0, SIZE);
    bars(context, way);
    context.restore();
  });
}

class Ways extends Played {
  constructor(ctx) {
    super();
    Object.assign(this, { ctx, kept: null, name: null, moments: [] });
    this.build();
  }

  build() {
    const { ctx } = this;
    this.panels = createPanels("Mass of each mode", "result");
    const chart = (label) =>
      new Chart({ colours: () => coloursOf(ctx) }, {
        label,
        height: CHART_HEIGHT,
        onMove: (epoch, { rest }) => this.film.go(this.nearest(epoch), { rest }),
      });
    this.charts = { kl: chart("KL divergence over the training"), off: chart("Mass in the wrong mode") };
    const charts = h("div", { class: "ways-charts result" }, Object.values(this.charts).map(({ element }) => element));
    this.screen = h("div", { class: "ways" }, this.panels.map(({ element }) => element), charts);
    this.film = createFilm({
      screen: this.screen,
      label: "Training",
      filename: "four-ways.gif",
      framesPerSecond: PER_SECOND,
      onStep: (at, { rest }) => ctx.store.set({ moment: at === this.history.length - 1 ? null : at }, { commit: rest }),
      tell: (moving) => this.tell(moving),
    });
    fill(ctx.main, this.film.host);
    new ResizeObserver(() => this.draw(this.film.index)).observe(this.screen);
    this.controls = createControls(ctx, ctx.value().panels.ways);
    this.points = createPoints(ctx, NO_PLANE);
    this.seen = createSeen();
    this.retry = h("p", { class: "row", hidden: true }, tryAgain(() => this.open()));
    const note =
      "The same network, data, order of the data and clock for all four. Dots: negative samples, of the two ways " +
      "that have some. Bars: the mass of each mode of the data by integration, on one axis for all four. The line is " +
      "what it should be.";
    fillPanel(
      ctx,
      this.points.element,
      this.controls.element,
      this.retry,
      this.seen.element,
      createTries(ctx),
      h("p", { class: "note with-words" }, note),
    );
  }

  enter() {
    super.enter();
    if (this.kept) this.readAll();
  }

  get history() {
    return this.kept?.facts.history ?? [];
  }

  get at() {
    const last = this.history.length - 1;
    return Math.min(this.ctx.store.get().moment ?? last, last);
  }

  nearest(epoch) {
    const gap = (i) => Math.abs(this.history[i].epoch - epoch);
    return this.history.reduce((best, _, i) => (gap(i) < gap(best) ? i : best), 0);
  }

  update(changed) {
    this.points.update();
    this.controls.update();
    if (changed.has("net") || changed.has("mode")) this.open();
    if (!this.history.length) return;
    if (changed.has("moment")) this.film.follow(this.ctx.store.get().moment, this.at);
    else this.draw(this.film.index);
    this.readAll();
  }

  /** Reads what is known of the network's points, then its moments. */
  async open() {
    const { name } = this.ctx.net();
    if (this.name === name) return;
    this.name = name;
    this.retry.hidden = true;
    const kept = await openNet(this.ctx, name);
    if (this.name !== name) return;
    if (!kept) return this.failed();
    Object.assign(this, { kept, moments: kept.shown ??= [], known: knownOf(kept.facts, GRID.side, GRID.half) });
    this.film.index = this.at;
    this.film.setSteps(this.steps());
    this.readAll();
  }

  failed() {
    this.name = null;
    this.retry.hidden = false;
    if (!this.ctx.net().error) this.ctx.say(UNREADABLE, "error");
  }

  /** One moment after another, the one that is looked at first. */
  async readAll() {
    if (this.reading) return;
    this.reading = true;
    try {
      for (;;) {
        const { kept, moments, history } = this;
        const missing = [this.at, ...history.keys()].find((index) => !moments[index]);
        if (!this.inside || missing === undefined) break;
        const moment = await momentOf(kept, missing, this.known);
        moments[missing] = moment;
        if (moments === this.moments && missing === this.film.index) this.ctx.refresh("read");
      }
    } catch (error) {
      console.warn(error.message);
      this.failed();
    } finally {
      this.reading = false;
    }
  }

  steps() {
    const { history } = this;
    return {
      length: history.length,
      ready: (at) => at >= history.length || Boolean(this.moments[at]),
      prepare: async () => {
        while (this.inside && history.some((_, k) => !this.moments[k])) {
          await new Promise((done) => setTimeout(done, 50));
        }
        return history.every((_, k) => this.moments[k]);
      },
      show: (at) => this.draw(at),
      draw: (canvas, at) => this.paint(canvas, at),
      place: (at) => `${at + 1}/${history.length}`,
      caption: (at) => history[at].caption,
    };
  }

  draw(at) {
    const { history, moments } = this;
    if (!history.length) return;
    const colours = coloursOf(this.ctx);
    for (const { way, canvas, bars, say, mark } of this.panels) {
      const side = Math.round(canvas.parentElement.clientWidth);
      mark.style.color = colours[way];
      dim(canvas, !moments[at]);
      say(history[at].ways[way]);
      if (!side) continue;
      Object.assign(canvas.style, { width: `${side}px`, height: `${side}px` });
      Object.assign(bars.style, { width: `${side}px`, height: `${BARS}px` });
      if (moments[at]) this.paintWay(contextOf(canvas, side), side, moments[at], way, colours);
      if (way === this.panels[0].way) this.ctx.show("land", moments[at] ? canvas : null);
      paintBars(contextOf(bars, side, BARS), side, history[at].shares[way], this.scaleAt(at), colours);
    }
    this.drawCharts(at);
  }

  paintWay(context, size, { surfaces, negatives }, way, colours) {
    const shades = shadesOf(surfaces[way], this.ctx.store.get().shows);
    paintShades(context, { shades, half: GRID.half, shown: HALF, size, colours });
    if (negatives[way]) paintDots(context, negatives[way], size, colours.you);
  }

  drawCharts(at) {
    const { history } = this;
    const end = history.at(-1).epoch;
    const show = (chart, ys, ticks, name, value) =>
      chart.show({
        xs: [0, end],
        ys,
        ticks: { x: [0, end], y: ticks },
        name,
        lines: Object.keys(WAYS).map((way) => ({
          points: history.map((moment) => [moment.epoch, value(moment, way)]),
          colour: way,
          dash: DASHES[way],
        })),
        cursor: history[at].epoch,
        words: history[at].words,
      });
    const decades = (moment, way) => Math.max(-3, Math.log10(Math.max(1e-9, moment.kl[way])));
    show(this.charts.kl, [-3, 1], [-3, -2, -1, 0, 1], "log₁₀ of KL(p ‖ exp(−E)/Z), by epoch", decades);
    const off = (moment, way) => moment.off[way];
    show(this.charts.off, [0, 0.8], [0, 0.2, 0.4, 0.6, 0.8], "share of the mass in the wrong mode", off);
  }

  /** The mass that each mode should have, and the top of the one axis that the bars of all objectives share. */
  scaleAt(at) {
    return { wanted: this.kept.facts.wanted, top: this.history[at].top };
  }

  tell(moving) {
    if (!this.history.length) return this.seen("");
    const at = this.film.index;
    const { words } = this.history[at];
    this.seen(words, moving);
    if (!moving) this.ctx.describe(words);
  }

  paint(canvas, at) {
    const colours = coloursOf(this.ctx);
    const moment = this.history[at];
    paintRow(canvas, BARS, colours, {
      plane: (context, way) => this.paintWay(context, SIZE, this.moments[at], way, colours),
      bars: (context, way) => paintBars(context, SIZE, moment.shares[way], this.scaleAt(at), colours),
    });
  }

  hasResult(what) {
    return Boolean(what === "table" ? this.history.length : this.moments[this.film.index]);
  }

  picture() {
    if (!this.hasResult("picture")) return null;
    const canvas = h("canvas");
    this.paint(canvas, this.film.index);
    return canvas;
  }

  table() {
    if (!this.history.length) return null;
    const rows = this.history.flatMap(({ epoch, step, kl, outside, shares }) =>
      Object.keys(WAYS).map((way) => [epoch, step, way, kl[way], outside[way], ...shares[way]])
    );
    const pieces = this.kept.facts.pieces.map((_, k) => `mass of piece ${k + 1}`);
    return {
      name: `${this.name}-training`,
      rows: [["epoch", "step", "way", "KL", "mass outside", ...pieces], ...rows],
    };
  }
}

/** The energies of all ways at a moment, each over its square. */
async function momentOf(kept, index, known) {
  const { nets, negatives } = await kept.energies(index);
  const surfaces = {};
  for (const [way, net] of Object.entries(nets)) {
    surfaces[way] = await new Surface({ net, known, pieces: kept.pieces, ...GRID }).work();
  }
  return { surfaces, negatives };
}

/** The mass of each mode as a bar, and a line where it should end. */
function paintBars(context, width, shares, { wanted, top }, colours) {
  const wide = width / shares.length;
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, BARS);
  shares.forEach((share, i) => {
    const height = (share / top) * (BARS - 4);
    context.fillStyle = colours.quiet;
    context.fillRect(i * wide + 2, BARS - height, wide - 4, height);
    context.fillStyle = colours.you;
    context.fillRect(i * wide + 1, BARS - (wanted[i] / top) * (BARS - 4) - 1, wide - 2, 2);
  });
}

export default {
  hint: "One network, four objectives",
  create: (ctx) => new Ways(ctx),
};
