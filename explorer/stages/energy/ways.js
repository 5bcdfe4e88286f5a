/** Four objectives for one energy, at the moments of a training: what each has come to, on one clock. */

import { ReportFilm } from "../kit/film/report_film.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { toScreen } from "../kit/plane/screen.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { h, setName, setText } from "../kit/base/dom.js";
import { dots, paintShades, shadeKey, shadesOf } from "./paint.js";

const OBJECTIVES = {
  cd: ["contrastive divergence", 0, "contrastive (CD)"],
  pcd: ["persistent contrastive divergence", 3, "persistent (PCD)"],
  sm: ["score matching", 9, "score matching (SM)"],
  dsm: ["denoising score matching", 7, "denoising (DSM)"],
};
const REACH = (4 * 64) / 96; // of the cells that a frame tells, those in the middle of a square that reaches out to 4
const DEEP = 14; // nats, of a byte of 255
const BARS = 48;
const ROOM = 72; // beside bars, for their names
const MOST = 3; // bars that are high enough for a name
const PER_SECOND = 4;
const PLACED = { ways: "moment", live: "at" };
const [ink, quiet] = [({ ink }) => ink, ({ quiet }) => quiet];
const KEYS = {
  ways: [["●", "samples", ink], ["▬", "mass by mode", quiet], ["│", "known", ink]],
  live: [["─", "chain", ink], ["▬", "gradient length", quiet]],
};
const NAMES = { ways: ["mode 1", "mode 2"], live: ["at data", "at samples", "sum"] };

const cells = new WeakMap();

/** The energy of an objective over the cells of a frame. */
function surfaceOf(frame, k) {
  if (!cells.has(frame)) {
    cells.set(
      frame,
      Float32Array.from(fromBase64(frame.surfaces), (value) => (value / 255) * DEEP),
    );
  }
  const all = cells.get(frame);
  const count = all.length / Object.keys(OBJECTIVES).length;
  return { energy: all.subarray(k * count, (k + 1) * count), least: 0, logZ: 0 };
}

class Objectives extends ReportFilm {
  constructor(ctx, mode) {
    super(ctx, mode);
    this.placed = PLACED[mode];
    this.keys = KEYS[mode];
    this.figures = Object.entries(OBJECTIVES).map(([way, [name, , short]]) => {
      const plane = h("canvas", { class: "way-plane", role: "img", "aria-label": name });
      const bars = h("canvas", { class: "way-bars result", role: "img" });
      const [mark, words] = [h("span", { "aria-hidden": "true" }, "■ "), h("figcaption", { class: "result" })];
      const element = h("figure", { class: "way" }, h("h2", { title: name }, mark, short), plane, bars, words);
      return { way, name, plane, bars, mark, words, element };
    });
    this.curves.element.classList.add("ways-charts");
    this.legend = createLegend(ctx);
    const figures = this.figures.map(({ element }) => element);
    const screen = h("div", { class: "ways" }, figures, this.legend.element, this.curves.element);
    this.open({
      nameOf: () => "Training",
      screen,
      label: "Training",
      framesPerSecond: PER_SECOND,
      above: [this.numbers],
    });
    onSize(screen, () => this.drawn && this.draw(this.film.index));
  }

  draw(at) {
    super.draw(at);
    if (this.film.timer) this.seen(this.words(at), true); // the sentence is that of the picture
    const frame = this.drawn.frames[at];
    const colours = this.ctx.colours();
    this.legend.show([shadeKey(this.ctx.store.get().shows), ...this.keys]);
    this.figures.forEach(({ way, name, plane, bars, mark, words }, k) => {
      const [side, wide] = [Math.round(plane.parentElement.clientWidth), bars.clientWidth]; // before anything is changed
      mark.style.color = colours.classes[OBJECTIVES[way][1]];
      setName(bars, `${frame.report.bars}, ${name}`);
      setText(words, frame.report.ways[way].words);
      if (!side) return;
      Object.assign(plane.style, { width: `${side}px`, height: `${side}px` });
      this.paintObjective(contextOf(plane, side), side, frame, k, colours);
      if (k === 0) this.ctx.show("land", plane);
      this.paintBars(contextOf(bars, wide, BARS), wide, frame, way, colours);
    });
  }

  /** The energy of an objective, and its samples, or the paths of its chains. */
  paintObjective(context, size, frame, k, colours) {
    const shades = shadesOf(surfaceOf(frame, k), this.ctx.store.get().shows);
    paintShades(context, { shades, half: REACH, shown: HALF, size, colours });
    const [first, last] = frame.spans[Object.keys(OBJECTIVES)[k]] ?? [0, 0];
    const place = toScreen(size, HALF);
    const [from, to] = [frame.x, frame.pictures.to].map((points) => points?.subarray(2 * first, 2 * last));
    Object.assign(context, { strokeStyle: colours.ink, lineWidth: 1, globalAlpha: to ? 1 : 0.6 });
    context.beginPath();
    for (let i = 0; to && i < to.length; i += 2) {
      context.moveTo(...place(from[i], from[i + 1]));
      context.lineTo(...place(to[i], to[i + 1]));
    }
    context.stroke();
    dots(context, to ?? from, place, to ? 1.8 : 1.2, colours.ink);
    context.globalAlpha = 1;
  }

  /** Bars of an objective, one below the other, with the marks at which they should end. */
  paintBars(context, width, frame, way, colours) {
    const { bars, marks } = frame.report.ways[way];
    const each = this.drawn.frames.flatMap(({ report }) => report.ways[way].bars.map(([value]) => value));
    const isNamed = bars.length <= MOST;
    const scale = (width - isNamed * ROOM) / (frame.report.top ?? Math.max(...each, 1e-9));
    const high = BARS / bars.length;
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, width, BARS);
    bars.forEach(([value, colour], i) => {
      context.fillStyle = colours.classes[colour] ?? colours[colour];
      context.fillRect(0, i * high + 1, Math.max(1, value * scale), high - 2);
      context.fillStyle = colours.ink;
      if (marks) context.fillRect(marks[i] * scale - 1, i * high, 2, high);
      if (!isNamed) return;
      Object.assign(context, { font: "13px system-ui, sans-serif", textBaseline: "middle" });
      context.fillText(NAMES[this.ctx.id][i], width - ROOM + 6, (i + 0.5) * high, ROOM - 6);
    });
  }
}

export default {
  create: (ctx) => new Objectives(ctx, ctx.id),
};
