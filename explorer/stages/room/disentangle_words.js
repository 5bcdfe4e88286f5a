/** What latents say of factors that are known, in words that follow from the card. */

import { listed, num, percent } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";

const SAYS = 0.02; // of a factor's entropy
const MIXED = 0.25; // of what a latent knows most of
const T = { 1: 12.71, 2: 4.3, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 8: 2.31 }; // of Student, 95 %, by degrees of freedom

const squares = (values) => values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0);

/** The mean of values and half an interval of 95 % for it, null with one value. */
function meanOf(values) {
  const n = values.length;
  const half = n > 1 ? T[n - 1] * Math.sqrt(squares(values) / (n - 1) / n) : null;
  return { values, mean: n ? mean(values) : null, half };
}

/** The gaps of a β's seeds, of their own latents, or of those turned at random: {values, mean, half}. */
export function gapsOf({ rows }, beta, name = "mig") {
  return meanOf(rows.filter((row) => row.name === name && row.beta === Number(beta)).map(({ value }) => value));
}

/** Latents of a β by all that they say, the most first. */
export function orderOf(information) {
  const sums = information.map((latent) => latent.reduce((sum, share) => sum + share, 0));
  return sums.map((_, latent) => latent).sort((a, b) => sums[b] - sums[a]);
}

/** The two latents that say most of a factor: {first, second, shares}. */
export function twoBest(information, factor) {
  const [first, second] = information.map((_, latent) => latent)
    .sort((a, b) => information[b][factor] - information[a][factor]);
  return { first, second, shares: [first, second].map((latent) => Math.max(0, information[latent][factor])) };
}

/** Whether the means of two βs differ, by Student's test of equal variances at 95 %: -1, 0 or 1. */
function compared(one, other) {
  const freedom = one.values.length + other.values.length - 2;
  if (!T[freedom]) return 0;
  const pooled = (squares(one.values) + squares(other.values)) / freedom;
  const error = Math.sqrt(pooled * (1 / one.values.length + 1 / other.values.length));
  return Math.abs(one.mean - other.mean) > T[freedom] * error ? Math.sign(one.mean - other.mean) : 0;
}

/** The sentences of a β and a latent of its order. */
export function disentangleWords(known, betas, beta, place) {
  const gaps = new Map(betas.map((each) => [each, gapsOf(known, each)]));
  const information = known.information[beta];
  return [
    ownWords(gaps.get(beta), beta),
    latentWords(known.factors, information, place),
    lostWords(known.factors, information),
    beta === "1" ? bestWords(gaps) : besideWords(gaps.get(beta), gaps.get("1")),
    turnedWords(gaps.get(beta), gapsOf(known, beta, "mig_turned")),
  ].filter(Boolean).join(" ");
}

function ownWords({ values, mean, half }, beta) {
  const spread = half === null ? "" : ` ± ${num(half, 2)}`;
  const seeds = values.length > 1 ? `the mean of ${values.length} seeds` : "with one seed";
  return `With β = ${beta} the mutual information gap is ${num(mean, 2)}${spread}, ${seeds}.`;
}

function latentWords(factors, information, place) {
  const shares = information[orderOf(information)[place]];
  const said = factors.map((name, k) => [name, shares[k]]).filter(([, share]) => share >= SAYS)
    .sort((a, b) => b[1] - a[1]).map(([name, share]) => `${percent(share)} of the ${name}`);
  if (!said.length) return `Latent ${place + 1} says nothing of any factor.`;
  const [most, second] = shares.toSorted((a, b) => b - a);
  const whole = second < MIXED * most ? "mostly the first" : "which it mixes";
  return `Latent ${place + 1} knows ${listed(said)}${said.length > 1 ? `, ${whole}` : " alone"}.`;
}

function lostWords(factors, information) {
  const lost = factors.filter((_, k) => twoBest(information, k).shares[0] < SAYS);
  return lost.length ? `No latent says anything of the ${listed(lost, "or the")}.` : "";
}

function besideWords(own, plain) {
  if (!plain.values.length || !own.values.length) return "";
  return {
    "-1": "That is less than with β = 1.",
    0: "By so few seeds that cannot be told from β = 1.",
    1: "That is more than with β = 1.",
  }[compared(own, plain)];
}

function bestWords(gaps) {
  const known = [...gaps].filter(([, { values }]) => values.length);
  const [best, own] = known.reduce((most, each) => (each[1].mean > most[1].mean ? each : most));
  const [last, end] = known.at(-1);
  return `The largest mean is at β = ${best}, ${num(own.mean, 2)}; at β = ${last} it is ${num(end.mean, 2)}.`;
}

function turnedWords(own, turned) {
  if (!turned.values.length) return "";
  const more = meanOf(own.values.map((value, seed) => value - turned.values[seed]));
  const verdict = more.half === null || Math.abs(more.mean) <= more.half
    ? "its axes are not shown to be better than chance"
    : more.mean > 0
    ? "its own axes are better than chance"
    : "its own axes are worse than chance";
  return `Along axes turned at random the same codes have ${num(turned.mean, 2)}: ${verdict}.`;
}
