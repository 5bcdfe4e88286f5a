/** The chain rule by hand: a 2×2 image drawn pixel by pixel from conditionals that a visitor sets. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { sum } from "../kit/base/sums.js";
import { enlarged } from "../kit/image/pixels.js";
import { ByHand } from "../kit/panel/by_hand.js";
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

class Chain extends ByHand {
  subject = null; // by hand, without a network
  ready = true;

  constructor(ctx) {
    super(ctx, "chain");
    this.build();
  }

  build() {
    const { commit, get } = this.ctx.store;
    this.next = button("", () => commit({ step: get().step + 1 }), { kind: "primary" });
    this.back = button("Take back", () => commit({ step: get().step - 1 }));
    this.again = button("Start again", () => commit({ step: 0 }));
    this.cells = Array.from({ length: PIXELS }, (_, pixel) => h("span", { class: "chain-cell number" }, nameOf(pixel)));
    this.image = h("div", { class: "chain-image", role: "img" }, this.cells);
    this.rows = h("tbody");
    this.sum = h("output", { class: "number" });
    this.bars = createBars();
    const head = h("div", { class: "chain-head" }, this.image, this.stepTable());
    const steps = h("div", { class: "row" }, this.next, this.back, this.again);
    const title = h("h2", {}, "16 images, 1 in white; their probabilities sum to ", this.sum);
    this.open(h("div", { class: "chain" }, head, steps, title, this.bars.element), this.buildPanel());
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
    this.reset = button("Start values", () => this.ctx.store.commit({ p: null }), {
      title: "The fifteen values that the page opens with",
    });
    const drawIt = button("Draw 0, 1, 1, 0", () => this.drawExample(), {
      title: "The first seed that draws this image",
    });
    this.example = h("p", {});
    const example = h("div", { class: "chain-example" }, h("h2", {}, "One image multiplied out"), this.example, drawIt);
    this.numbers = headline(figuresOf(this.declared, {}), 0, example);
    return { above: [this.numbers], below: [this.conditionals.element, h("div", { class: "row" }, this.reset)] };
  }

  get p() {
    return this.ctx.store.get().p ?? DEFAULTS;
  }

  edit(index, value) {
    const p = this.p.with(index, value);
    this.ctx.store.commit({ p: p.every((each, i) => each === DEFAULTS[i]) ? null : p });
  }

  drawExample() {
    const dice = seedOf(this.p, EXAMPLE);
    if (dice === null) this.ctx.say(this.declared.says.unreached);
    else this.ctx.store.commit({ dice, step: PIXELS });
  }

  /** The right arrow draws a pixel, the left one takes it back. */
  key(event) {
    const element = { ArrowRight: this.next, ArrowLeft: this.back }[event.key];
    if (!element || element.disabled) return false;
    element.click();
    return true;
  }

  update() {
    const { p, ctx, declared } = this;
    const { step, dice } = ctx.store.get();
    const steps = draw(p, dice).slice(0, step);
    const bits = steps.map(({ bit }) => bit);
    const all = joint(p);
    const still = all.filter((_, image) => possible(image, bits));
    const report = { ...chanceOf(p, bits), count: still.length, sum: sum(still), next: nameOf(step) };
    this.controls.update();
    this.showControls(step);
    this.showImage(bits);
    this.showSteps(steps);
    this.numbers.set(figuresOf(declared, report));
    setText(this.sum, num(sum(all), 6));
    this.bars.show(all, bits, ctx.colours());
    this.conditionals.show(p, step < PIXELS ? [...bits, 0] : bits);
    this.reset.disabled = ctx.store.get().p === null;
    setText(this.example, sentences(declared, chanceOf(p, EXAMPLE), "example"));
    this.seen(sentences(declared, report, step === 0 ? "begin" : step < PIXELS ? "begun" : "drawn"));
    ctx.describe(this.image.ariaLabel);
  }

  showControls(step) {
    const done = step === PIXELS;
    setText(this.next, done ? "All drawn" : `Draw ${nameOf(step)}`);
    this.next.disabled = done;
    this.back.disabled = this.again.disabled = step === 0;
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
    this.image.ariaLabel = sentences(this.declared, { bits: said }, said ? "image" : "blank");
  }

  showSteps(steps) {
    const next = this.p[indexOf(steps.map(({ bit }) => bit))];
    fill(
      this.rows,
      this.cells.map((_, pixel) => this.stepRow(pixel, steps[pixel], pixel === steps.length ? next : null)),
    );
  }

  /** Numbers of a drawn pixel; of the next one its probability `next`. */
  stepRow(pixel, step, next) {
    const cells = step
      ? [num(step.p), num(step.u, 3), this.interval(step), num(step.product, 4), costOf(step.product)]
      : [next === null ? "" : num(next), "", "", "", ""];
    return h("tr", {}, h("th", { scope: "row" }, nameOf(pixel)), cells.map((cell) => h("td", {}, cell)));
  }

  /** Place of u: the stretch of 0 is black, that of 1 white, and the mark is u. */
  interval({ u, zero, bit }) {
    const title = sentences(this.declared, { zero }, bit ? "white" : "black");
    const mark = h("span", { class: "chain-mark" });
    const stretch = h("span", { class: "chain-stretch", role: "img", "aria-label": title, title }, mark);
    stretch.style.setProperty("--zero", `${100 * zero}%`);
    mark.style.left = `${100 * u}%`;
    return h("span", { class: "chain-drawn" }, stretch, String(bit));
  }

  table() {
    const head = [...this.cells.map((_, pixel) => `x${pixel + 1}`), "probability", "log_prob_nats"];
    return {
      name: "chain-rule-2x2",
      rows: [head, ...joint(this.p).map((value, image) => [...bitsOf(image), value, Math.log(value)])],
    };
  }
}

export default {
  create: (ctx) => new Chain(ctx),
};
