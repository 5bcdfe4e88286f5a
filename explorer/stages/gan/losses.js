/** Names and line styles of the three losses. */

const SAMPLES = { saturating: [1, "┈┈"], "non-saturating": [3, "╌╌"], "wgan-gp": [2, "──"] };

export const NAMES = { saturating: "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "WGAN-GP" };

/** The line in print. */
export const sampleOf = (loss) => SAMPLES[loss][1];

export const colourOf = (loss, { classes }) => classes[SAMPLES[loss][0]];
