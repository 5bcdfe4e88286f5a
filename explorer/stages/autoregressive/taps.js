/** A masked kernel's taps: which it keeps, and what it means that one is kept. Nothing here touches the page. */

/** The cells that a mask keeps, 0 or 1 in raster order: those before the centre, and under B the centre too. */
const maskOf = (size, type) =>
  Array.from({ length: size * size }, (_, cell) => Number(cell < centreOf(size) + (type === "B")));

export const centreOf = (size) => (size * size - 1) / 2;

/** The cells with those switched by hand the other way round. */
const switched = (mask, taps) => mask.map((kept, cell) => (taps.includes(cell) ? 1 - kept : kept));

/**
 * What a cell is: "kept" or "off" as the mask wants it, "missing" where it could be kept, "itself" or "future" where it
 * leaks.
 */
export function kindsOf(size, type, taps) {
  const mask = maskOf(size, type);
  return switched(mask, taps).map((kept, cell) => {
    if (kept === mask[cell]) return kept ? "kept" : "off";
    if (!kept) return "missing";
    return cell === centreOf(size) ? "itself" : "future";
  });
}

/** How far a cell lies below and to the right of the centre. */
export const offsetOf = (cell, size) => [Math.floor(cell / size) - (size - 1) / 2, (cell % size) - (size - 1) / 2];
