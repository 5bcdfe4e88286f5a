/** Families × questions: what each can be asked, by the marks of the page; every cell opens the question. */

import { fill, h, setText } from "../kit/shell/dom.js";
import { createSeen, fillPanel } from "../kit/shell/parts.js";
import { MARKS, passesOf, ratiosOf, saysOf } from "./says.js";

const CAN = "✓";
const QUESTIONS = [
  {
    id: "make",
    title: "Make",
    answer: (family) => [family.can.sample, passesOf(family), `draws in ${passesOf(family)}`],
  },
  {
    id: "complete",
    title: "Complete",
    answer: ({ can, cannot }) => [can.complete, "", `fills in what is missing: ${can.complete}`, cannot.complete],
  },
  { id: "likelihood", title: "How likely?", answer: likely },
  {
    id: "anomaly",
    title: "Anomaly",
    answer: ({ can, cannot }) => [can.odd, "", "says how odd an x is", cannot.odd],
  },
  {
    id: "interpolate",
    title: "Between two",
    answer: ({ can, cannot }) => [can.interpolate, "", "goes from one x to another", cannot.interpolate],
  },
];

/** Whether a family says anything of log p(x), of what kind, in words, and why not: ratios alone are none. */
function likely(family) {
  const { can, cannot } = family;
  if (can.ratio) return [false, `${MARKS.none} ratios`, saysOf(family), null];
  return [can.likelihood, `${MARKS[can.likelihood]} ${can.likelihood}`, saysOf(family), cannot.log_prob];
}

/** What a family answers to a question: its mark, and in words. */
function answerOf(family, { answer }) {
  if (family.error) return { mark: "–", words: family.error, able: false };
  const [able, mark, words, why] = answer(family);
  if (able || !why) return { mark: mark || CAN, words: `${family.title} ${words}.`, able: Boolean(able) };
  return { mark: MARKS.none, words: `${family.title} cannot, because ${why}.`, able: false };
}

class Matrix {
  constructor(ctx) {
    this.ctx = ctx;
    this.words = h("p", { class: "cell-words", "aria-live": "polite" }, "Point at a cell for what it says.");
    this.seen = createSeen();
    this.frame = h("div", {
      class: "matrix-frame",
      tabindex: 0,
      role: "region",
      "aria-label": "The families by what they can be asked",
    });
    fill(ctx.main, this.frame);
    fillPanel(ctx, this.words, this.seen.element);
  }

  update(changed) {
    if (!["mode", "data", "mount", "value"].some((key) => changed.has(key))) return;
    const families = this.ctx.columns();
    const head = h("tr", {}, h("td"), QUESTIONS.map(({ title }) => h("th", { scope: "col" }, title)));
    const rows = families.map((family) =>
      h("tr", {}, h("th", { scope: "row" }, family.title), QUESTIONS.map((question) => this.cell(family, question)))
    );
    fill(this.frame, h("table", { class: "matrix" }, h("thead", {}, head), h("tbody", {}, rows)));
    this.seen(wordsOf(families));
  }

  table() {
    const rows = this.ctx.columns().map((family) => [
      family.net,
      ...QUESTIONS.map((question) => answerOf(family, question).words),
    ]);
    const head = ["network", ...QUESTIONS.map(({ title }) => title)];
    return { name: `questions-${this.ctx.net().name}`, rows: [head, ...rows] };
  }

  cell(family, question) {
    const { mark, words, able } = answerOf(family, question);
    const show = () => setText(this.words, words);
    const inside = h("a", {
      class: able ? "able" : "unable",
      href: family.asked[question.id],
      "aria-label": `${question.title}: ${words} Open the question.`,
      onpointerenter: show,
      onfocus: show,
    }, mark);
    return h("td", {}, inside);
  }
}

/** How many families answer each question. */
function wordsOf(families) {
  const counts = QUESTIONS.map((question) => families.filter((family) => answerOf(family, question).able).length);
  const [make, complete, likely, odd, between] = counts;
  return `Of ${families.length} families, ${make} make samples and ${complete} complete a part. ${likely} say how likely an ` +
    `x is, ${odd} how odd it is, and ${between} go from one to another.${
      ratiosOf(families)
    } A mark of ∅ has its reason.`;
}

export default {
  hint: "What each family can be asked; every cell opens the question there",
  create: (ctx) => new Matrix(ctx),
};
