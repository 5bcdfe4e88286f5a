/** Layers of the map: ground, manifold, rings, posterior widths and points. Sizes are CSS pixels. */

import { lettering, say } from "../kit/base/dom.js";
import { SIDE } from "../kit/image/pixels.js";
import { COLUMNS } from "../kit/image/sheets.js";

const DOT = 3;
const RING = 0.75;
const EVERY = 8;
const WIDE = 16;
const THUMB = { small: 22, large: 44 };
const NAME_HEIGHT = 13;
const APART = 8; // at least, between two names
const TAU = 2 * Math.PI;

/** Decoded images as a quiet texture; `tile` is {bitmap, left, top, width, height} in latent units. */
export function paintManifold(layer, tile, opacity) {
  const { ctx2d, toScreen, scale } = layer;
  const [px, py] = toScreen([tile.left, tile.top]);
  ctx2d.imageSmoothingEnabled = false;
  ctx2d.globalAlpha = opacity;
  ctx2d.drawImage(tile.bitmap, px, py, tile.width * scale, tile.height * scale);
  ctx2d.globalAlpha = 1;
}

/** The prior's 1, 2 and 3 σ with their names, and the axes through its mean, legible over points. */
export function paintRings({ ctx2d, toScreen, scale, colours, width, height }) {
  const [x, y] = toScreen([0, 0]);
  ctx2d.save();
  ctx2d.strokeStyle = colours.quiet;
  ctx2d.lineWidth = 1;
  ctx2d.globalAlpha = 0.35;
  line(ctx2d, 0, y, width, y);
  line(ctx2d, x, 0, x, height);
  ctx2d.globalAlpha = 1;
  for (const sigma of [1, 2, 3]) {
    ctx2d.beginPath();
    ctx2d.arc(x, y, sigma * scale, 0, TAU);
    for (const [colour, thick, dash] of [[colours.ground, 4, []], [colours.ink, 1.5, sigma === 1 ? [] : [5, 4]]]) {
      Object.assign(ctx2d, { strokeStyle: colour, lineWidth: thick });
      ctx2d.setLineDash(dash);
      ctx2d.stroke();
    }
  }
  ctx2d.restore();
  nameRings({ ctx2d, scale, colours }, x, y);
}

/** Names only the outermost of rings that lie close together. */
function nameRings({ ctx2d, scale, colours }, x, y) {
  ctx2d.font = lettering(13, 600);
  ctx2d.lineWidth = 3;
  ctx2d.strokeStyle = colours.ground;
  ctx2d.fillStyle = colours.quiet;
  const step = scale * Math.SQRT1_2;
  for (const sigma of [3, 2, 1].filter((sigma) => step >= NAME_HEIGHT || sigma === 3)) {
    const place = [x + sigma * scale * Math.SQRT1_2 + 3, y - sigma * scale * Math.SQRT1_2 - 3];
    ctx2d.strokeText(`${sigma}σ`, ...place);
    ctx2d.fillText(say(`${sigma}σ`), ...place);
  }
}

function line(ctx2d, x0, y0, x1, y1) {
  ctx2d.beginPath();
  ctx2d.moveTo(x0, y0);
  ctx2d.lineTo(x1, y1);
  ctx2d.stroke();
}

/**
 * One standard deviation of every eighth posterior, where it is wider than its dot; wide ones are drawn fainter, and
 * not filled.
 */
export function paintWidths(layer, { mu, sigma }, labels, hidden) {
  const { ctx2d, scale, colours } = layer;
  ctx2d.save();
  ctx2d.lineWidth = 1;
  for (let i = 0; i < labels.length; i += EVERY) {
    const radius = Math.max(sigma[2 * i], sigma[2 * i + 1]) * scale;
    if (hidden[labels[i]] || radius < DOT + RING) continue;
    const faint = Math.min(1, WIDE / radius);
    ctx2d.fillStyle = ctx2d.strokeStyle = colours.classes[labels[i]];
    ellipse(layer, mu, sigma, i, 1);
    ctx2d.globalAlpha = 0.5 * faint;
    ctx2d.stroke();
    if (faint < 1) continue;
    ctx2d.globalAlpha = 0.07;
    ctx2d.fill();
  }
  ctx2d.restore();
}

export function ellipse({ ctx2d, toScreen, scale }, mu, sigma, i, times) {
  const [px, py] = toScreen([mu[2 * i], mu[2 * i + 1]]);
  ctx2d.beginPath();
  ctx2d.ellipse(px, py, times * sigma[2 * i] * scale, times * sigma[2 * i + 1] * scale, 0, 0, TAU);
}

/** Every point of a class that is shown, as a dot with a thin rim of the ground's colour. */
export function paintDots({ ctx2d, toScreen, scale, width, height }, { mu }, labels, hidden, { dots, side }) {
  const [x0, y0] = toScreen([0, 0]).map((value) => value - side / 2);
  for (let i = 0; i < labels.length; i++) {
    const left = x0 + mu[2 * i] * scale;
    const top = y0 - mu[2 * i + 1] * scale;
    if (left < -side || top < -side || left > width || top > height || hidden[labels[i]]) continue;
    ctx2d.drawImage(dots[labels[i]], left, top, side, side);
  }
}

