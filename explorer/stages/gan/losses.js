/** Names and line styles of the three losses. */

const SAMPLES = { saturating: ["ink", "┈┈"], "non-saturating": [3, "╌╌"], "wgan-gp": [2, "──"] };

export const NAMES = { saturating: "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "WGAN-GP" };

/** The line in print. */
export const sampleOf = (loss) => SAMPLES[loss][1];

export const colourOf = (loss, colours) => colours.classes[SAMPLES[loss][0]] ?? colours[SAMPLES[loss][0]];
