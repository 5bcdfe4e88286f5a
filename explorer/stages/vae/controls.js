/** The β slider: logarithmic from 0.01 to 100, with a stop at exactly 0 beyond a gap that it jumps over. */

import { button, fill, h, isBrowsers, setWords } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { rove } from "../kit/base/rove.js";
import { computed } from "../kit/base/vendor/signals-core.js";
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

/**
 * The slider sets the `store` of the stage, which is followed once a display frame.
 * @param {Pick<Ctx, "store">} stage @param {import("../kit/base/follow.js").Followed} followed
 */
export function createControls({ store }, { ctx, state }) {
  const scale = scaleOf(ctx.fields.beta);
  const texts = computed(() => termsTexts(rates(ctx.net(), state.beta)));
  const value = h("output", { class: "number value" }, () => formatBeta(state.beta));
  const terms = [0, 1].map((i) => h("p", { class: "number terms" }, () => texts.value[i]));
  const input = h("input", {
    type: "range",
    min: ZERO,
    max: STEPS,
    step: 1,
    "aria-label": "β, the weight of the KL term in training",
  });
  const ticks = PRESETS.map((beta) => tick(beta, scale, state, () => store.commit({ beta })));
  fill(
    ctx.map.beta,
    h("div", { class: "beta-head" }, h("span", { class: "beta-name" }, "β"), value),
    h("div", { class: "beta-terms with-numbers" }, terms),
    h("div", { class: "beta-track" }, input, rove(h("div", { class: "ticks" }, ticks))),
  );
  input.addEventListener("input", () => store.set({ beta: scale.betaAt(+input.value) }));
  input.addEventListener("change", () => store.commit({}));
  input.addEventListener("keydown", (event) => jump(event, store, scale));
  whenever(() => (input.value = String(scale.positionOf(state.beta))));
  whenever(() => {
    const chosen = [`β = ${formatBeta(state.beta)}`, ...texts.value].filter(Boolean);
    setWords(input, (asks) => input.setAttribute("aria-valuetext", asks ? chosen[0] : chosen.join(", ")));
  });
}

function tick(beta, { positionOf }, state, onclick) {
  const item = button(String(beta), onclick, { kind: "tick", title: `β = ${beta}` });
  whenever(() => item.setAttribute("aria-pressed", String(state.beta === beta)));
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
