/** What a visitor sees of four energies while they are trained, said with their own numbers. */

import { num, percent } from "../kit/shell/format.js";
import { WAYS } from "./words.js";

const names = Object.keys(WAYS);

export const captionOf = ({ step }) =>
  step ? `After ${step.toLocaleString("en")} steps.` : "Before the first step: four equal networks.";

/** Under a panel, whose bars end at the length `longest`. */
export function wayCaption({ found, phases }, way, longest) {
  const pulled = phases[way];
  const kl = `KL ${num(found[way].kl, 3)} nats.`;
  if (!pulled) return kl;
  const { positive, negative, both } = pulled;
  const lengths = `positive phase ${num(positive)}, negative phase ${num(negative)}, their sum ${num(both)}`;
  return `${kl} Gradients, on an axis to ${num(longest)}: ${lengths}.`;
}

export function frameWords(frame, { k, jumps }) {
  if (!frame.step) return "The four begin alike: a network that knows nothing, and half the squared distance.";
  const { found, phases } = frame;
  const [best, ...others] = [...names].sort((a, b) => found[a].kl - found[b].kl);
  const worst = others.at(-1);
  const { positive, negative, both } = phases.pcd;
  const walk = `chains of ${k} step${k === 1 ? "" : "s"}${jumps ? ", of which the persistent ones also jump" : ""}`;
  return `${captionOf(frame)} With ${walk}, nearest to the known density is ${WAYS[best].name} (KL ` +
    `${num(found[best].kl, 3)} nats), farthest ${WAYS[worst].name} (${
      num(found[worst].kl, 3)
    }). By persistent chains the ` +
    `gradient of the positive phase is ${num(positive)} long, that of the negative phase ${
      num(negative)
    }, and that of ` +
    `their sum ${num(both)}. In the wrong piece lies ${percent(found.pcd.off)} of the mass by persistent chains, and ` +
    `${percent(found.sm.off)} by score matching.`;
}
