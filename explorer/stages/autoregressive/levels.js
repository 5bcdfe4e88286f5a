/** Distributions over the levels of one pixel: the formulas of explorer/models/levels.py, in the browser. */

const GREY_LEVELS = 256;
const SMALLEST_LOG_SCALE = -7;

/** log σ(x), exact in both tails. */
const logSigmoid = (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));

/** The probabilities of every level that a network's numbers for a pixel stand for; `net` says how many levels. */
export function probabilities(net, parameters) {
  return net.levels === 2 ? bernoulli(parameters[0]) : mixture(parameters);
}

const bernoulli = (logit) => Float32Array.of(Math.exp(logSigmoid(-logit)), Math.exp(logSigmoid(logit)));

/**
 * The mass that a mixture of logistics gives to the interval of each of 256 levels; the outer ones reach to infinity.
 */
function mixture(parameters) {
  const count = parameters.length / 3;
  const weights = softmax(parameters.subarray(0, count));
  const out = new Float32Array(GREY_LEVELS);
  for (let k = 0; k < count; k++) {
    const inverse = Math.exp(-Math.max(parameters[2 * count + k], SMALLEST_LOG_SCALE));
    const half = inverse / (GREY_LEVELS - 1);
    const width = Math.log(-Math.expm1(-2 * half));
    for (let level = 0; level < GREY_LEVELS; level++) {
      const scaled = ((2 * level) / (GREY_LEVELS - 1) - 1 - parameters[count + k]) * inverse;
      const [upper, lower] = [scaled + half, scaled - half];
      const mass = level === 0
        ? logSigmoid(upper)
        : level === GREY_LEVELS - 1
        ? logSigmoid(-lower)
        : logSigmoid(upper) + logSigmoid(-lower) + width;
      out[level] += weights[k] * Math.exp(mass);
    }
  }
  return out;
}

function softmax(logits) {
  const highest = Math.max(...logits);
  const shares = Array.from(logits, (value) => Math.exp(value - highest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

/** Probabilities to the power 1/T, renormalised. */
export function temper(probabilities, temperature) {
  const logs = Array.from(probabilities, (p) => Math.log(p) / temperature);
  return Float32Array.from(softmax(logs));
}

export function entropyBits(probabilities) {
  return probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
}

/** A level as a visitor reads it. */
export const levelName = (net, level) => (net.levels === 2 ? ["black", "white"][level] : `level ${level}`);

/** Nats of log-probability as bits of surprise. */
export const bitsOf = (logProb) => Math.max(0, -logProb / Math.LN2);
