/** Marks of "you" on the map: the cursor, the pin and, on small screens, the decoded image beside the finger. */

const TAU = 2 * Math.PI;
const THUMB = 92;
const GAP = 10;

/** A ring at the cursor with the circle in which neighbours are counted. */
export function paintCursor({ ctx2d, toScreen, scale, colours }, z, radius) {
  const [px, py] = toScreen(z);
  ctx2d.strokeStyle = colours.you;
  ctx2d.lineWidth = 1;
  ctx2d.setLineDash([3, 3]);
  circle(ctx2d, px, py, radius * scale);
  ctx2d.setLineDash([]);
  for (const [width, colour] of [[5, colours.ground], [2.5, colours.you]]) {
    ctx2d.strokeStyle = colour;
    ctx2d.lineWidth = width;
    circle(ctx2d, px, py, 6);
  }
}

/**
 * A diamond at the pin, with the two ways in which the decoder stretches the plane, each as long as its singular value.
 */
export function paintPin(layer, pin, probe) {
  const { ctx2d, toScreen, colours } = layer;
  const [px, py] = toScreen(pin);
  if (probe) paintStretch(layer, px, py, probe);
  ctx2d.fillStyle = colours.you;
  ctx2d.strokeStyle = colours.ground;
  ctx2d.lineWidth = 2;
  ctx2d.beginPath();
  for (const [dx, dy] of [[0, -7], [7, 0], [0, 7], [-7, 0]]) ctx2d.lineTo(px + dx, py + dy);
  ctx2d.closePath();
  ctx2d.stroke();
  ctx2d.fill();
}

const LONGEST = 46;

function paintStretch({ ctx2d, colours }, px, py, { stretch, directions }) {
  ctx2d.strokeStyle = colours.you;
  ctx2d.lineWidth = 2;
  directions.forEach(([vx, vy], k) => {
    const length = (LONGEST * stretch[k]) / Math.max(stretch[0], 1e-9);
    ctx2d.beginPath();
    ctx2d.moveTo(px - vx * length, py + vy * length);
    ctx2d.lineTo(px + vx * length, py - vy * length);
    ctx2d.stroke();
  });
}

/** The decoded image in the upper corner away from the finger. */
export function paintThumb({ ctx2d, toScreen, width, colours }, z, image) {
  const left = toScreen(z)[0] > width / 2 ? GAP : width - THUMB - GAP;
  ctx2d.imageSmoothingEnabled = false;
  ctx2d.drawImage(image, left, GAP, THUMB, THUMB);
  ctx2d.strokeStyle = colours.you;
  ctx2d.lineWidth = 2;
  ctx2d.strokeRect(left - 1, GAP - 1, THUMB + 2, THUMB + 2);
}

function circle(ctx2d, x, y, radius) {
  ctx2d.beginPath();
  ctx2d.arc(x, y, radius, 0, TAU);
  ctx2d.stroke();
}
