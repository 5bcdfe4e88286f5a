/** What a visitor sees of the chain by hand, said with its own numbers. */

import { listed, num, percent } from "../kit/shell/format.js";
import { nameOf, placeOf } from "./cells.js";
import { MASKED } from "./markov.js";

export const RUNS = 100;

const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** What stands below the three images. */
export function chainCaption({ way, t, times, xt, x0 }) {
  if (way === "back") return t === times ? `t = ${t}: nothing is known of any image` : `back to t = ${t} of ${times}`;
  const masked = xt.filter((state) => state === MASKED).length;
  const wrong = xt.filter((state, cell) => state !== x0[cell]).length;
  return `t = ${t} of ${times}: ${
    masked ? `${count(masked, "pixel")} masked` : `${wrong} of 16 pixels differ from x₀`
  }`;
}

/** The live sentences of the chain. */
export function chainWords(what) {
  return [stepWords(what), what.t > 0 ? bayesWords(what) : "", givenWords(what), endWords(what)].filter(Boolean).join(
    " ",
  );
}

function stepWords({ kind, way, t, times }) {
  if (way === "back") return "The way back begins with what no image decides, and each step asks what x₀ may be.";
  if (t === 0) return "Nothing has happened yet: at each step every pixel is left alone or replaced, by itself.";
  const beta = 1 / (times - t + 1);
  const what = kind === "uniform" ? "each pixel is drawn anew" : "each visible pixel is masked";
  return `At step ${t} ${what} with probability β = ${
    num(beta, 3)
  }. After ${t} of ${times} steps a pixel is untouched ` +
    `with probability ${num(1 - t / times, 3)}.`;
}

function bayesWords({ cell, xt, x0, posterior, kind, way }) {
  if (way === "back") return "";
  const told = posterior.map((p, state) => p > 0 && `${nameOf(state)} ${num(p, 3)}`).filter(Boolean);
  const where = `The pixel in ${placeOf(cell)} is ${nameOf(xt[cell])} and was ${nameOf(x0[cell])} at first`;
  const sure = kind === "absorbing" && xt[cell] !== MASKED ? ": what is not masked has never changed" : "";
  return `${where}, so one step before it was ${listed(told)}${sure}.`;
}

function givenWords({ weights, xt, cell, white, kind }) {
  const able = weights.filter((weight) => weight > 1e-12).length;
  if (!able) return "None of the 30 bars and stripes could have become this xₜ: pixels that must agree do not.";
  const who = able === 1
    ? "Only one of the 30 bars and stripes"
    : able === weights.length
    ? "Any of the 30 bars and stripes"
    : `${able} of the 30 bars and stripes`;
  const sure = able > 1 ? `, the likeliest with ${percent(Math.max(...weights))}` : "";
  const makes = able === 1 ? "it makes" : "together they make";
  const against = kind === "uniform" && xt[cell] !== Number(white[cell] > 0.5) ? ", against what it shows" : "";
  return `${who} could have become this xₜ${sure}; ${makes} this pixel white with probability ` +
    `${num(white[cell], 2)}${against}.`;
}

function endWords({ way, t, times, hits, ends }) {
  if (way !== "back" || t > 0) return "";
  const own = ends ? "It ended in bars or stripes" : "It ended in something that is neither bars nor stripes";
  return `${own}; of ${RUNS} ways back in ${times} steps ${hits} end in one. Each guess is exact: what fails is that the ` +
    "pixels of one step are drawn without knowing of each other.";
}
