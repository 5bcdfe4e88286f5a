/** Three gaps: q over the true posterior, moved by hand, fitted to the image, or of three Gaussians. */

import { h, placeIn, setName } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { num, pair } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { Bars } from "../kit/chart/bars.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats16 } from "../kit/plane/tensors.js";
import { gapOf } from "./gaps_of.js";
import { heatPicture, paintDot, paintEllipse, paintHeat } from "./paint.js";

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const NEAR = 26; // pixels within which a handle is taken
const TOLD = ["encoder", "best", "mixture"];
const KEYS = [["■", "posterior p(z | x)", ({ ink }) => ink], ["○", "q at 1σ and 2σ", ({ you }) => you]];

/** The Gaussian of four numbers: its mean and its widths. */
const ofHand = (hand) => ({ weights: [1], mu: [hand.slice(0, 2)], sigma: [hand.slice(2)] });

/** Description of a q by hand. */
function handReport(declared, gap, { encoder, best, log_px: exact }) {
  const values = { gap, encoder, best, decoder: -exact, rest: Math.max(0, gap - best.gap), sum: gap - exact };
  const words = sentences(declared, values, "lost", gap < encoder.gap && "best");
  return { gap, numbers: figuresOf(declared, values), words };
}

/** The table of the true posterior, read once. */
const cellsIn = (
  answer,
) => (answer.cells ??= { size: answer.size, extent: answer.extent, logP: floats16(answer.log_p) });

/** The true posterior as a picture, made once. */
function heatIn(answer, colours) {
  const { logP, size } = cellsIn(answer);
  const top = logP.reduce((most, each) => Math.max(most, each), -Infinity);
  const levels = Uint8Array.from(logP, (each) => 255 * Math.exp(each - top));
  return (answer.heat ??= heatPicture(levels, size, colours.ink));
}

/** @param {import("../kit/panel/mode.js").Self} self */
function gaps(self) {
  const { ctx, state, declared } = self;
  const { value, shown, show } = exhibit(self, {
    /** Numbers of a q: by Python, or of one by hand here. */
    shown(answer) {
      if (answer.cannot) return answer;
      const { gap, numbers, words } = state.q === "hand"
        ? handReport(declared, gapOf(cellsIn(value.value), qNow()), answer)
        : qNow();
      return { ...answer, gap, numbers, words };
    },
  });
  /** The answer with a posterior, if there is one. */
  const found = () => value.value && !value.value.cannot ? value.value : null;
  /** The q that is shown: {weights, mu, sigma}. */
  function qNow() {
    if (state.q !== "hand") return value.value[state.q];
    return state.hand ? ofHand(state.hand) : value.value.encoder;
  }
  const { frame, key } = createPlane(self, found, qNow);
  const legend = createLegend(ctx);
  const bars = new Bars("The gap of each q");
  whenever(() => {
    for (const element of [frame, bars.element]) element.hidden = !found();
    if (!found()) return;
    legend.show(KEYS);
    bars.show({ name: declared.says.bars, rows: barsOf(declared, value.value, state.q, shown.value.gap) });
  });

  function table() {
    if (!found()) return null;
    const rows = TOLD.map((name) => [`gap, ${name}`, value.value[name].gap]);
    const { hand } = state;
    if (hand) rows.push(["gap, by hand", gapOf(cellsIn(value.value), ofHand(hand))]);
    return { name: "gaps", rows: [["figure", "nats"], ...rows, ["log p(x)", value.value.log_px]] };
  }
  const { mode } = show({ add: [frame, legend.element], below: [bars.element], dims: [bars.element] });
  return { ...mode, key, table, hasResult: () => found() !== null };
}

/** A bar for each q, to one scale: its family's part and the rest. */
function barsOf({ controls: [[{ options }]] }, answer, q, gap) {
  const gaps = { ...Object.fromEntries(TOLD.map((name) => [name, answer[name].gap])), [q]: gap };
  const most = Math.max(answer.encoder.gap, answer.best.gap, 1e-3);
  return options.filter(([name]) => name in gaps).map(([name, title]) => {
    const share = Math.min(gaps[name], answer.best.gap, most) / most;
    const hatched = Math.min(1, gaps[name] / most) - share;
    return { title, share, hatched, text: num(gaps[name]), marked: name === q };
  });
}

/**
 * The plane with the true posterior and q, which is moved there: `found()` is the answer, null for none, and `qNow()`
 * the q.
 */
