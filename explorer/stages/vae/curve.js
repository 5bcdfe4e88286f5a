/** The measured rate–distortion curve, with a dot at the present β. */

import { h, say, setName, setText } from "../kit/shell/dom.js";
import { contextOf } from "../kit/image/pixels.js";
import { formatBeta, rates } from "./card.js";

const MARGIN = { left: 40, right: 14, top: 12, bottom: 26 };
const ROOM_FOR_NAME = 0.88;
const FONT = "13px ui-monospace, monospace";

export function createCurve(ctx) {
  const canvas = h("canvas", { role: "img", "aria-label": "Rate–distortion curve" });
  const note = h("p", { class: "curve-note with-numbers" });
  const box = h("div", { class: "curve-box" }, canvas);
  const where = h("span", { class: "with-words" }, ", measured on the test split");
  const element = h("div", { class: "curve" }, h("h2", {}, "Rate–distortion", where), box, note);
  const size = { width: 0, height: 0 };
  new ResizeObserver(() => {
    Object.assign(size, { width: box.clientWidth, height: box.clientHeight });
    ctx.refresh("curve");
  }).observe(box);

  function update(changed, { beta }) {
    if (!["beta", "data", "value", "theme", "curve"].some((key) => changed.has(key)) || !size.width) return;
    const entry = ctx.net();
    const at = rates(entry, beta);
    const text = describe(entry, beta, at);
    setName(canvas, `Rate–distortion curve. ${text}`);
    setText(note, text);
    paint(canvas, size, entry, at, ctx.map.colours);
  }
  return { element, update };
}

function describe({ curve }, beta, { distortion, rate }) {
  if (!curve?.length) return "The card of this model holds no measured curve yet.";
  if (beta === 0) {
    return "β = 0 is off the curve: without a KL term the rate is undefined. The mark on the left axis is " +
      "its distortion.";
  }
  return `β = ${formatBeta(beta)}: D + βR = ${(distortion + beta * rate).toFixed(1)} nats, −ELBO = D + R ` +
    `= ${(distortion + rate).toFixed(1)} nats.`;
}

function paint(canvas, { width, height }, entry, at, colours) {
  const ctx2d = contextOf(canvas, width, height);
  ctx2d.clearRect(0, 0, width, height);
  if (!entry.curve?.length) return;
  const scales = axes(entry, width, height);
  paintAxes(ctx2d, scales, width, height, colours);
  paintPoints(ctx2d, entry.curve, scales, colours);
  const place = at.rate === null
    ? [MARGIN.left, scales.y(at.distortion)]
    : [scales.x(at.rate), scales.y(at.distortion)];
  ctx2d.fillStyle = colours.you;
  ctx2d.beginPath();
  if (at.rate === null) ctx2d.fillRect(place[0] - 5, place[1] - 1.5, 10, 3);
  else ctx2d.arc(...place, 5, 0, 2 * Math.PI);
  ctx2d.fill();
}

function axes({ curve, beta_zero: zero }, width, height) {
  const rate = Math.max(...curve.map((point) => point.rate)) * 1.05;
  const all = curve.map((point) => point.distortion).concat(zero?.distortion ?? []);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.08 * (high - low);
  const [bottom, top] = [low - room, high + room];
  return {
    rate,
    bottom,
    top,
    x: (value) => MARGIN.left + (value / rate) * (width - MARGIN.left - MARGIN.right),
    y: (value) => MARGIN.top + ((top - value) / (top - bottom)) * (height - MARGIN.top - MARGIN.bottom),
  };
}

function paintAxes(ctx2d, { x, y, rate, bottom, top }, width, height, colours) {
  ctx2d.strokeStyle = colours.line;
  ctx2d.fillStyle = colours.quiet;
  ctx2d.font = FONT;
  ctx2d.lineWidth = 1;
  for (const value of ticks(bottom, top, 4)) {
    rule(ctx2d, MARGIN.left, y(value), width - MARGIN.right, y(value));
    ctx2d.textAlign = "right";
    ctx2d.fillText(String(value), MARGIN.left - 7, y(value) + 4);
  }
  for (const value of ticks(0, rate * ROOM_FOR_NAME, 6)) {
    ctx2d.textAlign = "center";
    ctx2d.fillText(String(value), x(value), height - MARGIN.bottom + 15);
  }
  ctx2d.textAlign = "right";
  ctx2d.fillText(say("R, nats"), width - MARGIN.right, height - MARGIN.bottom + 15);
  ctx2d.textAlign = "left";
  ctx2d.fillText(say("D, nats"), MARGIN.left + 5, MARGIN.top + 3);
}

function paintPoints(ctx2d, curve, { x, y }, colours) {
  ctx2d.strokeStyle = colours.quiet;
  ctx2d.fillStyle = colours.quiet;
  ctx2d.lineWidth = 1.25;
  ctx2d.beginPath();
  for (const { rate, distortion } of curve) ctx2d.lineTo(x(rate), y(distortion));
  ctx2d.stroke();
  for (const { rate, distortion } of curve) {
    ctx2d.beginPath();
    ctx2d.arc(x(rate), y(distortion), 1.75, 0, 2 * Math.PI);
    ctx2d.fill();
  }
}

function rule(ctx2d, x0, y0, x1, y1) {
  ctx2d.beginPath();
  ctx2d.moveTo(x0, y0);
  ctx2d.lineTo(x1, y1);
  ctx2d.stroke();
}

/** Round values inside (low, high), about `wanted` of them. */
function ticks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const values = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
    values.push(Number(value.toPrecision(6)));
  }
  return values;
}
