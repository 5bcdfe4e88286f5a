/**
 * The guessing game: a test image and a network's, both in black and white, and how often this visitor takes one for the
 * other.
 */

import { button, fill, h, setText, tryAgain } from "../kit/base/dom.js";
import { createControls, makersOf } from "../kit/panel/controls.js";
import { createSeen, dim, empty, fillPanel, numberTable, withArticle } from "../kit/panel/parts.js";
import { drawImage, SIDE, toBytes } from "../kit/image/pixels.js";
import { nextSeed } from "../kit/panel/seed.js";
import { sum } from "../kit/base/sums.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { mostOf, sensitivityOf, wilson } from "./interval.js";
import { besideFair } from "../kit/base/verdict.js";
import { Answered } from "../kit/ask/answered.js";
import { createHead } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createRoundDots } from "./round_dots.js";
import { roundsOf } from "./rounds.js";
import { Tally } from "./tally.js";

const SIDES = ["left", "right"];

class Real {
  constructor(ctx) {
    this.ctx = ctx;
    /** Number of rounds. */
    this.count = ctx.fields.round.high + 1;
    this.tally = new Tally();
    this.declared = ctx.value().panels.real;
    this.made = new Answered(ctx, this.declared.ask, () => ctx.refresh("made"));
    this.controls = createControls(ctx, this.declared);
    this.build();
  }

  build() {
    const { ctx } = this;
    this.choices = SIDES.map((side, i) => this.choiceOf(side, i));
    this.pair = h(
      "div",
      { class: "pair", role: "group", "aria-label": "Which one is real?" },
      this.choices.map(({ element }) => element),
    );
    this.question = h("p", { class: "verdict", "aria-live": "polite" });
    this.back = button("Back", () => this.goTo(this.round - 1));
    this.next = button("Next", () => this.goOn(), { kind: "primary" });
    this.retry = tryAgain(() => this.made.retry(), "Ask again for what did not arrive");
    this.dots = createRoundDots(this.count);
    const { none, privacy } = this.declared.says;
    this.empty = empty(none);
    this.numbers = createHead();
    this.rates = h("div");
    this.seen = createSeen();
    this.forget = button("Forget my answers", () => this.forgetAll(), { title: "Removes them from this browser" });
    fill(
      ctx.main,
      this.empty,
      h(
        "div",
        { class: "real" },
        this.question,
        this.pair,
        h("div", { class: "row" }, this.back, this.next, this.retry),
        this.dots.element,
      ),
    );
    fillPanel(
      ctx,
      this.numbers,
      this.controls.element,
      this.seen.element,
      this.rates,
      h("p", { class: "note" }, privacy),
      h("div", { class: "row" }, this.forget),
    );
  }

  /** One of the two images: a button that takes it for the real one. */
  choiceOf(side, i) {
    const canvas = h("canvas", { class: "crisp image", width: SIDE, height: SIDE, "aria-hidden": "true" });
    const words = h("span", { class: "choice-words" });
    const element = h(
      "button",
      {
        type: "button",
        class: "choice",
        "aria-label": `The ${side} one is real`,
        onclick: () => this.choose(i),
      },
      canvas,
      words,
    );
    return { canvas, words, element };
  }

  enter() {
    const { round } = this.ctx.store.get();
    if (round === null) this.ctx.store.set({ round: this.firstOpen });
  }

  /** Left and right choose. */
  key(event) {
    const side = { ArrowLeft: 0, ArrowRight: 1 }[event.key];
    if (side === undefined || this.answer) return false;
    this.choose(side);
    return true;
  }

  get families() {
    return makersOf(this.ctx.columns());
  }

  /** The families whose images are among the rounds: all of them, or the one that is chosen. */
  get asked() {
    const { lit } = this.ctx.store.get();
    const chosen = this.families.filter(({ family }) => family === lit);
    return chosen.length ? chosen : this.families;
  }

  get rounds() {
    const { img, seed } = this.ctx.fields;
    const nets = this.asked.map(({ net }) => net);
    return roundsOf(this.ctx.store.get().seed, nets, { count: this.count, images: img.high + 1, seeds: seed.high });
  }

  get game() {
    return this.tally.game(this.ctx.store.get().data, this.name);
  }

  /** The name that the answers of these rounds are kept by. */
  get name() {
    const { seed } = this.ctx.store.get();
    return this.asked.length === this.families.length ? String(seed) : `${seed} ${this.asked[0].family}`;
  }

  get round() {
    return Math.min(this.count - 1, this.ctx.store.get().round ?? 0);
  }

  /** The first round that is not answered; the last where all are. */
  get firstOpen() {
    const open = Array.from({ length: this.count }, (_, i) => i).find((i) => !(i in this.game));
    return open ?? this.count - 1;
  }

  /** Answer of this round: [network, right], or undefined. */
  get answer() {
    return this.game[this.round];
  }

  get over() {
    return Object.keys(this.game).length === this.count;
  }

  requestOf({ net, seed }) {
    return { net, seed };
  }

  /** Both images as bytes, left and right; null while one of them is missing. */
  get images() {
    const { assets } = this.ctx;
    const plan = this.rounds[this.round];
    const made = plan && this.made.to(this.requestOf(plan));
    if (!made || !assets.ready) return null;
    const pair = [toBytes(assets.bits(plan.real)), fromBase64(made.x)];
    return plan.left ? pair : pair.reverse();
  }

  goTo(round) {
    this.ctx.store.commit({ round });
  }