/**
 * The name of every class that is shown, at the one of its codes that is nearest to their median and not under another
 * name.
 * @param {any} layer @param {import("./map.js").Codes} codes @param {TestImages} images @param {boolean[]} hidden
 */
export function paintClassNames({ ctx2d, toScreen, colours }, { mu }, { labels, classes }, hidden) {
  ctx2d.save();
  Object.assign(ctx2d, { font: lettering(15, 700), textAlign: "center", textBaseline: "middle" });
  Object.assign(ctx2d, { lineWidth: 4, lineJoin: "round", strokeStyle: colours.ground, fillStyle: colours.ink });
  const taken = [];
  classes.forEach((name, label) => {
    if (hidden[label]) return;
    const members = [...labels.keys()].filter((i) => labels[i] === label);
    const middle = toScreen([0, 1].map((axis) => median(members.map((i) => mu[2 * i + axis]))));
    const half = ctx2d.measureText(name).width / 2;
    const away = ([x, y]) => Math.hypot(x - middle[0], y - middle[1]);
    const isFree = ([px, py]) =>
      taken.every(([x, y, other]) => Math.abs(x - px) > half + other + APART || Math.abs(y - py) > NAME_HEIGHT + APART);
    const places = members.map((i) => toScreen([mu[2 * i], mu[2 * i + 1]])).filter(isFree);
    if (!places.length) return;
    const place = isFree(middle) ? middle : places.reduce((best, each) => (away(each) < away(best) ? each : best));
    taken.push([...place, half]);
    ctx2d.strokeText(name, ...place);
    ctx2d.fillText(say(name), ...place);
  });
  ctx2d.restore();
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** The images themselves in their class's colour; one that would cover an earlier one stays a dot, beneath. */
export function paintImages(layer, points, labels, hidden, stamps, sheet) {
  const { ctx2d, scale } = layer;
  const size = Math.round(Math.max(THUMB.small, Math.min(THUMB.large, scale / 4)));
  const shown = apart(visible(layer, points.mu, labels, hidden, size), 0.85 * size);
  ctx2d.globalAlpha = 0.5;
  paintDots(layer, points, labels, hidden, stamps);
  ctx2d.globalAlpha = 1;
  ctx2d.imageSmoothingEnabled = size < SIDE;
  for (const [i, px, py] of shown) {
    const [left, top] = [Math.round(px - size / 2), Math.round(py - size / 2)];
    ctx2d.drawImage(sheet, (i % COLUMNS) * SIDE, Math.floor(i / COLUMNS) * SIDE, SIDE, SIDE, left, top, size, size);
  }
}

/** Places in order, without those nearer than `distance` along either axis to one before. */
function apart(places, distance) {
  const cells = new Map();
  const cell = (px, py) => 4096 * Math.floor(px / distance) + Math.floor(py / distance);
  const free = (px, py) => {
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const other = cells.get(cell(px + dx * distance, py + dy * distance));
        if (other && Math.abs(other[1] - px) < distance && Math.abs(other[2] - py) < distance) return false;
      }
    }
    return true;
  };
  const kept = [];
  for (const place of places) {
    if (!free(place[1], place[2])) continue;
    cells.set(cell(place[1], place[2]), place);
    kept.push(place);
  }
  return kept;
}

function* visible({ toScreen, scale, width, height }, mu, labels, hidden, margin) {
  const [x0, y0] = toScreen([0, 0]);
  for (let i = 0; i < labels.length; i++) {
    const [px, py] = [x0 + mu[2 * i] * scale, y0 - mu[2 * i + 1] * scale];
    const inside = px > -margin && py > -margin && px < width + margin && py < height + margin;
    if (inside && !hidden[labels[i]]) yield [i, px, py];
  }
}

/** A dot of each class, drawn once for each theme and display density. */
export function makeStamps(colours, ratio) {
  const side = Math.ceil(2 * (DOT + RING) * ratio) / ratio;
  const dots = colours.classes.map((colour) => {
    const canvas = new OffscreenCanvas(side * ratio, side * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    disc(context, side / 2, DOT + RING, colours.ground);
    disc(context, side / 2, DOT, colour);
    return canvas;
  });
  return { dots, side };
}

function disc(context, centre, radius, fill) {
  context.fillStyle = fill;
  context.beginPath();
  context.arc(centre, centre, radius, 0, TAU);
  context.fill();
}

/** The whole sheet of images with each one's ink in the colour of its class, on nothing. */
export function tintSheet({ grey, width }, labels, colours) {
  const canvas = new OffscreenCanvas(width, grey.length / width);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const words = new Uint32Array(image.data.buffer);
  const inks = colours.classes.map(toWord);
  for (let p = 0; p < grey.length; p++) {
    const [column, row] = [Math.floor((p % width) / SIDE), Math.floor(p / width / SIDE)];
    words[p] = inks[labels[row * COLUMNS + column]] | (grey[p] << 24);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** "#rrggbb" as the low 24 bits of a little-endian RGBA pixel. */
const toWord = (colour) => {
  const value = parseInt(colour.slice(1), 16);
  return ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
};
