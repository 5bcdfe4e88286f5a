/** The plane on a square canvas: where points stand, the ground, a shade of cells, and rings. */

/** From the plane to a square `size` wide, which covers `half` on each side of its middle. */
export const toScreen = (size, half) => (x, y) => [((x + half) / (2 * half)) * size, ((half - y) / (2 * half)) * size];

/** The ground, with a frame that no container cuts. */
export function paintGround(context, size, { ground, line }) {
  Object.assign(context, { fillStyle: ground, strokeStyle: line, lineWidth: 1 });
  context.fillRect(0, 0, size, size);
  context.strokeRect(0.5, 0.5, size - 1, size - 1);
}

/** A small picture of a square of cells, row by row from the upper left; `colourOf(value)` is four bytes. */
export function pictureOfCells(values, colourOf) {
  const side = Math.sqrt(values.length);
  const image = new ImageData(side, side);
  values.forEach((value, i) => image.data.set(colourOf(value), 4 * i));
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d").putImageData(image, 0, 0);
  return small;
}

/** Paints such a picture over the square, `wide` across about its middle. */
export function paintOver(context, small, size, wide = size) {
  context.imageSmoothingEnabled = true;
  context.drawImage(small, (size - wide) / 2, (size - wide) / 2, wide, wide);
}

/** Rings about points x0, y0, x1, … which stand out on any ground. */
export function paintRings(context, points, place, radius, { you, ground }) {
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(...place(points[i], points[i + 1]), radius, 0, 2 * Math.PI);
    for (const [colour, width] of [[ground, 5], [you, 2]]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: width });
      context.stroke();
    }
  }
}
