/** Four ways to learn an energy, trained on the server before the visitor's eyes, by what they chose. */

import { GameFilm, OfGameFilm } from "../kit/film/game_film.js";
import { Chart } from "../kit/chart/chart.js";
import { createControls } from "../kit/shell/controls.js";
import { fill, h } from "../kit/shell/dom.js";
import { createSeen, fillPanel } from "../kit/shell/parts.js";
import { contextOf } from "../kit/image/pixels.js";
import { createPoints } from "../kit/plane/points.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { num } from "../kit/shell/format.js";
import { paintShades, shadesOf } from "./paint.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { toScreen } from "../kit/plane/screen.js";
import { NO_PLANE } from "./facts.js";
import { coloursOf, createPanels, DASHES, paintRow, SIZE } from "./ways.js";
import { WAYS } from "./words.js";

const NAMES = Object.keys(WAYS);
const REACH = (4 * 64) / 96; // of the cells that a frame tells, those in the middle of a square that reaches out to 4
const DEEP = 14; // nats, of a byte of 255
const CHART_HEIGHT = 200;
const [BARS, BAR] = [42, 10];

const known = new WeakMap();

/** What a frame holds of each way: its energies, and where its arrows begin and end. */
function readFrame(frame) {
  if (!known.has(frame)) {
    const bytes = fromBase64(frame.surfaces);
    const parts = (array, way) => array.slice((way * array.length) / 4, ((way + 1) * array.length) / 4);
    known.set(
      frame,
      NAMES.map((_, way) => ({
        surface: { energy: Float32Array.from(parts(bytes, way), (value) => (value / 255) * DEEP), least: 0, logZ: 0 },
        from: parts(frame.x, way),
        to: parts(frame.pictures.to, way),
      })),
    );
  }
  return known.get(frame);
}

class Live extends OfGameFilm {
  constructor(ctx) {
    super();
    this.ctx = ctx;
    this.build();
  }

  build() {
    const { ctx } = this;
    this.panels = createPanels("Gradients");
    this.chart = new Chart({ colours: () => coloursOf(ctx) }, {
      label: "KL divergence over the training",
      height: CHART_HEIGHT,
      onMove: (step, { rest }) => this.film.player.go(this.frameAt("step", step), { rest }),
    });
    const charts = h("div", { class: "ways-charts" }, this.chart.element);
    const screen = h("div", { class: "ways" }, this.panels.map(({ element }) => element), charts);
    this.film = new GameFilm(ctx, {
      name: "learn_ways",
      nameOf: () => "Training",
      screen,
      label: "Training, step by step",
      filename: "learn-live.gif",
      steps: (film) => this.steps(film),
      placeOf: ({ frames, total }) => Math.min(frames.length - 1, Math.round(ctx.store.get().at * (total - 1))),
      onRest: ({ frames, total }, at, rest) =>
        ctx.store.set({ at: at === frames.length - 1 ? 1 : at / (total - 1) }, { commit: rest }),
      onShow: (film) => film || this.clear(),
      tell: (moving) => this.tell(moving),
    });
    fill(ctx.main, this.film.host);
    new ResizeObserver(() => this.film.drawn && this.draw(this.film.player.index)).observe(screen);
    this.buildPanel();
  }

  buildPanel() {
    const { ctx } = this;
    this.points = createPoints(ctx, NO_PLANE);
    this.controls = createControls(ctx, ctx.value().panels.live);
    this.seen = createSeen();
    const note = "Lines lead from where a chain began to where it ended, and in the two ways without chains down the " +
      "energy. Bars: the lengths of the gradients of the positive phase, of the negative phase, and of their sum. Each " +
      "objective has an axis of its own, whose end stands below, as their gradients have different units.";
    fillPanel(
      ctx,
      this.points.element,
      this.controls.element,
      this.film.queue.element,
      this.seen.element,
      createTries(ctx),
      h("p", { class: "note with-words" }, note),
    );
  }

  update(changed) {
    this.points.update();
    this.controls.update();
    this.ask();
    if (changed.has("shows") && this.film.drawn) this.draw(this.film.player.index);
  }

  ask() {
    this.film.want(this.controls.request());
    this.film.show();
  }

  steps({ frames }) {
    return {
      show: (at) => this.draw(at),
      draw: (canvas, at) => this.paint(canvas, at),
      place: (at) => frames[at].step.toLocaleString("en"),
      caption: (at) => frames[at].caption,
    };
  }

