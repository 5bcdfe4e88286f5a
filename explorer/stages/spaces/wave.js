/** Sounds: a µ-law level from 0 to 255 for every sample. */

const MU = 255;

/** The amplitude, from −1 to 1, of a level. @param {number} level */
export function amplitudeOf(level) {
  const y = 2 * level / MU - 1;
  return Math.sign(y) * Math.expm1(Math.abs(y) * Math.log1p(MU)) / MU;
}

/** The level of an amplitude from −1 to 1. @param {number} amplitude */
export function levelOf(amplitude) {
  const a = Math.max(-1, Math.min(1, amplitude));
  const y = Math.sign(a) * Math.log1p(MU * Math.abs(a)) / Math.log1p(MU);
  return Math.floor((y + 1) / 2 * MU + 0.5);
}

/** @type {SpaceReader} */
export const wave = { read: (bytes) => bytes };
