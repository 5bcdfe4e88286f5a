/** How long a 256×256 colour image would take, at a time measured for one pixel. */

export const SUBPIXELS = 256 * 256 * 3;
export const TOKENS = 32 * 32;

const MINUTE = 60;

/** Seconds in the unit that a person would choose. */
export function duration(seconds) {
  const units = [["d", 24 * 60 * MINUTE], ["h", 60 * MINUTE], ["min", MINUTE], ["s", 1]];
  const [unit, size] = units.find(([, size]) => seconds >= 1.5 * size) ?? ["ms", 1e-3];
  return `${Number((seconds / size).toPrecision(seconds / size >= 100 ? 3 : 2)).toLocaleString("en")} ${unit}`;
}
