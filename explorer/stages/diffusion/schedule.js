/** Share of the image that is left at each time: ᾱ_0 = 1 … ᾱ_T, by the linear and the cosine schedule. */

/** T: the time at which nothing is left but noise. */
export const TIMES = 1000;

const MOST = 0.999;

const linearBeta = (t) => (0.1 + (19.9 * (t - 1)) / (TIMES - 1)) / TIMES;

const cosineSignal = (t) => Math.cos((((t / TIMES + 0.008) / 1.008) * Math.PI) / 2) ** 2;

const BETAS = {
  /** Ho et al. 2020: β from 0.0001 to 0.02. */
  linear: linearBeta,
  /** Nichol & Dhariwal 2021, equation 17. */
  cosine: (t) => Math.min(MOST, 1 - cosineSignal(t) / cosineSignal(t - 1)),
};

function alphasOf(beta) {
  const alphas = new Float64Array(TIMES + 1).fill(1);
  for (let t = 1; t <= TIMES; t++) alphas[t] = alphas[t - 1] * (1 - beta(t));
  return alphas;
}

/** ᾱₜ of each schedule, t from 0 to T. */
export const ALPHAS = Object.fromEntries(Object.entries(BETAS).map(([name, beta]) => [name, alphasOf(beta)]));

/** The signal-to-noise ratio ᾱ / (1 − ᾱ). */
export const signalToNoise = (alpha) => alpha / (1 - alpha);
