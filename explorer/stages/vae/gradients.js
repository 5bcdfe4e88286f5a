/** The gradients of D + β·R at one draw: what autograd found beside what the formulas say. */
import { h } from "../kit/shell/dom.js";
import { num, pair, plus } from "../kit/shell/format.js";
import { numberTable } from "../kit/shell/parts.js";

const EQUAL = 1e-5;
const AXES = ["₁", "₂"];

function muRow({ mu, gradients, request }, i) {
  const { autograd, formula, terms } = gradients;
  const sum = `${num(terms.dDdz[i], 3)} ${plus(request.beta * mu[i], 3)}`;
  return [`∂/∂μ${AXES[i]}`, num(autograd.mu[i], 4), num(formula.mu[i], 4), sum];
}

function sigmaRow({ sigma, eps, gradients, request }, i) {
  const { autograd, formula, terms } = gradients;
  const sum = `${num(terms.dDdz[i] * eps[i], 3)} ${plus(request.beta * (sigma[i] - 1 / sigma[i]), 3)}`;
  return [`∂/∂σ${AXES[i]}`, num(autograd.sigma[i], 4), num(formula.sigma[i], 4), sum];
}

export function createGradients(answer) {
  if (!answer.gradients) return h("p", { class: "cannot" }, answer.cannot);
  const rows = [0, 1].map((i) => muRow(answer, i)).concat([0, 1].map((i) => sigmaRow(answer, i)));
  return [
    h("p", { class: "formulas" }, "of D + β·R at this ε:  ∂D/∂z + β μ  and  (∂D/∂z) ⊙ ε + β (σ − 1/σ)"),
    numberTable("Gradients", ["", "autograd", "formula", "its two terms"], rows),
  ];
}

export function gradientWords({ mu, gradients, request }) {
  if (!gradients) return "";
  const { autograd, formula, terms } = gradients;
  const difference = Math.max(
    ...["mu", "sigma"].flatMap((key) => autograd[key].map((value, i) => Math.abs(value - formula[key][i]))),
  );
  const prior = mu.map((value) => request.beta * value);
  const agreement = difference < EQUAL
    ? "agree to four digits after the point"
    : `differ by ${num(difference, 5)} at most`;
  return (
    `Autograd and the formulas ${agreement}. ` +
    `On μ the pixels of this image push with ${pair(terms.dDdz)} and the prior with ${pair(prior)}; ` +
    "a step of descent goes against their sum."
  );
}
