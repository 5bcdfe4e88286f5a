/** The window onto the plane: latent coordinates to CSS pixels and back. The second coordinate points up. */

export class View {
  /** @type {Point} */
  centre = [0, 0];
  span = 8;
  width = 1;
  height = 1;

  /**
   * `closest` and `widest` are the latent units across the shorter side, at the least and at the most.
   * @param {Ends} bounds
   */
  constructor([closest, widest]) {
    this.closest = closest;
    this.widest = widest;
  }

  clamped(span) {
    return Math.max(this.closest, Math.min(this.widest, span));
  }

  /** CSS pixels per latent unit. */
  get scale() {
    return Math.min(this.width, this.height) / this.span;
  }

  /** @type {(z: Point) => [x: number, y: number]} */
  toScreen = (
    [x, y],
  ) => [this.width / 2 + (x - this.centre[0]) * this.scale, this.height / 2 - (y - this.centre[1]) * this.scale];

  /** @type {(px: number, py: number) => [x: number, y: number]} */
  toLatent = (
    px,
    py,
  ) => [this.centre[0] + (px - this.width / 2) / this.scale, this.centre[1] - (py - this.height / 2) / this.scale];

  /** The visible part of the plane: [left, right, bottom, top]. */
  extent() {
    const [left, top] = this.toLatent(0, 0);
    const [right, bottom] = this.toLatent(this.width, this.height);
    return [left, right, bottom, top];
  }

  /** The same view moved by CSS pixels, as [cx, cy, span]. */
  moved(dx, dy) {
    return [this.centre[0] - dx / this.scale, this.centre[1] + dy / this.scale, this.span];
  }

  /** The same view scaled about a point that stays under the finger, as [cx, cy, span]. */
  zoomed(factor, px = this.width / 2, py = this.height / 2) {
    const span = this.clamped(this.span / factor);
    const [x, y] = this.toLatent(px, py);
    const kept = span / this.span;
    return [x + (this.centre[0] - x) * kept, y + (this.centre[1] - y) * kept, span];
  }
}
