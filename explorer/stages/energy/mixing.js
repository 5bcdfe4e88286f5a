/** How well chains mix: autocorrelation, effective sample size, and how often they cross from piece to piece. */

/**
 * The autocorrelation of series around the mean of all, averaged over them, at lags from 0: as many as Geyer's rule asks
 * for, and at least `least`.
 */
export function autocorrelation(series, least = 0) {
  const length = series[0].length;
  const mean = series.reduce((sum, each) => sum + each.reduce((a, b) => a + b, 0), 0) / (series.length * length);
  const at = (lag) => {
    let sum = 0;
    for (const each of series) for (let i = lag; i < length; i++) sum += (each[i] - mean) * (each[i - lag] - mean);
    return sum;
  };
  const whole = at(0);
  const found = [1];
  for (let lag = 1; whole > 0 && lag < length; lag++) {
    found.push(at(lag) / whole);
    if (lag % 2 && found[lag] + found[lag - 1] < 0 && lag >= least) break;
  }
  return found;
}

/** How many independent draws the series are worth: their length over 1 + 2 Σ ρ, the sum as far as Geyer (1992) adds. */
export function effectiveSize(series, rho = autocorrelation(series)) {
  let sum = 0;
  for (let lag = 0; lag + 1 < rho.length && rho[lag] + rho[lag + 1] >= 0; lag += 2) sum += rho[lag] + rho[lag + 1];
  const total = series.length * series[0].length;
  return total / Math.max(2 * sum - 1, 1 / Math.sqrt(total));
}

/** Pieces of the data: which one a point is in, and who has crossed to another. */
export class Pieces {
  /** `means` are the centres of Gaussians as wide as `sigma`, `counts` how many of them in turn make a piece. */
  constructor({ means, sigma, pieces: counts }, settled = 2.5) {
    this.means = means;
    this.count = counts.length;
    this.of = counts.flatMap((count, piece) => Array(count).fill(piece));
    this.close = (settled * sigma) ** 2;
  }

  /** The piece that a point is nearest to, and whether it lies within its Gaussians. */
  find(x, y) {
    let [best, at] = [Infinity, 0];
    for (let k = 0; k < this.means.length; k++) {
      const distance = (x - this.means[k][0]) ** 2 + (y - this.means[k][1]) ** 2;
      if (distance < best) [best, at] = [distance, k];
    }
    return { piece: this.of[at], settled: best < this.close };
  }

  /** The piece of each of the first `count` points, −1 between pieces. */
  all(x, count = x.length / 2) {
    return Int8Array.from({ length: count }, (_, i) => {
      const { piece, settled } = this.find(x[2 * i], x[2 * i + 1]);
      return settled ? piece : -1;
    });
  }
}

/** How many came to rest in another piece than the one before; `last` is changed to where they are now. */
export function crossed(last, now) {
  let count = 0;
  now.forEach((piece, i) => {
    if (piece < 0) return;
    if (last[i] >= 0 && last[i] !== piece) count++;
    last[i] = piece;
  });
  return count;
}
