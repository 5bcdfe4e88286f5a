/** Random numbers of a seed, the same in every browser. */

/** A function that gives the next uniform number in [0, 1) of a seed (mulberry32). @param {number} seed */
export function uniforms(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A function that gives the next standard Gaussian number of a seed (Box–Muller). @param {number} seed */
export function gaussians(seed) {
  const uniform = uniforms(seed);
  /** @type {number | null} */
  let spare = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * The places of a list in an order drawn with a seed, each order as likely as any other (Fisher–Yates).
 * @param {unknown[]} list @param {number} seed
 */
export function shuffled(list, seed) {
  const uniform = uniforms(seed);
  const order = [...list.keys()];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
