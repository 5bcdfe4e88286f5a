/** The true posterior as a shade, and over it a q that pointer and keys move and widen. */

import { h, placeIn, setName } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { pair } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { computed, untracked } from "../kit/base/vendor/signals-core.js";
import { squareIn } from "../kit/image/pixels.js";
import { heatPicture, paintDot, paintEllipse, paintHeat } from "./paint.js";

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const NEAR = 26; // pixels within which a handle is taken

/** Handles of a Gaussian: at its mean, and one width to the right and up. */
const handlesOf = ({ mu: [mu], sigma: [sigma] }) => ({
  mean: mu,
  wide: [mu[0] + sigma[0], mu[1]],
  high: [mu[0], mu[1] + sigma[1]],
});

/** From the plane to a square of so many pixels, and back. */
const scaleOf = ([x0, x1, y0, y1], side) => ({
  toScreen: (z) => [((z[0] - x0) / (x1 - x0)) * side, (1 - (z[1] - y0) / (y1 - y0)) * side],
  toPlane: ([x, y]) => [x0 + (x / side) * (x1 - x0), y0 + (1 - y / side) * (y1 - y0)],
});

/**
 * `cells` are the table of the posterior, null for none; `q` is what is shown of it. A hand starts from it, or from the `best`
 * Gaussian where q is a mixture.
 * @param {import("../kit/panel/mode.js").Self} self @param {Record<"cells" | "q" | "best", {value: any}>} shown
 */
export function gapsPlane({ ctx }, { cells, q, best }) {
  const canvas = h("canvas", { class: "board", role: "application", tabindex: 0 });
  const element = h("div", { class: "gaps-plane" }, canvas);
  const one = () => q.value.weights.length > 1 ? best.value : q.value;
  const scale = () => scaleOf(cells.value.extent, element.clientWidth);
  const heat = computed(() => {
    if (!cells.value) return null;
    const { logP, size } = cells.value;
    const top = logP.reduce((most, each) => Math.max(most, each), -Infinity);
    return heatPicture(Uint8Array.from(logP, (each) => 255 * Math.exp(each - top)), size, ctx.map.colours.ink);
  });
  const draw = squareIn(element, canvas, (context, side) => {
    if (cells.value) {
      paint(context, side, { extent: cells.value.extent, heat: heat.value, q: q.value, ...ctx.map.colours });
    }
  });
  whenever(() => {
    void heat.value;
    untracked(draw);
    if (q.value) setName(canvas, nameOf(q.value));
  });

  /** Takes q by hand: within the picture, and no narrower than a cell of it. */
  function take(mu, sigma, commit) {
    const { extent: [x0, x1, y0, y1], size } = cells.value;
    const within = (value, low, high) => Number(Math.max(low, Math.min(high, value)).toFixed(4));
    const widths = sigma.map((value) => within(value, (x1 - x0) / size, (x1 - x0) / 2));
    ctx.store.set({ q: "hand", hand: [within(mu[0], x0, x1), within(mu[1], y0, y1), ...widths] }, { commit });
  }

  function drag(event, { handle }, rest) {
    const [x, y] = scale().toPlane(placeIn(canvas, event));
    const { mu: [mu], sigma: [sigma] } = one();
    if (handle === "mean") return take([x, y], sigma, rest);
    if (handle === "wide") return take(mu, [x - mu[0], sigma[1]], rest);
    return take(mu, [sigma[0], y - mu[1]], rest);
  }

  function handleAt([x, y]) {
    const { toScreen } = scale();
    const far = ([, place]) => Math.hypot(...toScreen(place).map((value, i) => value - [x, y][i]));
    const [name, place] = Object.entries(handlesOf(one())).toSorted((a, b) => far(a) - far(b))[0];
    return far([name, place]) < NEAR ? name : null;
  }
  onDrag(canvas, {
    take(event) {
      const handle = cells.value && handleAt(placeIn(canvas, event));
      return !cells.value || (!handle && event.pointerType === "touch") ? null : { handle: handle ?? "mean" };
    },
    move: (event, taken) => drag(event, taken, false),
    end: (event, taken) => drag(event, taken, true),
  }, { handles: () => cells.value ? Object.values(handlesOf(one())).map(scale().toScreen) : [] });

  /** Arrow keys move q, with Shift its widths. */
  function key(event) {
    if (!(event.key in MOVES) || !cells.value) return;
    event.preventDefault();
    const [x0, x1] = cells.value.extent;
    const add = (values) => values.map((value, i) => value + (MOVES[event.key][i] * (x1 - x0)) / 100);
    const { mu: [mu], sigma: [sigma] } = one();
    if (event.shiftKey) take(mu, add(sigma), true);
    else take(add(mu), sigma, true);
  }
  return { element, key };
}

const nameOf = ({ mu, sigma }) => {
  const said = mu.map((each, k) => `${pair(each, 2)}, widths ${pair(sigma[k], 3)}`).join("; ");
  return `True posterior as a shade; q at ${said}. Arrow keys move q, with Shift its widths`;
};

function paint(context, side, { extent, heat, q, ground, you }) {
  const { toScreen } = scaleOf(extent, side);
  context.fillStyle = ground;
  context.fillRect(0, 0, side, side);
  paintHeat(context, heat, extent, toScreen);
  q.weights.forEach((weight, k) => {
    if (weight <= 0.02) return;
    paintEllipse(context, { mu: q.mu[k], sigma: q.sigma[k] }, toScreen, { colour: you, width: 3 });
  });
  if (q.weights.length > 1) return;
  for (const place of Object.values(handlesOf(q))) {
    paintDot(context, toScreen(place), 7, { fill: you, stroke: ground });
  }
}
