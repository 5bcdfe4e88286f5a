/** What a visitor sees of the four ways at a moment of their training, said with their own numbers. */

import { num, percent } from "../kit/shell/format.js";
import { sharesOff, WAYS } from "./words.js";

const names = Object.keys(WAYS);

export const captionOf = ({ epoch, step }, { batch }) =>
  step
    ? `After ${num(epoch, epoch < 1 ? 2 : epoch % 1 ? 1 : 0)} epochs: ${step.toLocaleString("en")} steps of ` +
      `${batch} points.`
    : "Before the first step: four equal networks.";

/** Under a panel. */
export const wayCaption = ({ kl, outside, shares }, way, facts) =>
  `KL ${num(kl[way], 3)} nats. Of the mass, ${percent(outside[way], 1)} outside the data, ` +
  `${percent(sharesOff(shares[way], facts))} in the wrong piece.`;

/** The mass that each mode should have, and the top of the one axis that the bars of all objectives share. */
export function scaleOf({ shares }, { pieces }) {
  const all = pieces.reduce((a, b) => a + b, 0);
  const wanted = pieces.map((piece) => piece / all);
  return { wanted, top: Math.max(2 * Math.max(...wanted), ...Object.values(shares).flat()) };
}

const rowOf = ({ rows }, name, way) => rows.find((row) => row.name === name && row.of === way)?.value;

/** At the end also what score matching makes small, as the card has it. */
export function momentWords(moment, isLast, facts) {
  if (!moment.step) return "The four begin alike: a network that knows nothing, and half the squared distance.";
  const { kl, outside, shares } = moment;
  const widest = names.reduce((a, b) => (outside[a] > outside[b] ? a : b));
  const sorted = [...names].sort((a, b) => kl[a] - kl[b]);
  const [best, worst] = [sorted[0], sorted.at(-1)];
  const off = (way) => percent(sharesOff(shares[way], facts));
  const said = `${captionOf(moment, facts)} Nearest to the known density is ${WAYS[best].name}, with KL = ` +
    `${num(kl[best], 3)} nats; farthest is ${WAYS[worst].name}, with ${num(kl[worst], 3)}. Of the mass, ` +
    `${off("sm")} lies in the wrong piece by score matching, and ${
      off("pcd")
    } by persistent chains; where there are hardly any data lies ` +
    `most by ${WAYS[widest].name}, ${percent(outside[widest], 1)}.`;
  const [blind, seeing] = ["sm", "pcd"].map((way) => rowOf(facts, "fisher", way));
  if (!isLast || blind === undefined) return said;
  return `${said} By its own measure, the Fisher divergence, score matching ends at ${num(blind, 2)}, and persistent ` +
    `chains at ${num(seeing, 2)}: it does not ask how much mass lies where.`;
}
