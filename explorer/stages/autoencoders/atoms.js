/** The sum of a dictionary's atoms, as the sparse autoencoder's decoder adds them. */

import { imageOf, PIXELS } from "../kit/image/pixels.js";

/** b + Σ gain · z · d over the units that fire, cut to what is between black and white. */
export function summed({ values, atoms, bias }, gains) {
  const out = Float64Array.from(bias);
  gains.forEach((gain, rank) => {
    const weight = gain * values[rank];
    if (weight) { for (let i = 0; i < PIXELS; i++) out[i] += weight * atoms[rank * PIXELS + i]; }
  });
  return Float32Array.from(out, (value) => Math.max(0, Math.min(1, value)));
}

/** The squared distance of grey levels 0…1 from bytes. */
export const errorOf = (pixels, bytes) => pixels.reduce((sum, value, i) => sum + (value - bytes[i] / 255) ** 2, 0);

/** An atom as grey levels: mid-grey is 0, its largest weight is white or black. */
export function atomLevels(atoms, rank) {
  const atom = imageOf(atoms, rank);
  const reach = atom.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return Float32Array.from(atom, (value) => 0.5 + value / (2 * reach));
}
