/** The bars of a file of a text, an image or a sound, and those of other tools. */

/** The bars of the other tools' files. */
export const barsOfOthers = ({ others }) =>
  others.map(([title, file, around]) => ({ title, code: file - around, around }));

/** The bar of a network's file; the code by bits back is counted without the bits that it begins with. */
export const barOf = ({ code, first, header }, title) => ({
  title,
  code: code - first / 8,
  first: first / 8,
  around: header,
  ofModel: true,
});

/** The tool whose code is the shortest, and its bytes: [title, bytes]. */
export function bestTool({ others }) {
  const sizes = others.map(([title, file, around]) => [title, file - around]);
  return sizes.reduce((a, b) => (b[1] < a[1] ? b : a));
}
