/** The β slider: logarithmic from 0.01 to 100, with a stop at exactly 0 beyond a gap that it jumps over. */

import { button, fill, h, isBrowsers, setText, setWords } from "../kit/base/dom.js";
import { rove } from "../kit/base/rove.js";
import { formatBeta, rates } from "./card.js";

const STEPS = 1000;
const ZERO = -110;
const STEP = 10;
const PRESETS = [0, 0.01, 0.1, 1, 10, 100];

/** From a place on the slider to β and back; what falls into the gap belongs to its nearer end. */
function scaleOf({ low, high }) {
  const decades = Math.log10(high / low);
  const betaAt = (position) =>
    position < ZERO / 2 ? 0 : Number((low * 10 ** ((decades * Math.max(0, position)) / STEPS)).toPrecision(3));
  const positionOf = (beta) => (beta === 0 ? ZERO : Math.round((STEPS * Math.log10(beta / low)) / decades));
  return { low, betaAt, positionOf };
}

export function createControls(ctx) {
  const { store } = ctx;
  const scale = scaleOf(ctx.fields.beta);
  const value = h("output", { class: "number value" });
  const terms = [h("p", { class: "number terms" }), h("p", { class: "number terms" })];
  const input = h("input", {
    type: "range",
    min: ZERO,
    max: STEPS,
    step: 1,
    "aria-label": "β, the weight of the KL term in training",
  });
  const ticks = PRESETS.map((beta) => tick(beta, scale, () => store.commit({ beta })));
  fill(
    ctx.map.beta,
    h("div", { class: "beta-head" }, h("span", { class: "beta-name" }, "β"), value),
    h("div", { class: "beta-terms with-numbers" }, terms),
    h("div", { class: "beta-track" }, input, rove(h("div", { class: "ticks" }, ticks))),
  );
  input.addEventListener("input", () => store.set({ beta: scale.betaAt(+input.value) }));
  input.addEventListener("change", () => store.commit({}));
  input.addEventListener("keydown", (event) => jump(event, store, scale));
  return {
    /** @param {Set<string>} changed @param {State} state */
    update(changed, { beta }) {
      if (!["beta", "data", "mount", "value"].some((key) => changed.has(key))) return;
      input.value = String(scale.positionOf(beta));
      const texts = termsTexts(rates(ctx.net(), beta));
      const chosen = [`β = ${formatBeta(beta)}`, ...texts].filter(Boolean);
      setWords(input, (asks) => input.setAttribute("aria-valuetext", asks ? chosen[0] : chosen.join(", ")));
      setText(value, formatBeta(beta));
      texts.forEach((text, i) => setText(terms[i], text));
      ticks.forEach((item, i) => item.setAttribute("aria-pressed", String(PRESETS[i] === beta)));
    },
  };
}

function tick(beta, { positionOf }, onclick) {
  const item = button(String(beta), onclick, { kind: "tick", pressed: false, title: `β = ${beta}` });
  item.style.left = `${(100 * (positionOf(beta) - ZERO)) / (STEPS - ZERO)}%`;
  return item;
}

/** Arrow keys cross the gap in one step, which the slider alone would not do. */
function jump(event, store, { low, betaAt, positionOf }) {
  const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  if (!direction || isBrowsers(event)) return;
  event.preventDefault();
  const { beta } = store.get();
  const step = direction * (event.shiftKey ? 5 : 1) * STEP;
  const next = positionOf(beta) + step;
  const position = beta === 0
    ? (direction > 0 ? 0 : ZERO)
    : next < 0 && beta === low
    ? ZERO
    : Math.max(0, Math.min(STEPS, next));
  store.commit({ beta: betaAt(position) });
}

function termsTexts({ distortion, rate }) {
  if (distortion === null) return ["", ""];
  return [`D ${distortion.toFixed(2)} nats`, rate === null ? "R undefined" : `R ${rate.toFixed(2)} nats`];
}
