/** The chain rule by hand: a 2×2 image drawn pixel by pixel from conditionals that a visitor sets. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { sum } from "../kit/base/sums.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { enlarged } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createBars, possible } from "./chain_bars.js";
import { bitsOf, DEFAULTS, draw, EXAMPLE, factors, indexOf, joint, nameOf, PIXELS, seedOf } from "./chain_rule.js";
import { createConditionals } from "./conditionals.js";

const costOf = (product) => (product > 0 ? num(-Math.log(product), 3) : "∞");

/** Probability of the first pixels, with its factors. */
function chanceOf(p, bits) {
  const parts = factors(p, bits);
  const product = parts.reduce((a, b) => a * b, 1);
  const multiplied = parts.length > 1 ? `${parts.map((part) => num(part)).join(" × ")} = ` : "";
  const names = bits.map((bit, pixel) => `${nameOf(pixel)}=${bit}`).join(", ");
  return { product, cost: costOf(product), chance: `p(${names}) = ${multiplied}${num(product, 4)}` };
}

/** The image so far, drawn pixel by pixel; what is drawn follows from the conditionals and the dice. */
function drawing({ state }) {
  const p = computed(() => state.p ?? DEFAULTS);
  const steps = computed(() => draw(p.value, state.dice).slice(0, state.step));
  const bits = computed(() => steps.value.map(({ bit }) => bit));
  const all = computed(() => joint(p.value));
  const report = computed(() => {
    const still = all.value.filter((_, image) => possible(image, bits.value));
    return { ...chanceOf(p.value, bits.value), count: still.length, sum: sum(still), next: nameOf(state.step) };
  });
  return { p, steps, bits, all, report };
}

function chain(self) {
  const { ctx, state, declared } = self;
  const { commit } = ctx.store;
  const { p, steps, bits, all, report } = drawing(self);
  const isDone = computed(() => state.step === PIXELS);

  const next = button("", () => commit({ step: state.step + 1 }), { kind: "primary" });
  const back = button("Take back", () => commit({ step: state.step - 1 }));
  const again = button("Start again", () => commit({ step: 0 }));
  whenever(() => {
    setText(next, isDone.value ? "All drawn" : `Draw ${nameOf(state.step)}`);
    next.disabled = isDone.value;
    back.disabled = again.disabled = state.step === 0;
    const { activeElement } = /** @type {{activeElement: (Element & {disabled?: boolean}) | null}} */ (document);
    if (!activeElement?.disabled || !ctx.root.contains(activeElement)) return;
    (isDone.value ? back : next).focus({ preventScroll: true });
  });

  const bars = createBars();
  whenever(() => bars.show(all.value, bits.value, ctx.colours()));
  const total = h("output", { class: "number" }, () => num(sum(all.value), 6));
  const title = h("h2", {}, "16 images, 1 in white; their probabilities sum to ", total);
  const head = h("div", { class: "chain-head" }, imageOf(self, bits), stepTable(self, p, steps));
  const main = h("div", { class: "chain" }, head, h("div", { class: "row" }, next, back, again), title, bars.element);

  const conditionals = createConditionals((index, value) => {
    const edited = p.value.with(index, value);
    commit({ p: edited.every((each, i) => each === DEFAULTS[i]) ? null : edited });
  });
  whenever(() => conditionals.show(p.value, isDone.value ? bits.value : [...bits.value, 0]));
  const reset = button("Start values", () => commit({ p: null }), {
    title: "The fifteen values that the page opens with",
  });
  whenever(() => (reset.disabled = state.p === null));
  function drawExample() {
    const dice = seedOf(p.value, EXAMPLE);
    if (dice === null) ctx.say(declared.says.unreached);
    else commit({ dice, step: PIXELS });
  }
  const example = h(
    "div",
    { class: "chain-example" },
    h("h2", {}, "One image multiplied out"),
    h("p", {}, () => sentences(declared, chanceOf(p.value, EXAMPLE), "example")),
    button("Draw 0, 1, 1, 0", drawExample, { title: "The first seed that draws this image" }),
  );
  const rows = () => figuresOf(declared, report.value);

  return {
    ...{ main, subject: null }, // by hand, without a network
    above: [shows(headline(rows(), 0, example), rows)],
    below: [conditionals.element, h("div", { class: "row" }, reset)],
    words: computed(() => {
      const name = state.step === 0 ? "begin" : isDone.value ? "drawn" : "begun";
      return sentences(declared, report.value, name);
    }),
    /** The right arrow draws a pixel, the left one takes it back. */
    key(event) {
      const element = { ArrowRight: next, ArrowLeft: back }[event.key];
      if (!element || element.disabled) return;
      element.click();
      event.preventDefault();
    },
    table: () => tableOf(p.value),
  };
}

