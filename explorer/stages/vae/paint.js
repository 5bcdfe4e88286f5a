/** Painting of the panels' canvases: images, ellipses, heat. */
import { contextOf, SIDE, toRgba } from "../kit/image/pixels.js";

/** 784 values as a crisp square of `size` pixels. */
export function paintImage(context, pixels, left, top, size) {
  const small = new OffscreenCanvas(SIDE, SIDE);
  small.getContext("2d").putImageData(toRgba(pixels), 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, left, top, size, size);
}

/** One and two standard deviations around a mean; `toScreen` maps the plane to the canvas, axes kept. */
export function paintEllipse(context, { mu, sigma }, toScreen, { colour, width = 2 }) {
  const [x, y] = toScreen(mu);
  for (const factor of [1, 2]) {
    const [edgeX, edgeY] = toScreen([mu[0] + factor * sigma[0], mu[1] + factor * sigma[1]]);
    context.beginPath();
    context.ellipse(x, y, Math.max(0.5, Math.abs(edgeX - x)), Math.max(0.5, Math.abs(edgeY - y)), 0, 0, 2 * Math.PI);
    Object.assign(context, { strokeStyle: colour, lineWidth: factor === 1 ? width : width / 2 });
    context.stroke();
  }
}

/**
 * A disc, filled, outlined or both.
 * @param {Context2d} context @param {Point} place @param {number} radius @param {{fill?: string, stroke?: string}} how
 */
export function paintDot(context, [x, y], radius, { fill, stroke }) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  if (stroke) {
    Object.assign(context, { strokeStyle: stroke, lineWidth: 2 });
    context.stroke();
  }
}

/** A density's grey levels (row 0 has the smallest z₂) as a picture whose opacity is the density. */
export function heatPicture(levels, size, colour) {
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, size, size);
  const image = context.getImageData(0, 0, size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      image.data[4 * ((size - 1 - row) * size + column) + 3] = levels[row * size + column];
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Paints a heat picture over its extent [x0, x1, y0, y1] of the plane. */
export function paintHeat(context, picture, [x0, x1, y0, y1], toScreen) {
  const [left, top] = toScreen([x0, y1]);
  const [right, bottom] = toScreen([x1, y0]);
  context.imageSmoothingEnabled = true;
  context.drawImage(picture, left, top, right - left, bottom - top);
}

/** A cloud of codes as a square picture of its own, 6.8 units across or as wide as it is. */
export function paintCloud(canvas, codes, labels, colours) {
  const context = contextOf(canvas, CLOUD);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, CLOUD, CLOUD);
  if (!codes) return;
  const reach = codes.mu.reduce((most, value) => Math.max(most, Math.abs(value)), 3.4);
  const place = (value) => CLOUD / 2 + (value / reach) * (CLOUD / 2);
  for (let i = 0; i < labels.length; i++) {
    context.fillStyle = colours.classes[labels[i]];
    context.fillRect(place(codes.mu[2 * i]) - 1.5, place(-codes.mu[2 * i + 1]) - 1.5, 3, 3);
  }
}

const CLOUD = 320;
