/** How the lines of the three losses look in a chart. */

const STYLES = {
  saturating: { index: 1, dash: [2, 3], sample: "┈" },
  "non-saturating": { index: 3, dash: [7, 4], sample: "╌" },
  "wgan-gp": { index: 2, dash: [], sample: "—" },
};

export const NAMES = { saturating: "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "WGAN-GP" };

export const dashOf = (loss) => STYLES[loss].dash;

/** The line in print. */
export const sampleOf = (loss) => STYLES[loss].sample;

/** The palette, with a colour for each loss by its name. */
export function withLosses(colours) {
  const own = Object.entries(STYLES).map(([loss, { index }]) => [loss, colours.classes[index]]);
  return { ...colours, ...Object.fromEntries(own) };
}
