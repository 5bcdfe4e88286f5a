/** What a visitor sees of score matching, said with its own numbers. */

import { num, percent } from "../kit/shell/format.js";

const SMALL = 0.01; // a loss that stands for equal scores
const FAR = 0.1; // nats, and a share of the mass, that stand for different densities

/** The three losses, which move together. */
export function lossRows(found) {
  return [
    ["explicit: ½ E (s − ∇ log p)²", num(found?.explicit, 3)],
    ["implicit: E (s′ + ½ s²)", num(found?.implicit, 3)],
    ["denoising: ½ E (s + ε ÷ σ)²", num(found?.denoising, 3)],
  ];
}

/** What they do not see, and by what they differ. */
export function otherRows(found) {
  return [
    ["implicit less explicit", num(found && found.implicit - found.explicit, 3)],
    ["denoising less explicit", num(found && found.denoising - found.explicit, 3)],
    ["KL(p ‖ model), nats: no loss sees it", num(found?.kl, 3)],
    ["right of 0: data | model", found ? `${percent(found.right.data)} | ${percent(found.right.model)}` : "–"],
  ];
}

export function scoreWords({ explicit, kl, right }) {
  const masses = `${percent(right.data)} of the data and ${percent(right.model)} of the model lie right of 0`;
  if (explicit < SMALL && kl > FAR) {
    return `The losses see almost nothing: the explicit one is ${num(explicit, 3)}. But ${masses}, a KL of ${
      num(kl)
    } nats. Hardly any data lie where the scores differ.`;
  }
  if (explicit < SMALL) return `Both scores nearly agree, and ${masses}: all three losses are at their least.`;
  return `The scores differ where data are: ½ E (s − ∇ log p)² is ${
    num(explicit, 3)
  }. The other two losses have moved ` +
    `by the same amount. ${masses[0].toUpperCase()}${masses.slice(1)}.`;
}
