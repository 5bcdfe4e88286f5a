/** The gap of a q in the plane, on a table of the true posterior. */

const LOG_TAU = Math.log(2 * Math.PI);

/** log q at (x, y), of a mixture {weights, mu, sigma} with upright axes. */
export function logMixture({ weights, mu, sigma }, x, y) {
  let total = 0;
  for (let k = 0; k < weights.length; k++) {
    const [a, b] = [(x - mu[k][0]) / sigma[k][0], (y - mu[k][1]) / sigma[k][1]];
    total += weights[k] * Math.exp(-(a * a + b * b) / 2) / (sigma[k][0] * sigma[k][1]);
  }
  return Math.log(total) - LOG_TAU;
}

/** KL(q ‖ p(z | x)) in nats, by the cells of a table {size, extent, logP}; q is cut off at its edge. */
export function gapOf({ size, extent: [x0, x1, y0, y1], logP }, q) {
  const cell = (x1 - x0) / size;
  const logs = new Float64Array(size * size);
  let whole = 0;
  for (let i = 0; i < logs.length; i++) {
    const [x, y] = [x0 + ((i % size) + 0.5) * cell, y0 + (Math.floor(i / size) + 0.5) * ((y1 - y0) / size)];
    logs[i] = logMixture(q, x, y);
    whole += Math.exp(logs[i]) * cell * cell;
  }
  let gap = 0;
  for (let i = 0; i < logs.length; i++) {
    const density = Math.exp(logs[i]) / whole;
    if (density > 0) gap += density * cell * cell * (Math.log(density) - logP[i]);
  }
  return gap;
}
