/** Is it odd? Each family's own measure of oddness, on images of other kinds and on the visitor's picture. */

import { chosenName } from "../kit/chosen.js";
import { fill, h, setText } from "../kit/dom.js";
import { capital, num } from "../kit/format.js";
import { createSeen, numberTable, onDemand, segmented } from "../kit/parts.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/picture.js";
import { createTries } from "../kit/tries.js";
import { HEIGHT, OddChart } from "./odd_chart.js";
import { kindName, kindTitle, oddWords, pictureWords } from "./odd_words.js";
import { OneByOne } from "./one_by_one.js";
import { createSheet } from "./sheet.js";

const ASK_AGAIN = ["data", "img", "draw", "source", "set", "mode"];
const KINDS = {
  mnist: ["fashion-mnist", "noise", "blank", "rotated", "inverted"],
  "fashion-mnist": ["mnist", "noise", "blank", "rotated", "inverted"],
};
const WIDTH = 520; // of a chart in a picture to keep
const TITLE = 22;
const GAP = 18;
const NOTE = "AUROC: how often an image of the kind is odder than one of the family's own test images; 0.5 is " +
  "a coin's. The dashed line gives up 1 % of its own. Scores of different families are in " +
  "different units, their AUROCs are not.";
const TRIES = [
  ["Nothing at all, to the digits' networks", { data: "mnist", kind: "blank" }],
  ["Digits, to the clothes' networks", { data: "fashion-mnist", kind: "mnist" }],
  ["Digits, turned", { data: "mnist", kind: "rotated" }],
];

class Odd {
  constructor(ctx) {
    this.ctx = ctx;
    const commit = (patch) => ctx.store.set(patch, { commit: true });
    this.scores = new OneByOne(ctx, "odd", () => ctx.refresh("odd"));
    this.chooser = new Picture(ctx, { others: false });
    this.kinds = Object.fromEntries(
      Object.entries(KINDS).map((
        [data, kinds],
      ) => [
        data,
        segmented("Compared with", kinds.map((kind) => [kind, kindTitle(kind)]), (kind) => commit({ kind })),
      ]),
    );
    this.charts = [];
    this.legend = h("p", { class: "odd-legend" });
    this.grid = h("div", { class: "odds" });
    this.numbers = h("div", { class: "trade-frame" });
    this.aurocs = onDemand("Every family and every kind", this.numbers, h("p", { class: "note" }, NOTE));
    this.seen = createSeen();
    fill(ctx.main, ...Object.values(this.kinds), this.legend, this.grid, this.aurocs);
    fill(ctx.panel, h("div", { class: "mode-body" }, this.chooser.element, this.seen.element, createTries(ctx, TRIES)));
  }

  enter() {
    startWithExample(this.ctx);
  }

  get data() {
    return this.ctx.store.get().data;
  }

  /** The kind on screen; a data set is never odd to itself. */
  get kind() {
    const { kind } = this.ctx.store.get();
    return KINDS[this.data].includes(kind) ? kind : KINDS[this.data][0];
  }

  get picked() {
    return drawnOrTest(this.ctx.store.get(), this.data);
  }

  get families() {
    return this.ctx.families();
  }

  get measured() {
    return this.families.filter(({ card, error }) => card.compare?.odd && !error);
  }

  requestOf({ net }) {
    return { net, picture: this.picked };
  }

  scoreOf(family) {
    return this.picked ? (this.scores.of(this.requestOf(family))?.score ?? null) : null;
  }

  update(changed) {
    this.chooser.update();
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      this.scores.want(this.picked ? this.measured.map((family) => this.requestOf(family)) : []);
    }
    this.show();
  }

  show() {
    const { kind, data, families, measured } = this;
    for (const [name, choice] of Object.entries(this.kinds)) choice.hidden = name !== data;
    this.kinds[data].set(kind);
    this.place(families.length);
    families.forEach((family, i) =>
      this.charts[i].show({ family, kind, own: data, score: this.scoreOf(family), missing: missingWords(family) })
    );
    this.showLegend(kind);
    fill(this.numbers, this.tableOf(measured));
    const scored = measured.map((family) => ({ family, score: this.scoreOf(family) })).filter(({ score }) =>
      score !== null
    );
    this.seen([oddWords(measured, kind), this.picked ? pictureWords(scored, nameOf(this.picked)) : ""].join(" "));
  }

  /** As many charts as there are families. */
  place(count) {
    while (this.charts.length < count) this.charts.push(new OddChart(this.ctx));
    if (this.grid.childElementCount !== count) {
      fill(
        this.grid,
        this.charts.slice(0, count).map(({ element }) => element),
      );
    }
  }

  showLegend(kind) {
    setText(
      this.legend,
      `solid: test images of ${this.ctx.net().title}; hatched: ${kindName(kind)}; line: your picture`,
    );
  }

  tableOf(measured) {
    const kinds = KINDS[this.data];
    const rows = measured.map((
      { title, card },
    ) => [title, ...kinds.map((kind) => num(card.compare.odd.kinds[kind].auroc, 3))]);
    return rows.length ? numberTable("AUROC by family and kind", ["AUROC", ...kinds.map(kindTitle)], rows) : null;
  }

  picture() {
    const charts = this.charts.filter(({ what, element }) => what && element.isConnected);
    if (!charts.length) return null;
    const colours = this.ctx.colours();
    const paint = (context) => {
      for (const chart of charts) {
        Object.assign(context, { fillStyle: colours.ink, font: "600 14px system-ui, sans-serif" });
        context.fillText(chart.title.textContent, 0, 0);
        context.translate(0, TITLE);
        context.save();
        chart.paint(context, WIDTH, colours);
        context.restore();
        context.translate(0, HEIGHT + GAP);
      }
    };
    const words = [
      `${capital(this.legend.textContent)}.`,
      this.picked ? `Your picture: ${chosenName(this.ctx)}.` : "",
      NOTE,
    ];
    return createSheet(colours, { words, width: WIDTH, height: charts.length * (TITLE + HEIGHT + GAP), paint });
  }

  table() {
    const rows = this.measured.flatMap(({ net, card }) =>
      Object.entries(card.compare.odd.kinds).map((
        [kind, { n, mean, auroc, se, flagged }],
      ) => [net, kind, n, mean, auroc, se, flagged])
    );
    return rows.length
      ? {
        name: "is-it-odd",
        rows: [["network", "kind", "images", "mean score", "AUROC", "standard error", "flagged"], ...rows],
      }
      : null;
  }
}

/** Why a family has no histogram. */
function missingWords({ net, error, cannot, can }) {
  if (error) return error;
  return !can.odd
    ? `Cannot, because ${cannot.odd}.`
    : `Not measured yet: python -m explorer.evaluate ${net} --compare measures it.`;
}

export default {
  id: "odd",
  title: "Is it odd?",
  hint: "Other data, noise, a blank page, its own images turned or inverted: whom would each family " +
    "flag? Your picture is the line",
  create: (ctx) => new Odd(ctx),
};
