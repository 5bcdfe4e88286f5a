/** The four words for one target: velocity, data, noise and score of a point at a time say the same. */

/** Other predictions that follow from one velocity at a point; only the independent coupling has a score. */
export function wordsOf(x, t, v, coupling = "independent") {
  const noise = x.map((value, i) => value - t * v[i]);
  return {
    velocity: [...v],
    data: x.map((value, i) => value + (1 - t) * v[i]),
    noise,
    score: coupling === "independent" ? noise.map((value) => -value / (1 - t)) : null,
  };
}
