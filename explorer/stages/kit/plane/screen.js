/** The plane on a square canvas: where points stand, the ground, a shade of cells, and rings. */

/**
 * From the plane to a square `size` wide, which covers `half` on each side of its middle.
 * @param {number} size @param {number} half @returns {(x: number, y: number) => [x: number, y: number]}
 */
export const toScreen = (size, half) => (x, y) => [((x + half) / (2 * half)) * size, ((half - y) / (2 * half)) * size];

/**
 * The ground, with a frame that no container cuts.
 * @param {Context2d} context @param {number} size @param {Pick<Colours, "ground" | "line">} colours
 */
export function paintGround(context, size, { ground, line }) {
  Object.assign(context, { fillStyle: ground, strokeStyle: line, lineWidth: 1 });
  context.fillRect(0, 0, size, size);
  context.strokeRect(0.5, 0.5, size - 1, size - 1);
}

/**
 * A small picture of a square of cells, row by row from the upper left; `colourOf(value)` is four bytes.
 * @param {Numbers} values @param {(value: number) => ArrayLike<number>} colourOf
 */
export function pictureOfCells(values, colourOf) {
  const side = Math.sqrt(values.length);
  const image = new ImageData(side, side);
  for (let i = 0; i < values.length; i++) image.data.set(colourOf(values[i]), 4 * i);
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d").putImageData(image, 0, 0);
  return small;
}

/**
 * Paints such a picture over the square, `wide` across about its middle.
 * @param {Context2d} context @param {CanvasImageSource} small @param {number} size
 */
export function paintOver(context, small, size, wide = size) {
  context.imageSmoothingEnabled = true;
  context.drawImage(small, (size - wide) / 2, (size - wide) / 2, wide, wide);
}

/**
 * Rings about points x0, y0, x1, … which stand out on any ground.
 * @param {Context2d} context @param {ArrayLike<number>} points @param {ToScreen} place @param {number} radius
 * @param {Pick<Colours, "you" | "ground">} colours
 */
export function paintRings(context, points, place, radius, { you, ground }) {
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    const [x, y] = place(points[i], points[i + 1]);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    for (const [strokeStyle, lineWidth] of [[ground, 5], [you, 2]]) {
      Object.assign(context, { strokeStyle, lineWidth });
      context.stroke();
    }
  }
}
