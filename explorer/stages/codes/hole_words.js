/** What comes of codes that nobody encoded, said with its own numbers. */

import { num, percent } from "../kit/format.js";

export const PRIORS = {
  standard: { name: "N(0, I)", words: "from N(0, I)" },
  fitted: {
    name: "a Gaussian fitted to the codes",
    words: "from the Gaussian with the mean and covariance of the codes",
  },
};

/** The class that comes most often, and how often; how many do not come at all. */
function commonest(classes) {
  const counts = Array(10).fill(0);
  for (const label of classes) counts[label]++;
  const most = Math.max(...counts);
  return { label: counts.indexOf(most), share: most / classes.length, none: counts.filter((count) => !count).length };
}

export function holeWords(kind, prior, { own, vae }) {
  const [mine, other] = [commonest(own.classes), commonest(vae.classes)];
  const missing = mine.none ? `; ${mine.none} of the ten digits never come` : "";
  return `${own.classes.length} codes ${
    PRIORS[prior].words
  }, decoded by the ${kind} autoencoder: the classifier takes ` +
    `${percent(mine.share)} of them for ${mine.label}s${missing}, ${num(own.kl)} ± ${num(own.se)} nats from equal ` +
    `shares. Of the VAE, whose codes were trained towards N(0, I), ${percent(other.share)} are ${other.label}s, ` +
    `${num(vae.kl)} ± ${num(vae.se)} nats. It is sure of ${percent(own.sure)} and of ${
      percent(vae.sure)
    }: a classifier ` +
    `sees some digit in anything.`;
}
