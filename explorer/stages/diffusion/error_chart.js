/** How wrong the network of a toy is, level by level: measured on the card, and at the level on screen. */

import { h } from "../kit/shell/dom.js";
import { brief } from "../kit/shell/format.js";
import { contextOf } from "../kit/image/pixels.js";
import { paintLine } from "../kit/chart/chart.js";
import { paintAxes } from "../kit/chart/log_chart.js";

const HEIGHT = 108;
const HIGHEST = 10;
const LOWEST = 1e-4;

export function createErrorChart(ctx) {
  const canvas = h("canvas", { class: "chart", role: "img" });
  const element = h("div", { class: "chart-frame" }, canvas);
  let shown = null;
  new ResizeObserver(() => paint()).observe(element);

  function paint() {
    const width = element.clientWidth;
    if (!shown || !width) return;
    const { levels, error, size, t, found } = shown;
    const colours = ctx.colours();
    const context = contextOf(canvas, width, HEIGHT);
    Object.assign(canvas.style, { width: `${width}px`, height: `${HEIGHT}px` });
    const xs = [1, 1000];
    const { x, y, top, bottom } = paintAxes(context, {
      width,
      height: HEIGHT,
      xs,
      ys: [LOWEST, HIGHEST],
      logY: true,
      name: "— squared error of the noise, ┄ its size",
      colours,
    });
    const line = (values) => levels.map((level, i) => [x(level), y(values[i])]);
    paintLine(context, line(size), { colour: colours.quiet, dash: [4, 4] });
    paintLine(context, line(error), { colour: colours.ink });
    paintLine(context, [[x(t), top], [x(t), bottom]], { colour: colours.you, width: 1.5 });
    context.fillStyle = colours.you;
    context.beginPath();
    context.arc(x(t), y(found.error), 4.5, 0, 2 * Math.PI);
    context.fill();
  }

  /** `errors` is the card's, or nothing where it is not measured; `level` the one on screen. */
  function show(errors, level) {
    element.hidden = !errors;
    if (!errors) return;
    shown = { ...errors, t: level.t, found: level.difference };
    canvas.setAttribute(
      "aria-label",
      "Squared error of the noise against time, on logarithmic axes: " +
        `${errors.levels.map((level, i) => `${brief(errors.error[i])} at ${level}`).join(", ")}.`,
    );
    paint();
  }

  return { element, show };
}
