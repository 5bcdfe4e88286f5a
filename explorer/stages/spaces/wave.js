/** Sounds: a µ-law level from 0 to 255 for every sample. */

const MU = 255;

/** The amplitude, from −1 to 1, of a level. */
export function amplitudeOf(level) {
  const y = 2 * level / MU - 1;
  return Math.sign(y) * Math.expm1(Math.abs(y) * Math.log1p(MU)) / MU;
}

export const wave = { read: (bytes) => bytes };
