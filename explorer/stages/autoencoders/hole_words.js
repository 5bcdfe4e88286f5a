/** What comes of codes that nobody encoded, said with its own numbers. */

import { num, percent } from "../kit/shell/format.js";

export const PRIORS = {
  standard: { name: "N(0, I)", words: "from N(0, I)" },
  fitted: {
    name: "a Gaussian fitted to the codes",
    words: "from the Gaussian with the mean and covariance of the codes",
  },
};

/** Many of a class: digits by their plural, clothes by the name of their class. */
export const many = (name) => (name.length === 1 ? `${name}s` : `“${name}”`);

/** How many draws the classifier puts in each class. */
function countsOf(classes) {
  const counts = Array(10).fill(0);
  for (const label of classes) counts[label]++;
  return counts;
}

/** The counts of both networks, and the top of the one axis on which both are drawn. */
export function tallied({ own, vae }) {
  const counts = { own: countsOf(own.classes), vae: countsOf(vae.classes) };
  return { counts, top: Math.max(...counts.own, ...counts.vae) };
}

/** The class that comes most often, and how often; how many do not come at all. */
function commonest(classes) {
  const counts = countsOf(classes);
  const most = Math.max(...counts);
  return { label: counts.indexOf(most), share: most / classes.length, none: counts.filter((count) => !count).length };
}

export function holeWords(kind, prior, { own, vae }, names) {
  const [mine, other] = [commonest(own.classes), commonest(vae.classes)];
  const missing = mine.none ? `; ${mine.none} of the ten classes never come` : "";
  const far = ({ kl, se }) => `${num(kl)} ± ${num(se)} nats`;
  const most = ({ label, share }) => `${percent(share)} of them for ${many(names[label])}`;
  const from = PRIORS[prior].words;
  return `${own.classes.length} codes ${from}, decoded by the ${kind} autoencoder: the classifier takes ` +
    `${most(mine)}${missing}, ${far(own)} from equal shares. Decoded by the VAE, whose codes were trained towards ` +
    `N(0, I): ${most(other)}, ${far(vae)}. It is sure of ${percent(own.sure)} and of ${percent(vae.sure)}: a ` +
    "classifier sees some class in anything.";
}