/** The four pixels, which the picture of the mechanism shows too. */
function imageOf({ ctx, declared }, bits) {
  const cells = Array.from({ length: PIXELS }, () => h("span", { class: "chain-cell number" }));
  const image = h("div", { class: "chain-image", role: "img" }, cells);
  whenever(() => {
    const known = bits.value;
    cells.forEach((cell, pixel) => {
      setText(cell, pixel < known.length ? String(known[pixel]) : nameOf(pixel));
      cell.dataset.bit = known[pixel] ?? "";
      cell.classList.toggle("is-next", pixel === known.length);
    });
    const level = (pixel) => known[pixel] ?? (pixel === known.length ? 0.6 : 0.3);
    ctx.show("out", enlarged(cells.map((_, pixel) => level(pixel)), Math.sqrt(PIXELS)));
    const said = known.map((bit, pixel) => `${nameOf(pixel)} = ${bit}`).join(", ");
    image.ariaLabel = sentences(declared, { bits: said }, said ? "image" : "blank");
    ctx.describe(image.ariaLabel);
  });
  return image;
}

function stepTable({ declared }, p, steps) {
  const rows = h("tbody");
  whenever(() => {
    const drawn = steps.value;
    const next = p.value[indexOf(drawn.map(({ bit }) => bit))];
    const rowAt = (_, pixel) => stepRow(declared, pixel, drawn[pixel], pixel === drawn.length ? next : null);
    fill(rows, Array.from({ length: PIXELS }, rowAt));
  });
  const names = ["", "p(1 | before)", "u", "drawn", "product", "−log p, nats"];
  const head = h("tr", {}, names.map((name) => (name ? h("th", { scope: "col" }, name) : h("td"))));
  const label = "The image drawn pixel by pixel";
  return h("table", { class: "numbers chain-steps given", "aria-label": label }, h("thead", {}, head), rows);
}

/** Numbers of a drawn pixel; of the next one its probability `next`. */
function stepRow(declared, pixel, step, next) {
  const cells = step
    ? [num(step.p), num(step.u, 3), interval(declared, step), num(step.product, 4), costOf(step.product)]
    : [next === null ? "" : num(next), "", "", "", ""];
  return h("tr", {}, h("th", { scope: "row" }, nameOf(pixel)), cells.map((cell) => h("td", {}, cell)));
}

/** Place of u: the stretch of 0 is black, that of 1 white, and the mark is u. */
function interval(declared, { u, zero, bit }) {
  const title = sentences(declared, { zero }, bit ? "white" : "black");
  const mark = h("span", { class: "chain-mark" });
  const stretch = h("span", { class: "chain-stretch", role: "img", "aria-label": title, title }, mark);
  stretch.style.setProperty("--zero", `${100 * zero}%`);
  mark.style.left = `${100 * u}%`;
  return h("span", { class: "chain-drawn" }, stretch, String(bit));
}

function tableOf(p) {
  const head = [...Array.from({ length: PIXELS }, (_, pixel) => `x${pixel + 1}`), "probability", "log_prob_nats"];
  const rows = joint(p).map((value, image) => [...bitsOf(image), value, Math.log(value)]);
  return { name: "chain-rule-2x2", rows: [head, ...rows] };
}

export default mode(chain);