  /** To the round that follows; after the last to one left open, or to another twenty. */
  goOn() {
    if (this.over && this.round === this.count - 1) {
      this.ctx.store.commit({ seed: nextSeed(this.ctx), round: 0 });
    } else this.goTo(this.round === this.count - 1 ? this.firstOpen : this.round + 1);
  }

  choose(side) {
    if (this.answer || !this.images) return;
    const { data } = this.ctx.store.get();
    const plan = this.rounds[this.round];
    this.tally.add(data, this.name, this.round, plan.net, (side === 0) === plan.left);
    if (this.tally.lost) {
      this.ctx.say(this.declared.says.unkept);
    }
    this.next.focus({ preventScroll: true });
    this.ctx.refresh("answered");
  }

  forgetAll() {
    this.tally.forget(this.ctx.store.get().data);
    this.goTo(0);
    this.ctx.refresh("answered");
  }

  update(changed) {
    this.controls.update();
    if (["seed", "data", "lit"].some((key) => changed.has(key)) && !changed.has("round")) this.goTo(this.firstOpen);
    if (["mode", "seed", "round", "data", "lit"].some((key) => changed.has(key))) this.ask();
    this.show();
  }

  /** Asks for the image of this round, then for the next one's. */
  ask() {
    this.ctx.images(this.ctx.store.get().data);
    const { rounds } = this;
    const coming = rounds.slice(this.round, this.round + 2);
    this.made.want(...coming.map((plan) => this.requestOf(plan)));
  }

  show() {
    const { images, answer, families } = this;
    const plan = this.rounds[this.round];
    const { failed } = this.made;
    this.retry.hidden = !failed;
    this.empty.hidden = families.length > 0;
    this.choices.forEach((choice, i) => this.showChoice(choice, images?.[i], answer && (i === 0) === plan.left));
    dim(this.pair, !images);
    setText(this.question, plan ? this.words(plan, failed) : "");
    this.back.disabled = this.round === 0;
    setText(this.next, this.nextWords);
    this.next.classList.toggle("primary", Boolean(this.answer));
    this.dots.show(this.game, this.round);
    this.tellAll();
  }

  get nextWords() {
    if (!this.answer) return "Skip";
    return this.over && this.round === this.count - 1 ? this.declared.says.another : "Next";
  }

  /** `real` says which one it is once that may be known; the visitor took the real one, or the other. */
  showChoice({ canvas, words, element }, image, real) {
    const known = real !== undefined;
    if (image) drawImage(canvas, image);
    element.disabled = !image || known;
    element.classList.toggle("is-yours", known && real === Boolean(this.answer[1]));
    setText(words, known ? (real ? "✓ real" : "✗ made") : "");
  }

  /** The question of the round, or the answer: which test image the real one is, and who made the other. */
  words({ net, real }, failed) {
    const { families, answer, round, count: rounds } = this;
    const { title } = families.find((family) => family.net === net);
    const { labels, classes } = this.ctx.assets;
    const name = classes?.[labels?.[real]];
    const asking = failed ? "lost" : this.images ? "asking" : "drawing";
    const values = { round: round + 1, rounds, real, title, one: name ? withArticle(name) : "a test image" };
    return sentences(this.declared, values, failed || !answer ? asking : answer[1] ? "right" : "wrong");
  }

  /** Per family, how many of its images this visitor saw and how many were taken for real. */
  get rows() {
    const { data } = this.ctx.store.get();
    return this.families.map((family) => ({
      ...{ net: family.net, title: family.title, frechet: family.frechet },
      ...this.tally.of(data, family.net),
    }));
  }

  tellAll() {
    const { rows, declared } = this;
    const shown = rows.filter(({ n, net }) => n > 0 || (this.asked.length === 1 && this.asked[0].net === net));
    const lines = shown.map((row) => [row.title, figuresOf(declared, tallyOf(row), "family")]);
    const names = lines.slice(0, 1).flatMap(([, figures]) => ["", ...figures.map(([name]) => name)]);
    const texts = lines.map(([title, figures]) => [title, ...figures.map(([, text]) => text)]);
    const table = numberTable("Your error rate by family", names, texts);
    table.classList.add("tally");
    fill(this.rates, lines.length > 0 && table);
    const [n, wrong] = ["n", "wrong"].map((key) => sum(rows.map((row) => row[key])));
    const [low, high] = wilson(wrong, n);
    const verdict = declared.says[["better", "either", "worse"][1 + besideFair(wrong, n)]];
    const [said, most] = mostOf(rows);
    const found = { n, wrong, share: n ? wrong / n : null, low, high, verdict, most };
    this.numbers.set(figuresOf(declared, found, "all"));
    this.seen(sentences(declared, found, ...(n ? ["rate", said, this.over && "over"] : ["guessing"])));
    this.forget.disabled = n === 0;
  }

  hasResult(what) {
    return what === "table" ? this.rows.some(({ n }) => n > 0) : Boolean(this.images);
  }

  /** Facts of one of the two images. */
  table() {
    const rows = this.rows.filter(({ n }) => n > 0).map(({ net, n, wrong }) => [net, n, wrong, ...wilson(wrong, n)]);
    return rows.length
      ? { name: "which-is-real", rows: [["network", "rounds", "wrong", "interval from", "interval to"], ...rows] }
      : null;
  }
}

/** Figures of a family's images: how often they were taken for real, and what a metric says of all that it draws. */
const tallyOf = ({ n, wrong, frechet }) => ({
  missed: n ? `${wrong} of ${n}` : null,
  sensitivity: n ? sensitivityOf({ n, wrong }) : null,
  frechet,
});

export default {
  create: (ctx) => new Real(ctx),
};
