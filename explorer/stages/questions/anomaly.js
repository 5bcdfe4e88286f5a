/** Is it odd? Each family's own measure of oddness, on images of other kinds and on the visitor's picture. */

import { fill, h, say, setText } from "../kit/shell/dom.js";
import { capital, num } from "../kit/shell/format.js";
import { createSeen, fillPanel, numberTable, onDemand, segmented } from "../kit/shell/parts.js";
import { createTries } from "../kit/lesson/tries.js";
import { bySpace } from "./by_space.js";
import { drawerOf } from "./drawers.js";
import { AnomalyChart, heightOf } from "./anomaly_chart.js";
import { anomalyWords, kindName, kindTitle, pictureWords } from "./anomaly_words.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSheet } from "../kit/export/sheet.js";

const ASK_AGAIN = ["data", "net", "img", "draw", "source", "set", "x", "mode"];
const WIDTH = 520; // of a chart in a picture to keep
const HEIGHT = heightOf(WIDTH);
const TITLE = 22;
const GAP = 18;
const NOTE =
  "Each histogram is scaled to its own peak. AUROC: how often an image of the kind is odder than one of the family's own test images; 0.5 is " +
  "a coin's. The dashed line gives up 1 % of its own. Scores of different families are in " +
  "different units, their AUROCs are not.";

class Anomaly {
  constructor(ctx) {
    this.ctx = ctx;
    this.drawer = drawerOf(ctx);
    this.scores = new OneByOne(ctx, "ask_anomaly", () => ctx.refresh("odd"));
    this.chooser = this.drawer.chooser(ctx);
    this.choice = h("div");
    this.offered = [];
    this.charts = [];
    this.legend = h("p", { class: "odd-legend" });
    this.grid = h("div", {
      class: "odds result",
      tabindex: 0,
      role: "group",
      "aria-label": "A chart for each network",
    });
    this.numbers = h("div", { class: "trade-frame" });
    this.aurocs = onDemand("Every family and every kind", this.numbers, h("p", { class: "note" }, NOTE));
    this.seen = createSeen();
    fill(ctx.main, this.choice, this.legend, this.grid, this.aurocs);
    fillPanel(ctx, this.chooser.element, this.seen.element, createTries(ctx));
  }

  enter() {
    this.drawer.start(this.ctx);
  }

  get data() {
    return this.ctx.net().dataset;
  }

  /** The kinds that were measured, as the cards have them: a data set is never odd to itself. */
  get kinds() {
    return [...new Set(this.measured.flatMap(({ card }) => Object.keys(card.compare.odd.kinds)))];
  }

  /** The kind on screen. */
  get kind() {
    const { kind } = this.ctx.store.get();
    return this.kinds.includes(kind) ? kind : this.kinds[0];
  }

  get picked() {
    return this.drawer.picked(this.ctx);
  }

  get families() {
    return this.ctx.columns();
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
    this.offer();
    this.place(families.length);
    families.forEach((family, i) =>
      this.charts[i].show({ family, kind, own: data, score: this.scoreOf(family), missing: missingWords(family) })
    );
    this.showLegend(kind);
    fill(this.numbers, this.tableOf(measured));
    const scored = measured.map((family) => ({ family, score: this.scoreOf(family) })).filter(({ score }) =>
      score !== null
    );
    this.seen(
      [anomalyWords(measured, kind), this.picked ? pictureWords(scored, this.drawer.nameOf(this.picked)) : ""].join(
        " ",
      ),
    );
  }

  /** The choice among the kinds that there are. */
  offer() {
    const { kinds, ctx } = this;
    if (kinds.join() !== this.offered.join()) {
      const choose = (kind) => ctx.store.commit({ kind });
      this.segments = segmented("Compared with", kinds.map((kind) => [kind, kindTitle(kind)]), choose);
      fill(this.choice, kinds.length > 0 && this.segments);
      this.offered = kinds;
    }
    this.segments?.set(this.kind);
  }

  /** As many charts as there are families. */
  place(count) {
    while (this.charts.length < count) this.charts.push(new AnomalyChart(this.ctx));
    if (this.grid.childElementCount !== count) {
      fill(
        this.grid,
        this.charts.slice(0, count).map(({ element }) => element),
      );
    }
  }

  showLegend(kind) {
    const { tests, yours } = this.drawer;
    setText(
      this.legend,
      kind ? `solid: ${tests}; hatched: ${kindName(kind)}; line: ${yours}` : "",
    );
  }

  tableOf(measured) {
    const { kinds } = this;
    const rows = measured.map((
      { title, card },
    ) => [title, ...kinds.map((kind) => num(card.compare.odd.kinds[kind].auroc, 3))]);
    return rows.length ? numberTable("AUROC by family and kind", ["AUROC", ...kinds.map(kindTitle)], rows) : null;
  }

  hasResult(what) {
    return what === "table"
      ? this.measured.length > 0
      : this.charts.some(({ what, element }) => what && element.isConnected);
  }

  picture() {
    const charts = this.charts.filter(({ what, element }) => what && element.isConnected);
    if (!charts.length) return null;
    const colours = this.ctx.colours();
    const paint = (context) => {
      for (const chart of charts) {
        Object.assign(context, { fillStyle: colours.ink, font: "600 14px system-ui, sans-serif" });
        context.fillText(say(chart.title.textContent), 0, 0);
        context.translate(0, TITLE);
        context.save();
        chart.paint(context, WIDTH, colours);
        context.restore();
        context.translate(0, HEIGHT + GAP);
      }
    };
    const words = [
      `${capital(this.legend.textContent)}.`,
      this.picked ? `Your picture: ${this.drawer.chosenName(this.ctx)}.` : "",
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
function missingWords({ error, cannot, can }) {
  return error ?? (can.odd ? "Not measured yet." : `Cannot, because ${cannot.odd}.`);
}

export default {
  hint: (ctx) => drawerOf(ctx).hints.odd,
  create: bySpace((ctx) => new Anomaly(ctx), ({ card }) => Boolean(card.compare?.odd)),
};
