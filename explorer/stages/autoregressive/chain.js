/** The chain rule by hand: a 2×2 image drawn pixel by pixel from conditionals that a visitor sets. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { headline } from "../kit/panel/more.js";
import { createSeen, fillPanel } from "../kit/panel/parts.js";
import { enlarged } from "../kit/image/pixels.js";
import { createBars, possible } from "./chain_bars.js";
import { bitsOf, DEFAULTS, draw, EXAMPLE, factors, indexOf, joint, nameOf, PIXELS, seedOf } from "./chain_rule.js";
import { createConditionals } from "./conditionals.js";
import { createSeed } from "../kit/panel/seed.js";
import { sum } from "../kit/base/sums.js";

const UNREACHED = "With these conditionals 0, 1, 1, 0 is too rare to be drawn by any of the first 100,000 seeds.";

const times = (values) => values.map((value) => num(value)).join(" × ");
const costOf = (product) => (product > 0 ? num(-Math.log(product), 3) : "∞");

/** Figures of the pixels drawn so far; none of them has the empty product. */
function figuresOf(steps) {
  const product = steps.at(-1)?.product ?? 1;
  return [["probability", num(product, 4), ""], ["−log p", costOf(product), "nats"]];
}

class Chain {
  subject = null; // by hand, without a network

  constructor(ctx) {
    this.ctx = ctx;
    this.build();
  }

  commit(patch) {
    this.ctx.store.commit(patch);
  }

  build() {
    const { store } = this.ctx;
    this.next = button("", () => this.commit({ step: store.get().step + 1 }), { kind: "primary" });
    this.back = button("Take back", () => this.commit({ step: store.get().step - 1 }));
    this.again = button("Start again", () => this.commit({ step: 0 }));
    this.seed = createSeed(this.ctx, { key: "dice" });
    this.cells = Array.from({ length: PIXELS }, (_, pixel) => h("span", { class: "chain-cell number" }, nameOf(pixel)));
    this.image = h("div", { class: "chain-image", role: "img" }, this.cells);
    this.rows = h("tbody");
    this.sum = h("output", { class: "number" });
    this.bars = createBars();
    this.seen = createSeen();
    const head = h("div", { class: "chain-head" }, this.image, this.stepTable());
    const controls = h("div", { class: "row" }, this.next, this.back, this.again, this.seed.element);
    const title = h("h2", {}, "16 images, 1 in white; their probabilities sum to ", this.sum);
    fill(this.ctx.main, h("div", { class: "chain" }, head, controls, title, this.bars.element));
    this.buildPanel();
  }

  stepTable() {
    const names = ["", "p(1 | before)", "u", "drawn", "product", "−log p, nats"];
    const head = h("tr", {}, names.map((name) => (name ? h("th", { scope: "col" }, name) : h("td"))));
    return h(
      "table",
      { class: "numbers chain-steps given", "aria-label": "The image drawn pixel by pixel" },
      h("thead", {}, head),
      this.rows,
    );
  }

  buildPanel() {
    this.conditionals = createConditionals((index, value) => this.edit(index, value));
    this.reset = button("Start values", () => this.commit({ p: null }), {
      title: "The fifteen values that the page opens with",
    });
    this.drawIt = button("Draw 0, 1, 1, 0", () => this.drawExample(), {
      title: "The first seed that draws this image",
    });
    this.example = h("p", {});
    const values = h("div", { class: "row" }, this.reset);
    const example = h(
      "div",
      { class: "chain-example" },
      h("h2", {}, "One image multiplied out"),
      this.example,
      this.drawIt,
    );
    this.figures = headline(figuresOf([]), 0, example);
    fillPanel(this.ctx, this.figures, this.seen.element, this.conditionals.element, values);
  }

  get p() {
    return this.ctx.store.get().p ?? DEFAULTS;
  }

  edit(index, value) {
    const p = this.p.with(index, value);
    this.commit({ p: p.every((each, i) => each === DEFAULTS[i]) ? null : p });
  }

  drawExample() {
    const dice = seedOf(this.p, EXAMPLE);
    if (dice === null) this.ctx.say(UNREACHED);
    else this.commit({ dice, step: PIXELS });
  }

  /** The right arrow draws a pixel, the left one takes it back. */
  key(event) {
    const element = { ArrowRight: this.next, ArrowLeft: this.back }[event.key];
    if (!element || element.disabled) return false;
    element.click();
    return true;
  }

  update() {
    const { p, ctx } = this;
    const { step, dice } = ctx.store.get();
    const steps = draw(p, dice).slice(0, step);
    const bits = steps.map(({ bit }) => bit);
    const all = joint(p);
    this.showControls(step);
    this.showImage(bits);
    this.showSteps(steps);
    this.figures.set(figuresOf(steps));
    setText(this.sum, num(sum(all), 6));
    this.bars.show(all, bits, ctx.colours());
    this.conditionals.show(p, step < PIXELS ? [...bits, 0] : bits);
    this.reset.disabled = ctx.store.get().p === null;
    setText(this.example, exampleWords(p));
    this.seen(seenWords(p, bits, all));
    ctx.describe(this.image.getAttribute("aria-label"));
  }

