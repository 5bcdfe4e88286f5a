/** From noise back to data in the plane, two ways at once: wandering (reverse SDE) and smooth (probability flow). */

/** Ancestral sampling's step from t to s: a draw from q(xₛ | xₜ, x̂₀). */
function ancestralStep(x, eps, from, to, noise) {
  const x0 = (x - Math.sqrt(1 - from) * eps) / Math.sqrt(from);
  const alpha = from / to;
  const mean = (Math.sqrt(to) * (1 - alpha) * x0 + Math.sqrt(alpha) * (1 - to) * x) / (1 - from);
  return mean + Math.sqrt(((1 - alpha) * (1 - to)) / (1 - from)) * noise;
}

/** DDIM's step with η = 0, which is one step along the probability flow. */
function flowStep(x, eps, from, to) {
  const x0 = (x - Math.sqrt(1 - from) * eps) / Math.sqrt(from);
  return Math.sqrt(to) * x0 + Math.sqrt(1 - to) * eps;
}

/** The times of a sampler of so many steps, evenly spaced from `total` down to 0; halves go to the even number. */
export function timesOf(steps, total) {
  return Array.from({ length: steps + 1 }, (_, i) => roundEven((total * (steps - i)) / steps));
}

function roundEven(value) {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 ? low + 1 : low;
}

/**
 * Yields after every step where the points are, one frame more each time: {t, sde, ode} with x0, y0, x1, y1, … each.
 *
 * `randoms[i]()` is a standard Gaussian number of point i, whose walk so depends on no other point.
 */
export function* walk({ net, alphas, starts, times, randoms }) {
  const size = starts.length;
  let [sde, ode] = [Float64Array.from(starts), Float64Array.from(starts)];
  const frames = [{ t: times[0], sde, ode }];
  for (let k = 1; k < times.length; k++) {
    const [t, s] = [times[k - 1], times[k]];
    const eps = net.predict([...sde, ...ode], t, alphas[t]);
    sde = sde.map((x, i) => ancestralStep(x, eps[i], alphas[t], alphas[s], randoms[i >> 1]()));
    ode = ode.map((x, i) => flowStep(x, eps[size + i], alphas[t], alphas[s]));
    frames.push({ t: s, sde, ode });
    yield frames;
  }
}
