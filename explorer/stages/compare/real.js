/**
 * The guessing game: a test image and a network's, both in black and white, and how often this visitor takes one for the
 * other.
 */

import { button, fill, h, select, setText } from "../kit/base/dom.js";
import { createSeen, dim, empty, fillPanel } from "../kit/panel/parts.js";
import { drawImage, SIDE, toBytes } from "../kit/image/pixels.js";
import { createSeed, nextSeed } from "../kit/panel/seed.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { wilson } from "./interval.js";
import { Answered } from "../kit/ask/answered.js";
import { answered, asking, rateOf, summary } from "./real_words.js";
import { createHead } from "../kit/panel/more.js";
import { createRoundDots } from "./round_dots.js";
import { roundsOf } from "./rounds.js";
import { Tally } from "./tally.js";
import { createTallyTable } from "./tally_table.js";

const SIDES = ["left", "right"];
const PRIVACY = "Your answers stay in this browser. They are not sent anywhere.";

class Real {
  constructor(ctx) {
    this.ctx = ctx;
    /** Number of rounds. */
    this.count = ctx.fields.round.high + 1;
    this.tally = new Tally();
    this.made = new Answered(ctx, "one", () => ctx.refresh("made"));
    this.seed = createSeed(ctx, { words: "Another twenty", onRetry: () => this.made.retry() });
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
    this.dots = createRoundDots(this.count);
    this.empty = empty();
    this.numbers = createHead();
    this.rates = createTallyTable();
    this.seen = createSeen();
    this.maker = select(
      "Made by",
      [["", "all families"]],
      "",
      (lit) => ctx.store.commit({ lit: lit || null, round: 0 }),
    );
    this.forget = button("Forget my answers", () => this.forgetAll(), { title: "Removes them from this browser" });
    fill(
      ctx.main,
      this.empty,
      h(
        "div",
        { class: "real" },
        this.question,
        this.pair,
        h("div", { class: "row" }, this.back, this.next),
        this.dots.element,
      ),
    );
    fillPanel(
      ctx,
      this.numbers,
      this.maker,
      this.seen.element,
      this.rates.element,
      this.seed.element,
      h("p", { class: "note" }, PRIVACY),
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
    return this.ctx.columns().filter(({ error, space }) => !error && space !== "plane");
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
      this.ctx.say("This browser keeps nothing for this page: your answers last until you leave it.");
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
    this.seed.update();
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
    this.seed.failed(failed);
    this.empty.hidden = families.length > 0;
    setText(this.empty, "No network of this data set draws images that could be taken for real ones.");
    this.choices.forEach((choice, i) => this.showChoice(choice, images?.[i], answer && (i === 0) === plan.left));
    dim(this.pair, !images);
    setText(this.question, this.words(plan, failed));
    this.back.disabled = this.round === 0;
    setText(this.next, this.nextWords);
    this.next.classList.toggle("primary", Boolean(this.answer));
    this.dots.show(this.game, this.round);
    this.tellAll();
  }

  get nextWords() {
    if (!this.answer) return "Skip";
    return this.over && this.round === this.count - 1 ? "Another twenty" : "Next";
  }

  /** `real` says which one it is once that may be known; the visitor took the real one, or the other. */
  showChoice({ canvas, words, element }, image, real) {
    const known = real !== undefined;
    if (image) drawImage(canvas, image);
    element.disabled = !image || known;
    element.classList.toggle("is-yours", known && real === Boolean(this.answer[1]));
    setText(words, known ? (real ? "✓ real" : "✗ made") : "");
  }

  words(plan, failed) {
    const { families, answer, round } = this;
    if (!plan) return "";
    if (failed) return "The image did not arrive.";
    if (!answer) return asking(round, this.count, this.images !== null);
    const { title } = families.find(({ net }) => net === plan.net);
    const { labels, classes } = this.ctx.assets;
    return answered({ right: answer[1], title, real: plan.real, name: classes?.[labels?.[plan.real]] });
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
    const { rows } = this;
    this.rates.show(rows.filter(({ n, net }) => n > 0 || (this.asked.length === 1 && this.asked[0].net === net)));
    this.showMakers();
    this.numbers.set(rateOf(rows));
    this.seen(summary(rows, this.over));
    this.forget.disabled = rows.every(({ n }) => n === 0);
  }

  showMakers() {
    const { lit } = this.ctx.store.get();
    const options = [["", "all families"], ...this.families.map(({ family, title }) => [family, title])];
    const key = JSON.stringify(options);
    if (key !== this.makers) {
      fill(this.maker.input, options.map(([value, text]) => h("option", { value }, text)));
      this.makers = key;
    }
    this.maker.input.value = this.families.some(({ family }) => family === lit) ? lit : "";
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

export default {
  hint: "Tap the real image, or press ← or →",
  create: (ctx) => new Real(ctx),
};