  showControls(step) {
    const done = step === PIXELS;
    setText(this.next, done ? "All drawn" : `Draw ${nameOf(step)}`);
    this.next.disabled = done;
    this.back.disabled = this.again.disabled = step === 0;
    this.seed.update();
    const { activeElement } = document;
    if (activeElement?.disabled && this.ctx.root.contains(activeElement)) {
      (done ? this.back : this.next).focus({ preventScroll: true });
    }
  }

  showImage(bits) {
    this.cells.forEach((cell, pixel) => {
      const known = pixel < bits.length;
      setText(cell, known ? String(bits[pixel]) : nameOf(pixel));
      cell.dataset.bit = known ? bits[pixel] : "";
      cell.classList.toggle("is-next", pixel === bits.length);
    });
    const level = (pixel) => bits[pixel] ?? (pixel === bits.length ? 0.6 : 0.3);
    this.ctx.show("out", enlarged(this.cells.map((_, pixel) => level(pixel)), Math.sqrt(PIXELS)));
    const said = bits.map((bit, pixel) => `${nameOf(pixel)} = ${bit}`).join(", ");
    this.image.setAttribute("aria-label", said ? `2 by 2 image: ${said}` : "2 by 2 image, nothing drawn yet");
  }

  showSteps(steps) {
    const rows = Array.from(
      { length: PIXELS },
      (_, pixel) =>
        stepRow(pixel, steps[pixel], pixel === steps.length ? this.p[indexOf(steps.map(({ bit }) => bit))] : null),
    );
    fill(this.rows, rows);
  }

  table() {
    const head = [...this.cells.map((_, pixel) => `x${pixel + 1}`), "probability", "log_prob_nats"];
    return {
      name: "chain-rule-2x2",
      rows: [head, ...joint(this.p).map((value, image) => [...bitsOf(image), value, Math.log(value)])],
    };
  }
}

/** Numbers of a drawn pixel; of the next one its probability `next`. */
function stepRow(pixel, step, next) {
  const cells = step
    ? [num(step.p), num(step.u, 3), interval(step), num(step.product, 4), costOf(step.product)]
    : [next === null ? "" : num(next), "", "", "", ""];
  return h("tr", {}, h("th", { scope: "row" }, nameOf(pixel)), cells.map((cell) => h("td", {}, cell)));
}

/** Place of u: the stretch of 0 is black, that of 1 white, and the mark is u. */
function interval({ u, zero, bit }) {
  const words = bit ? `u is not below p(0) = ${num(zero)}: 1` : `u is below p(0) = ${num(zero)}: 0`;
  const mark = h("span", { class: "chain-mark" });
  const stretch = h("span", { class: "chain-stretch", role: "img", "aria-label": words, title: words }, mark);
  stretch.style.setProperty("--zero", `${100 * zero}%`);
  mark.style.left = `${100 * u}%`;
  return h("span", { class: "chain-drawn" }, stretch, String(bit));
}

function seenWords(p, bits, all) {
  if (!bits.length) {
    return "Fifteen numbers fix all sixteen probabilities. Each conditional shares out what its branch was " +
      "given, so the bars sum to 1 whatever you put in.";
  }
  const parts = factors(p, bits);
  const still = all.filter((_, image) => possible(image, bits));
  const product = parts.reduce((a, b) => a * b, 1);
  const chance = `p(${bits.map((bit, pixel) => `${nameOf(pixel)}=${bit}`).join(", ")}) = ` +
    `${parts.length > 1 ? `${times(parts)} = ` : ""}${num(product, 4)}`;
  if (bits.length === PIXELS) {
    return `${chance}, exactly: −log p = ${costOf(product)} nats, the sum of four costs. It is the ` +
      "height of the coloured bar.";
  }
  return `${chance}. The ${still.length} images that begin so share exactly this: their bars sum to ` +
    `${num(sum(still), 4)}. ${nameOf(bits.length)} comes next.`;
}

function exampleWords(p) {
  const parts = factors(p, EXAMPLE);
  const product = parts.reduce((a, b) => a * b, 1);
  return "With the numbers on screen " +
    `p(${EXAMPLE.map((bit, pixel) => `${nameOf(pixel)}=${bit}`).join(", ")}) = ${times(parts)} = ` +
    `${num(product, 4)}, −log p = ${costOf(product)} nats.`;
}

export default {
  hint: "Set the conditionals, then draw pixel by pixel",
  create: (ctx) => new Chain(ctx),
};