function createPlane({ ctx, state }, found, qNow) {
  const canvas = h("canvas", { class: "board", role: "application", tabindex: 0 });
  const frame = h("div", { class: "gaps-plane" }, canvas);
  const scale = () => scaleOf(cellsIn(found()).extent, frame.clientWidth);
  /** The Gaussian that a hand starts from; for a mixture, the best one. */
  const ofOne = () => (qNow().weights.length > 1 ? found().best : qNow());

  /** q by hand: within the picture, and no narrower than a cell of it. */
  function take(mu, sigma, rest) {
    const { size, extent: [x0, x1, y0, y1] } = cellsIn(found());
    const within = (value, low, high) => Number(Math.max(low, Math.min(high, value)).toFixed(4));
    const widths = sigma.map((value) => within(value, (x1 - x0) / size, (x1 - x0) / 2));
    ctx.store.set({ q: "hand", hand: [within(mu[0], x0, x1), within(mu[1], y0, y1), ...widths] }, { commit: rest });
  }

  function drag(handle, place, rest) {
    const [x, y] = scale().toPlane(place);
    const { mu: [mu], sigma: [sigma] } = ofOne();
    if (handle === "mean") return take([x, y], sigma, rest);
    if (handle === "wide") return take(mu, [x - mu[0], sigma[1]], rest);
    return take(mu, [sigma[0], y - mu[1]], rest);
  }

  function key(event) {
    if (!(event.key in MOVES) || !found()) return;
    const [x0, x1] = cellsIn(found()).extent;
    const { mu: [mu], sigma: [sigma] } = ofOne();
    const add = (values) => values.map((value, i) => value + (MOVES[event.key][i] * (x1 - x0)) / 100);
    take(event.shiftKey ? mu : add(mu), event.shiftKey ? add(sigma) : sigma, true);
    event.preventDefault();
  }

  function paint() {
    void [state.q, state.hand]; // also where nothing has a width yet
    const side = frame.clientWidth;
    if (!found() || !side) return;
    const { mu, sigma } = qNow();
    const said = mu.map((each, k) => `${pair(each, 2)}, widths ${pair(sigma[k], 3)}`).join("; ");
    setName(canvas, `True posterior as a shade; q at ${said}. Arrow keys move q, with Shift its widths`);
    paintPlane(canvas, side, qNow(), { answer: found(), toScreen: scale().toScreen, colours: ctx.colours() });
  }
  onSize(frame, paint);
  whenever(paint);
  const far = ([x, y]) => ([, place]) => Math.hypot(...scale().toScreen(place).map((value, i) => value - [x, y][i]));
  function handleAt(place) {
    const [nearest] = Object.entries(handlesOf(ofOne())).toSorted((a, b) => far(place)(a) - far(place)(b));
    return far(place)(nearest) < NEAR ? nearest[0] : null;
  }
  onDrag(canvas, {
    take(event) {
      const handle = found() && handleAt(placeIn(canvas, event));
      return found() && (handle || event.pointerType !== "touch") ? { handle: handle ?? "mean" } : null;
    },
    move: (event, { handle }) => drag(handle, placeIn(canvas, event), false),
    end: (event, { handle }) => drag(handle, placeIn(canvas, event), true),
  }, { handles: () => found() ? Object.values(handlesOf(ofOne())).map(scale().toScreen) : [] });
  return { frame, key };
}

/** From a place of the plane to one of a square picture, and back. */
const scaleOf = ([x0, x1, y0, y1], side) => ({
  toScreen: (z) => [((z[0] - x0) / (x1 - x0)) * side, (1 - (z[1] - y0) / (y1 - y0)) * side],
  toPlane: ([x, y]) => [x0 + (x / side) * (x1 - x0), y0 + (1 - y / side) * (y1 - y0)],
});

/** Handles of a Gaussian: at its mean, and one width to the right and up. */
const handlesOf = ({ mu: [mu], sigma: [sigma] }) => ({
  mean: mu,
  wide: [mu[0] + sigma[0], mu[1]],
  high: [mu[0], mu[1] + sigma[1]],
});

function paintPlane(canvas, side, { weights, mu, sigma }, { answer, toScreen, colours }) {
  const context = contextOf(canvas, side, side);
  canvas.style.width = canvas.style.height = `${side}px`;
  const { ground, you } = colours;
  context.fillStyle = ground;
  context.fillRect(0, 0, side, side);
  paintHeat(context, heatIn(answer, colours), answer.extent, toScreen);
  weights.forEach((weight, k) => {
    if (weight > 0.02) paintEllipse(context, { mu: mu[k], sigma: sigma[k] }, toScreen, { colour: you, width: 3 });
  });
  if (weights.length > 1) return;
  for (const place of Object.values(handlesOf({ mu, sigma }))) {
    paintDot(context, toScreen(place), 7, { fill: you, stroke: ground });
  }
}

export default mode(gaps);
