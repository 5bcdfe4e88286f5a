/**
 * The guessing game: a test image and a network's, both in black and white, and how often this visitor takes one for the
 * other.
 */

import { askedAnswers } from "../kit/ask/asked.js";
import { button, fill, h, setText, tryAgain } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { sum } from "../kit/base/sums.js";
import { batch, computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { besideFair } from "../kit/base/verdict.js";
import { drawImage, SIDE, toBytes } from "../kit/image/pixels.js";
import { makersOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { createHead } from "../kit/panel/more.js";
import { dim, fillPanel, numberTable, withArticle } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { nextSeed } from "../kit/panel/seed.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { mostOf, sensitivityOf, wilson } from "./interval.js";
import { createRoundDots } from "./round_dots.js";
import { roundsOf } from "./rounds.js";
import { Tally } from "./tally.js";

const SIDES = ["left", "right"];
const OTHERS = ["seed", "data", "lit"]; // what other rounds come with

function real(self) {
  const { ctx, state, declared, changes } = self;
  const game = gameOf(self);
  const { count, families, round, plan, answer, tally, over } = game;

  const goTo = (round) => ctx.store.commit({ round });
  /** To the round that follows; after the last to one left open, or to another twenty. */
  function goOn() {
    const isLast = round.value === count - 1;
    if (over.value && isLast) ctx.store.commit({ seed: nextSeed(ctx), round: 0 });
    else goTo(isLast ? game.firstOpen() : round.value + 1);
  }
  whenever(() => {
    const changed = changes.value;
    if (OTHERS.some((key) => changed.has(key)) && !changed.has("round")) untracked(() => goTo(game.firstOpen()));
  });

  const requestOf = ({ net, seed }) => ({ net, seed });
  const following = () => game.rounds.value.slice(round.value + 1, round.value + 2).map(requestOf);
  const asks = () => plan.value ? requestOf(plan.value) : null;
  const made = askedAnswers(self, declared.ask, asks, { ahead: following });
  whenever(() => self.visits.value && ctx.images(state.data));
  /** Both images as bytes, left and right; null while one of them is missing. */
  const images = computed(() => {
    const { assets } = ctx;
    if (!plan.value || !made.current.value || !assets.ready) return null;
    const pair = [toBytes(assets.bits(plan.value.real)), fromBase64(made.current.value.x)];
    return plan.value.left ? pair : pair.reverse();
  });

  function choose(side) {
    if (answer.value || !images.value) return;
    game.add((side === 0) === plan.value.left);
    if (tally.lost) ctx.say(declared.says.unkept);
    next.focus({ preventScroll: true });
  }
  const choices = SIDES.map((side, i) => {
    const isReal = () => answer.value && (i === 0) === plan.value.left;
    return choiceOf({ side, image: () => images.value?.[i], isReal, answer, choose: () => choose(i) });
  });
  const pair = h("div", { class: "pair", role: "group", "aria-label": "Which one is real?" }, choices);
  whenever(() => dim(pair, !images.value));
  const back = button("Back", () => goTo(round.value - 1));
  whenever(() => (back.disabled = round.value === 0));
  const next = button("Next", goOn, { kind: "primary" });
  whenever(() => {
    const follows = over.value && round.value === count - 1 ? declared.says.another : "Next";
    setText(next, answer.value ? follows : "Skip");
    next.classList.toggle("primary", Boolean(answer.value));
  });
  const retry = tryAgain(made.retry, "Ask again for what did not arrive");
  whenever(() => (retry.hidden = !made.failed.value));
  const dots = createRoundDots(count);
  whenever(() => dots.show(game.answers.value, round.value));

  /** The question of the round, or the answer: which test image the real one is, and who made the other. */
  const question = h("p", { class: "verdict", "aria-live": "polite" }, () => {
    if (!plan.value) return "";
    const { net, real } = plan.value;
    const { title } = families.value.find((family) => family.net === net);
    const { labels, classes } = ctx.assets;
    const name = classes?.[labels?.[real]];
    const asking = made.failed.value ? "lost" : images.value ? "asking" : "drawing";
    const one = name ? withArticle(name) : "a test image";
    const values = { round: round.value + 1, rounds: count, real, title, one };
    const told = answer.value && !made.failed.value;
    return sentences(declared, values, told ? (answer.value[1] ? "right" : "wrong") : asking);
  });
  const rates = ratesOf(self, game);
  const empty = h("p", { class: "empty", hidden: () => families.value.length > 0 }, declared.says.none);
  const row = h("div", { class: "row" }, back, next, retry);
  return {
    main: [
      empty,
      h("div", { class: "real", hidden: () => families.value.length === 0 }, question, pair, row, dots.element),
    ],
    panel(controls) {
      const forgetAll = () => {
        game.forget();
        goTo(0);
      };
      const forget = button("Forget my answers", forgetAll, { title: "Removes them from this browser" });
      whenever(() => (forget.disabled = rates.count.value === 0));
      const [privacy, last] = [h("p", { class: "note" }, declared.says.privacy), h("div", { class: "row" }, forget)];
      fillPanel(ctx, rates.numbers, controls, self.seen.element, rates.element, privacy, last);
    },
    ...{ images, round, answer, rounds: game.rounds, asked: game.asked, rows: game.rows },
    enter() {
      if (state.round === null) ctx.store.set({ round: game.firstOpen() });
    },
    /** Left and right choose. */
    key(event) {
      const side = { ArrowLeft: 0, ArrowRight: 1 }[event.key];
      if (side === undefined || answer.value) return;
      choose(side);
      event.preventDefault();
    },
    hasResult: (what) => what === "table" ? game.rows.value.some(({ n }) => n > 0) : images.value !== null,
    table: () => tableOf(game.rows.value.filter(({ n }) => n > 0)),
  };
}

/** The rounds, and this visitor's answers to them. */
function gameOf({ ctx, state, visits }) {
  const count = ctx.fields.round.high + 1;
  const tally = new Tally();
  const kept = signal(0); // how often the answers have changed
  const families = computed(() => makersOf(ctx.columns()));
  /** The families whose images are among the rounds: all of them, or the one that is chosen. */
  const asked = computed(() => {
    const chosen = families.value.filter(({ family }) => family === state.lit);
    return chosen.length ? chosen : families.value;
  });
  const rounds = computed(() => {
    const { img, seed } = ctx.fields;
    const nets = asked.value.map(({ net }) => net);
    return roundsOf(state.seed, nets, { count, images: img.high + 1, seeds: seed.high });
  });
  /** The name that the answers of these rounds are kept by. */
  const name = computed(() => {
    const all = asked.value.length === families.value.length;
    return all ? String(state.seed) : `${state.seed} ${asked.value[0].family}`;
  });
  const answers = computed(() => (kept.value, visits.value, tally.game(state.data, name.value)));
  const round = computed(() => Math.min(count - 1, state.round ?? 0));
  /** The round that is shown; null of a data set without a family that draws such images. */
  const plan = computed(() => asked.value.length ? rounds.value[round.value] : null);
  /** Per family, how many of its images this visitor saw and how many were taken for real. */
  const rows = computed(() => {
    void [kept.value, visits.value];
    const { data } = state;
    return families.value.map(({ net, title, frechet }) => ({ net, title, frechet, ...tally.of(data, net) }));
  });
  return {
    ...{ count, tally, families, asked, rounds, answers, round, plan, rows },
    /** Answer of this round: [network, right], or undefined. */
    answer: computed(() => answers.value[round.value]),
    over: computed(() => Object.keys(answers.value).length === count),
    /** The first round that is not answered; the last where all are. */
    firstOpen: () => Array.from({ length: count }, (_, i) => i).find((i) => !(i in answers.value)) ?? count - 1,
    add: (right) =>
      batch(() => {
        tally.add(state.data, name.value, round.value, plan.value.net, right);
        kept.value += 1;
      }),
    forget() {
      tally.forget(state.data);
      kept.value += 1;
    },
  };
}

/** One of the two images: a button that takes it for the real one; `isReal()` is undefined until that may be known. */
function choiceOf({ side, image, isReal, answer, choose }) {
  const canvas = h("canvas", { class: "crisp image", width: SIDE, height: SIDE, "aria-hidden": "true" });
  const told = () => isReal() === undefined ? "" : isReal() ? "✓ real" : "✗ made";
  const words = h("span", { class: "choice-words" }, told);
  const label = `The ${side} one is real`;
  const element = h("button", { type: "button", class: "choice", "aria-label": label, onclick: choose }, canvas, words);
  whenever(() => image() && drawImage(canvas, image()));
  whenever(() => {
    const isKnown = isReal() !== undefined;
    element.disabled = !image() || isKnown;
    element.classList.toggle("is-yours", isKnown && isReal() === Boolean(answer.value[1]));
  });
  return element;
}

/** How often this visitor is wrong, in all and by family. */
function ratesOf({ declared, seen }, { rows, asked, over }) {
  const element = h("div");
  whenever(() => {
    const isAlone = ({ net }) => asked.value.length === 1 && asked.value[0].net === net;
    const shown = rows.value.filter((row) => row.n > 0 || isAlone(row));
    const lines = shown.map((row) => [row.title, figuresOf(declared, tallyOf(row), "family")]);
    const names = lines.slice(0, 1).flatMap(([, figures]) => ["", ...figures.map(([name]) => name)]);
    const texts = lines.map(([title, figures]) => [title, ...figures.map(([, text]) => text)]);
    const table = numberTable("Your error rate by family", names, texts);
    table.classList.add("tally");
    fill(element, lines.length > 0 && table);
  });
  const numbers = createHead();
  whenever(() => {
    const [n, wrong] = ["n", "wrong"].map((key) => sum(rows.value.map((row) => row[key])));
    const [low, high] = wilson(wrong, n);
    const side = ["better", "either", "worse"][1 + besideFair(wrong, n)];
    const [verdict, finding] = [declared.says[side], declared.says[n ? `${side} found` : "unasked"]];
    const [said, most] = mostOf(rows.value);
    const found = { n, wrong, share: n ? wrong / n : null, low, high, verdict, finding, most };
    numbers.set(figuresOf(declared, found, "all"));
    seen(sentences(declared, found, ...(n ? ["rate", said, over.value && "over"] : ["guessing"])));
  });
  return { element, numbers, count: computed(() => sum(rows.value.map(({ n }) => n))) };
}

/** Facts of one of the two images. */
function tableOf(rows) {
  if (!rows.length) return null;
  const head = ["network", "rounds", "wrong", "interval from", "interval to"];
  return {
    name: "which-is-real",
    rows: [head, ...rows.map(({ net, n, wrong }) => [net, n, wrong, ...wilson(wrong, n)])],
  };
}

/** Figures of a family's images: how often they were taken for real, and what a metric says of all that it draws. */
const tallyOf = ({ n, wrong, frechet }) => ({
  missed: n ? `${wrong} of ${n}` : null,
  sensitivity: n ? sensitivityOf({ n, wrong }) : null,
  frechet,
});

export default mode(real);
