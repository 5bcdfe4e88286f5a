/** Along a field of velocities from noise, t = 0, to data, t = 1; and how straight that was. */

/** The states of points after each of so many even Euler steps, the first of them before any. */
export function euler(velocity, points, steps) {
  const states = [Float64Array.from(points)];
  for (let k = 0; k < steps; k++) {
    const v = velocity(states[k], k / steps);
    states.push(states[k].map((value, i) => value + v[i] / steps));
  }
  return states;
}

/** The same by Heun's method, which looks at both ends of a step. */
export function heun(velocity, points, steps) {
  const states = [Float64Array.from(points)];
  for (let k = 0; k < steps; k++) {
    const v = velocity(states[k], k / steps);
    const there = states[k].map((value, i) => value + v[i] / steps);
    const w = velocity(there, (k + 1) / steps);
    states.push(states[k].map((value, i) => value + (v[i] + w[i]) / (2 * steps)));
  }
  return states;
}

/** Where points are at a time, straight between two of their states. */
export function stateAt(states, t) {
  const place = t * (states.length - 1);
  const from = Math.min(Math.floor(place), states.length - 2);
  const share = place - from;
  return states[from].map((value, i) => value + share * (states[from + 1][i] - value));
}

/**
 * The mean over points of ∫ ‖(x₁ − x₀) − v(x_t, t)‖² dt along their paths, by the trapezoidal rule: 0 where all are
 * straight and at constant speed (Liu et al. 2023).
 */
export function straightness(velocity, states) {
  const steps = states.length - 1;
  const [start, end] = [states[0], states[steps]];
  let sum = 0;
  states.forEach((state, k) => {
    const v = velocity(state, k / steps);
    const weight = k === 0 || k === steps ? 0.5 : 1;
    for (let i = 0; i < state.length; i++) sum += weight * (end[i] - start[i] - v[i]) ** 2;
  });
  return sum / steps / (start.length / 2);
}
