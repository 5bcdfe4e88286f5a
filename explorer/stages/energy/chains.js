/**
 * Markov chains over an energy, as explorer/models/chains.py has them. Chains lie one after the other, x0, y0, x1, y1, …
 *
 * `target(x)` gives {energy, gradient}; `step` is a length for each chain; `random` gives `gauss()` and `uniform()`,
 * and is asked for the noise of every coordinate first, then for what decides of every chain.
 */

/** How far a chain may go before it has left the plane. */
export const FAR = 1e3;

export const begin = (target, x) => ({ x, ...target(x) });

/** E / T for E, a temperature for each chain. */
export const tempered = (target, temperatures) => (x) => scaled(target(x), temperatures);

/** Energies and gradients divided by the temperature of each chain. */
export function scaled({ energy, gradient }, temperatures) {
  return {
    energy: energy.map((value, i) => value / temperatures[i]),
    gradient: gradient.map((value, i) => value / temperatures[i >> 1]),
  };
}

/** The temperatures from the hottest down to 1, each the same factor below the one before. */
export const ladder = (hottest, rungs) =>
  Array.from({ length: rungs }, (_, rung) => hottest ** (1 - rung / Math.max(rungs - 1, 1)));

const noiseFor = (x, random) => Float64Array.from(x, () => random.gauss());
const drift = ({ x, gradient }, step) => x.map((value, i) => value - (step[i >> 1] ** 2 / 2) * gradient[i]);

function langevin(target, state, step, random) {
  const noise = noiseFor(state.x, random);
  const x = drift(state, step).map((value, i) => value + step[i >> 1] * noise[i]);
  return { state: begin(target, x), proposed: x, accepted: new Uint8Array(step.length).fill(1) };
}

function mala(target, state, step, random) {
  const noise = noiseFor(state.x, random);
  const x = drift(state, step).map((value, i) => value + step[i >> 1] * noise[i]);
  const after = begin(target, x);
  const home = drift(after, step);
  const ratio = step.map((size, i) => {
    let [forth, back] = [0, 0];
    for (const k of [2 * i, 2 * i + 1]) {
      forth += (size * noise[k]) ** 2;
      back += (state.x[k] - home[k]) ** 2;
    }
    return state.energy[i] - after.energy[i] + (forth - back) / (2 * size ** 2);
  });
  return decide(state, after, ratio, random);
}

function hmc(target, state, step, random, leaps = 10) {
  const momentum = noiseFor(state.x, random);
  const { state: after, momentum: end } = leapfrog(target, state, momentum, step, leaps);
  const ratio = step.map((_, i) => {
    let kinetic = 0;
    for (const k of [2 * i, 2 * i + 1]) kinetic += (momentum[k] ** 2 - end[k] ** 2) / 2;
    return state.energy[i] - after.energy[i] + kinetic;
  });
  return decide(state, after, ratio, random);
}

function walk(target, state, step, random) {
  const noise = noiseFor(state.x, random);
  const after = begin(target, state.x.map((value, i) => value + step[i >> 1] * noise[i]));
  return decide(state, after, step.map((_, i) => state.energy[i] - after.energy[i]), random);
}

export const KERNELS = { langevin, mala, hmc, walk };

/** How often each kernel asks for the energy in a move. */
export const EVALUATIONS = { langevin: 1, mala: 1, hmc: 10, walk: 1 };

/** Where Hamilton's dynamics leads in so many leapfrog steps, and with which momentum. */
function leapfrog(target, state, begun, step, leaps) {
  let momentum = begun.map((value, i) => value - (step[i >> 1] / 2) * state.gradient[i]);
  for (let leap = 1; leap <= leaps; leap++) {
    state = begin(target, state.x.map((value, i) => value + step[i >> 1] * momentum[i]));
    const part = leap < leaps ? 1 : 0.5;
    momentum = momentum.map((value, i) => value - part * step[i >> 1] * state.gradient[i]);
  }
  return { state, momentum };
}

/** Takes each proposal with probability min(1, exp(ratio)). */
function decide(before, after, ratio, random) {
  const accepted = Uint8Array.from(ratio, (value) => (Math.log(random.uniform()) < value ? 1 : 0));
  const chosen = (name, shift) =>
    before[name].map((value, i) => (accepted[shift ? i >> 1 : i] ? after[name][i] : value));
  const state = { x: chosen("x", true), energy: chosen("energy", false), gradient: chosen("gradient", true) };
  return { state, proposed: after.x, accepted };
}

/**
 * Exchanges replicas of neighbouring temperatures, with probability min(1, exp((1/Tᵢ − 1/Tⱼ)(Eᵢ − Eⱼ))).
 *
 * `x` holds `count` chains of every temperature, one temperature after the other, `energy` their E and `gradient`
 * that of E; all change. Pairs are made from rung `first`, 0 or 1, on. Returns how many were exchanged.
 */
export function swap({ x, energy, gradient }, temperatures, count, first, random) {
  let taken = 0;
  for (let rung = first; rung + 1 < temperatures.length; rung += 2) {
    const gap = 1 / temperatures[rung] - 1 / temperatures[rung + 1];
    for (let i = rung * count; i < (rung + 1) * count; i++) {
      const j = i + count;
      if (!(Math.log(random.uniform()) < gap * (energy[i] - energy[j]))) continue;
      [energy[i], energy[j]] = [energy[j], energy[i]];
      for (const pairs of [x, gradient]) {
        for (const k of [0, 1]) [pairs[2 * i + k], pairs[2 * j + k]] = [pairs[2 * j + k], pairs[2 * i + k]];
      }
      taken++;
    }
  }
  return taken;
}

/** The first chain that has left the plane or has no energy, and which of the two it was; null where all are well. */
export function lost({ x, energy }) {
  for (let i = 0; i < energy.length; i++) {
    const far = Math.max(Math.abs(x[2 * i]), Math.abs(x[2 * i + 1]));
    if (!(far < FAR)) return { chain: i, why: "far" };
    if (!Number.isFinite(energy[i])) return { chain: i, why: "energy" };
  }
  return null;
}
