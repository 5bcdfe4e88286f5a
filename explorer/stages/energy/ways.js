/** Four objectives for one energy, at the moments of a training: what each has come to, on one clock. */

import { h, setName } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { signal, untracked } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { toScreen } from "../kit/plane/screen.js";
import { fromBase64 } from "../kit/plane/tensors.js";
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

/** The energy of an objective, and its samples, or the paths of its chains. */
function paintObjective(context, size, frame, k, { shows, colours }) {
  paintShades(context, { shades: shadesOf(surfaceOf(frame, k), shows), half: REACH, shown: HALF, size, colours });
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

/** Bars of an objective, one below the other, with the marks at which they should end; `top` is the end of the axis. */
function paintBars(context, width, { bars, marks }, { top, names, colours }) {
  const isNamed = bars.length <= MOST;
  const scale = (width - Number(isNamed) * ROOM) / top;
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
    context.fillText(names[i], width - ROOM + 6, (i + 0.5) * high, ROOM - 6);
  });
}

/** The most that a bar of an objective comes to in a film. */
const mostOf = (frames, way) =>
  Math.max(1e-9, ...frames.flatMap(({ report }) => report.ways[way].bars.map(([value]) => value)));

function objectives(self) {
  const { ctx, id, state } = self;
  const film = askedFilm(self, { nameOf: () => "Training" });
  const { frames, frame, report } = film;
  const resized = signal(0);
  const legend = createLegend(ctx);
  whenever(() => legend.show([shadeKey(state.shows), ...KEYS[id]]));

  const figures = Object.entries(OBJECTIVES).map(([way, [name, colour, short]], k) => {
    const plane = h("canvas", { class: "way-plane", role: "img", "aria-label": name });
    const bars = h("canvas", { class: "way-bars result", role: "img" });
    const mark = h("span", { "aria-hidden": "true" }, "■ ");
    const words = h("figcaption", { class: "result" }, () => report.value?.ways[way].words ?? "");
    const element = h("figure", { class: "way" }, h("h2", { title: name }, mark, short), plane, bars, words);

    function paint({ shows, top }) {
      const [side, wide] = [Math.round(element.clientWidth), bars.clientWidth]; // before anything is changed
      const colours = ctx.colours();
      mark.style.color = colours.classes[colour];
      setName(bars, `${report.value.bars}, ${name}`);
      if (!side) return;
      Object.assign(plane.style, { width: `${side}px`, height: `${side}px` });
      paintObjective(contextOf(plane, side), side, frame.value, k, { shows, colours });
      if (k === 0) ctx.show("land", plane);
      paintBars(contextOf(bars, wide, BARS), wide, report.value.ways[way], { top, names: NAMES[id], colours });
    }
    whenever(() => {
      void resized.value;
      if (!frame.value) return;
      const now = { shows: state.shows, top: report.value.top ?? mostOf(frames.value, way) };
      untracked(() => paint(now));
    });
    return element;
  });
  film.curves.element.classList.add("ways-charts");
  const screen = h("div", { class: "ways" }, figures, legend.element, film.curves.element);
  onSize(screen, () => (resized.value += 1));
  const main = film.play({
    ...{ screen, key: PLACED[id], tellsEach: true },
    label: "Training",
    framesPerSecond: 4,
  });
  return { main, placed: PLACED[id], above: [film.numbers], ...film.mode };
}

export default mode(objectives);
