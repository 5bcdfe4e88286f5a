/** The β slider: logarithmic from 0.01 to 100, with a stop at exactly 0 beyond a gap that it jumps over. */

import { button, fill, h, setText } from "../shared/dom.js";
import { formatBeta, rates } from "./card.js";
import { BETA_MAX, BETA_MIN } from "./fields.js";

const STEPS = 1000;
const ZERO = -110;
const STEP = 10;
const PRESETS = [0, 0.01, 0.1, 1, 10, 100];
const DECADES = Math.log10(BETA_MAX / BETA_MIN);

/** Place on the slider to β; what falls into the gap belongs to its nearer end. */
function betaAt(position) {
  if (position < ZERO / 2) return 0;
  return Number((BETA_MIN * 10 ** ((DECADES * Math.max(0, position)) / STEPS)).toPrecision(3));
}

function positionOf(beta) {
  return beta === 0 ? ZERO : Math.round((STEPS * Math.log10(beta / BETA_MIN)) / DECADES);
}

export function createControls(ctx, layout) {
  const { store } = ctx;
  const value = h("output", { class: "number value" });
  const terms = [h("p", { class: "number terms" }), h("p", { class: "number terms" })];
  const input = h("input", {
    type: "range",
    min: ZERO,
    max: STEPS,
    step: 1,
    "aria-label": "β, the weight of the KL term in training",
  });
  const ticks = PRESETS.map((beta) => tick(beta, () => store.set({ beta }, { commit: true })));
  fill(
    layout.beta,
    h("div", { class: "beta-head" }, h("span", { class: "beta-name" }, "β"), value),
    h("div", { class: "beta-terms" }, terms),
    h("div", { class: "beta-track" }, input, h("div", { class: "ticks" }, ticks)),
  );
  input.addEventListener("input", () => store.set({ beta: betaAt(+input.value) }));
  input.addEventListener("change", () => store.set({}, { commit: true }));
  input.addEventListener("keydown", (event) => jump(event, store));
  return {
    update(changed, { beta }) {
      if (!["beta", "data", "mount", "value"].some((key) => changed.has(key))) return;
      input.value = positionOf(beta);
      const texts = termsTexts(rates(ctx.entry(), beta));
      input.setAttribute("aria-valuetext", [`β = ${formatBeta(beta)}`, ...texts].filter(Boolean).join(", "));
      setText(value, formatBeta(beta));
      texts.forEach((text, i) => setText(terms[i], text));
      ticks.forEach((item, i) => item.setAttribute("aria-pressed", String(PRESETS[i] === beta)));
    },
  };
}

function tick(beta, onclick) {
  const item = button(String(beta), onclick, { kind: "tick", pressed: false, title: `β = ${beta}` });
  item.style.left = `${(100 * (positionOf(beta) - ZERO)) / (STEPS - ZERO)}%`;
  return item;
}

/** Arrow keys cross the gap in one step, which the slider alone would not do. */
function jump(event, store) {
  const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  if (!direction) return;
  event.preventDefault();
  const { beta } = store.get();
  const step = direction * (event.shiftKey ? 5 : 1) * STEP;
  const next = positionOf(beta) + step;
  const position = beta === 0
    ? (direction > 0 ? 0 : ZERO)
    : next < 0 && beta === BETA_MIN
    ? ZERO
    : Math.max(0, Math.min(STEPS, next));
  store.set({ beta: betaAt(position) }, { commit: true });
}

function termsTexts({ distortion, rate }) {
  if (distortion === null) return ["", ""];
  return [`D ${distortion.toFixed(2)} nats`, rate === null ? "R undefined" : `R ${rate.toFixed(2)} nats`];
}