  draw(at) {
    const frame = this.film.drawn.frames[at];
    if (!frame) return;
    const colours = coloursOf(this.ctx);
    readFrame(frame).forEach((read, i) => {
      const { way, canvas, bars, say, mark } = this.panels[i];
      const side = Math.round(canvas.parentElement.clientWidth);
      mark.style.color = colours[way];
      say(`${frame.ways[way]} The bars end at ${num(this.longest(way))}.`);
      if (!side) return;
      Object.assign(canvas.style, { width: `${side}px`, height: `${side}px` });
      Object.assign(bars.style, { width: `${side}px`, height: `${BARS}px` });
      this.paintWay(contextOf(canvas, side), side, read, colours);
      if (i === 0) this.ctx.show("land", canvas);
      paintBars(contextOf(bars, side, BARS), side, frame.phases[way], this.longest(way), colours);
    });
    this.drawChart(at);
  }

  /** The longest gradient of a way in the film so far. */
  longest(way) {
    const told = this.film.drawn.frames.map(({ phases }) => phases[way]).filter(Boolean);
    return told.reduce((most, { positive, negative }) => Math.max(most, positive, negative), 1e-9);
  }

  paintWay(context, size, { surface, from, to }, colours) {
    const shades = shadesOf(surface, this.ctx.store.get().shows);
    paintShades(context, { shades, half: REACH, shown: HALF, size, colours });
    const place = toScreen(size, HALF);
    Object.assign(context, { strokeStyle: colours.you, fillStyle: colours.you, lineWidth: 1 });
    for (let i = 0; i < from.length; i += 2) {
      const [end, start] = [place(to[i], to[i + 1]), place(from[i], from[i + 1])];
      context.beginPath();
      context.moveTo(...start);
      context.lineTo(...end);
      context.stroke();
      context.beginPath();
      context.arc(...end, 1.8, 0, 2 * Math.PI);
      context.fill();
    }
  }

  drawChart(at) {
    const { frames, total } = this.film.drawn;
    const end = (frames.at(-1).step * (total - 1)) / Math.max(1, frames.length - 1) || 1;
    const decades = ({ found }, way) => Math.max(-2, Math.log10(Math.max(1e-9, found[way].kl)));
    this.chart.show({
      xs: [0, end],
      ys: [-2, 1.5],
      ticks: { x: [0, end], y: [-2, -1, 0, 1] },
      name: "log₁₀ of KL(p ‖ exp(−E)/Z), by step",
      lines: NAMES.map((way) => ({
        points: frames.map((frame) => [frame.step, decades(frame, way)]),
        colour: way,
        dash: DASHES[way],
      })),
      cursor: frames[at].step,
      words: frames[at].words,
    });
  }

  words({ words }) {
    return words;
  }

  clear() {
    for (const { say } of this.panels) say("");
  }

  paint(canvas, at) {
    const frame = this.film.drawn.frames[at];
    const colours = coloursOf(this.ctx);
    const read = readFrame(frame);
    paintRow(canvas, BARS, colours, {
      plane: (context, way) => this.paintWay(context, SIZE, read[NAMES.indexOf(way)], colours),
      bars: (context, way) => paintBars(context, SIZE, frame.phases[way], this.longest(way), colours),
    });
  }

  table() {
    const { drawn } = this.film;
    if (!drawn) return null;
    const rows = drawn.frames.flatMap(({ step, found, phases }) =>
      NAMES.map((way) => {
        const { positive, negative, both } = phases[way] ?? {};
        return [step, way, found[way].kl, found[way].outside, found[way].off, positive, negative, both];
      })
    );
    const head = ["step", "way", "KL", "mass outside", "mass in the wrong piece", "positive", "negative", "sum"];
    return { name: "learn-live", rows: [head, ...rows] };
  }
}

/** The lengths of the gradients of both phases and of their sum, one bar under another. */
function paintBars(context, width, phases, longest, colours) {
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, BARS);
  if (!phases) return;
  [[phases.positive, colours.ink], [phases.negative, colours.quiet], [phases.both, colours.you]].forEach(
    ([length, colour], i) => {
      context.fillStyle = colour;
      context.fillRect(0, 4 + i * (BAR + 3), Math.max(1, (length / longest) * width), BAR);
    },
  );
}

export default {
  hint: "Four objectives, trained live",
  create: (ctx) => new Live(ctx),
};
