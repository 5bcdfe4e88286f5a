/** Texts: a byte a character, its place in the alphabet; one beyond the alphabet is not drawn yet. */

/** @type {SpaceReader} */
export const text = { read: (bytes) => bytes };
