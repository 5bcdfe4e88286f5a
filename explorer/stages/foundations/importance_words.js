/** What a visitor sees of importance weights, said with its own numbers. */

import { brief, num } from "../kit/shell/format.js";

export function importanceRows(found) {
  const about = ({ mean, se }) => `${num(mean)} ± ${num(se)}`;
  const error = (se) => (Number.isFinite(se) ? ` ± ${brief(se)}` : "");
  return [
    ["exact p(x)", found ? brief(Math.exp(found.exact), 3) : "–"],
    ["p̂(x), first repetition", found ? `${brief(Math.exp(found.first.log), 3)}${error(found.first.se)}` : "–"],
    ["effective sample size", found ? `${num(found.first.ess, 1)} of ${found.draws}` : "–"],
    ["exact log p(x)", num(found?.exact)],
    ["mean of log p̂, proposal", found ? about(found.means.proposal) : "–"],
    ["mean of log p̂, prior", found ? about(found.means.prior) : "–"],
  ];
}

export function importanceWords({ draws, exact, first, means, times, wide }) {
  const low = ({ mean, se }) =>
    Math.abs(exact - mean) < 2 * se
      ? "exact within its error"
      : `${num(Math.abs(exact - mean))} nats too ${mean < exact ? "low" : "high"}`;
  const worth = draws === 1
    ? "One draw of the proposal is taken at a time."
    : `Of ${draws} draws of the proposal ${num(first.ess, 1)} count.`;
  const infinite = wide
    ? ""
    : " The proposal is too narrow: its weights have no finite variance, so ± and the effective size say nothing.";
  return `${worth} Over ${times} repetitions log p̂ is on average ${low(means.proposal)}, by draws of the prior ` +
    `${low(means.prior)}. p̂ itself is right on average; its logarithm is too low by Jensen's inequality, and less ` +
    `so with more draws.${infinite}`;
}
