/** What a visitor sees of a likelihood, said with its own numbers. */

import { capital, num } from "../kit/shell/format.js";
import { DATA, MEAN, OUTCOMES } from "./likelihood_of.js";

const NEAR = 0.005; // nats that are called none

export function pointsRows(found) {
  const said = (value) => num(value ?? undefined);
  return [
    ...DATA.map((x, i) => [`log N(${x}; μ, σ²)`, said(found?.terms[i])]),
    ["their sum, the log-likelihood", said(found?.sum)],
    ["penalty μ² ÷ 2τ²", said(found?.penalty)],
    ["sum less penalty", said(found?.prior ? found.sum - found.penalty : null)],
    ["NLL a point: cross-entropy", said(found && -found.sum / DATA.length)],
    ["MAP: Σx ÷ (3 + σ² ÷ τ²)", said(found?.map)],
  ];
}

export function pointsWords({ mu, sigma, terms, sum, best, peak, bestSigma, prior, tau, penalty, map }) {
  const least = terms.indexOf(Math.min(...terms));
  const lost = best - sum;
  const where = lost < NEAR
    ? `No μ does better at this σ: it is the mean of the points, 10/3. Over both, σ = ${num(bestSigma)} is best.`
    : `The least likely, ${DATA[least]}, adds ${num(terms[least])} of it. At μ = 10/3 it would be ${num(lost)} more.`;
  const dense = peak > 1 ? ` At its top the density is ${num(peak)}: a density may exceed 1.` : "";
  const said = `μ = ${num(mu)} and σ = ${num(sigma)} give a log-likelihood of ${num(sum)} nats. ${where}${dense}`;
  if (!prior) return said;
  return `${said} The prior of width τ = ${num(tau)} takes ${num(penalty)} away and pulls the best μ from ` +
    `${num(MEAN)} to ${num(map)}.`;
}

export function tableRows(found) {
  const said = (value) => num(value, 3);
  return [
    ...OUTCOMES.map((name, i) => [`−p log q, ${name}`, said(found?.terms[i])]),
    ["their sum, H(p, q)", said(found?.cross)],
    ["H(p)", said(found?.entropy)],
    ["KL(p ‖ q)", said(found?.kl)],
    ["H(p) + KL(p ‖ q)", said(found && found.entropy + found.kl)],
  ];
}

export function tableWords({ p, q, cross, entropy, kl, over }) {
  const sum = `${num(entropy, 3)} + ${num(kl, 3)} = ${num(cross, 3)} nats`;
  if (kl < NEAR) return `q is p: ${sum}. What is left is the entropy of p, and no model can get below it.`;
  const most = over.indexOf(Math.max(...over));
  return `An outcome costs ${sum} on average: the entropy of p, which no q can change, and the KL divergence, which q ` +
    `can bring to nought. ${capital(OUTCOMES[most])} costs most of it: it comes with ${num(p[most])} and q says ${
      num(q[most])
    }.`;
}
