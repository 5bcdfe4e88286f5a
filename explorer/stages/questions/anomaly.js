/** Is it odd? Each family's own measure of oddness, on images of other kinds and on the visitor's picture. */

import { fill, h, say, setText } from "../kit/shell/dom.js";
import { Answered } from "../kit/shell/answered.js";
import { capital, listed } from "../kit/shell/format.js";
import { createSeen, fillPanel, numberTable, onDemand, segmented } from "../kit/shell/parts.js";
import { createTries } from "../kit/lesson/tries.js";
import { bySpace } from "./by_space.js";
import { drawerOf, whose } from "./drawers.js";
import { AnomalyChart, heightOf } from "./anomaly_chart.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { CROWD } from "./column.js";
import { createSheet } from "../kit/export/sheet.js";

const ASK_AGAIN = ["data", "net", "img", "draw", "source", "set", "x", "mode"];
const WIDTH = 520; // of a chart in a picture to keep
const HEIGHT = heightOf(WIDTH);
const TITLE = 22;
const GAP = 18;

class Anomaly {
  constructor(ctx) {
    this.ctx = ctx;
    this.drawer = drawerOf(ctx);
    this.found = new Answered(ctx, "ask_odd", () => ctx.refresh("found"));
    this.scores = new OneByOne(ctx, "ask_anomaly", () => ctx.refresh("odd"));
    this.chooser = this.drawer.chooser(ctx);
    this.choice = h("div");
    this.charts = [];
    this.legend = h("p", { class: "odd-legend" });
    this.grid = h("div", {
      class: "odds result",
      tabindex: 0,
      role: "group",
      "aria-label": "A chart for each network",
    });
    this.numbers = h("div", { class: "trade-frame" });
    this.note = h("p", { class: "note" });
    this.aurocs = onDemand("Every family and every kind", this.numbers, this.note);
    this.seen = createSeen();
    fill(ctx.main, this.choice, this.legend, this.grid, this.aurocs);
    fillPanel(ctx, this.chooser.element, this.seen.element, createTries(ctx));
  }

  enter() {
    this.drawer.start(this.ctx);
  }

  /** What the server says of all measured networks; null before it does. */
  get value() {
    return this.found.value;
  }

  /** The kind on screen, of those that were measured: a data set is never odd to itself. */
  get kind() {
    const { kind } = this.ctx.store.get();
    return this.value && (this.value.by[kind] ? kind : this.value.kinds[0]?.[0]);
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
    const { measured } = this;
    this.chooser.update();
    this.found.want(measured.length ? { nets: measured.map(({ net }) => net) } : null);
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      this.scores.want(this.picked ? measured.map((family) => this.requestOf(family)) : []);
    }
    this.show();
  }

  show() {
    const { kind, families, value, measured } = this;
    const shown = value?.by[kind];
    this.offer();
    this.place(families.length);
    families.forEach((family, i) => {
      const score = this.scoreOf(family);
      const [what, missing] = [shown?.charts[family.net], missingWords(family)];
      this.charts[i].show({ family, what, score, missing });
    });
    const { tests, yours } = this.drawer;
    setText(this.legend, shown ? `solid: ${tests}; hatched: ${shown.name}; line: ${yours}; figures: AUROC` : "");
    this.aurocs.hidden = !shown;
    if (shown) {
      fill(this.numbers, numberTable("AUROC by family and kind", value.numbers.head, value.numbers.rows));
      setText(this.note, value.note);
    }
    const nothing = measured.length ? "" : "Nothing is measured yet.";
    this.seen(shown ? [shown.words, this.pictureWords()].filter(Boolean).join(" ") : nothing);
  }

  /** What each family says of the visitor's picture. */
  pictureWords() {
    const scored = this.measured.map((family) => [family, this.scoreOf(family)]).filter(([, score]) => score !== null);
    if (!scored.length) return "";
    const name = this.drawer.nameOf(this.picked);
    const flagged = scored.filter(([{ net }, score]) => score > this.value.thresholds[net]).map(([{ title }]) => title);
    if (!flagged.length) {
      return `${scored.length > 1 ? "No family flags" : `${scored[0][0].title} does not flag`} ${name}.`;
    }
    return `${capital(name)} is flagged by ${listed(flagged)}${flagged.length < scored.length ? " alone" : ""}.`;
  }

  /** The choice among the kinds that there are. */
  offer() {
    const { value, ctx } = this;
    if (value && value !== this.offered) {
      this.segments = segmented("Compared with", value.kinds, (kind) => ctx.store.commit({ kind }));
      fill(this.choice, value.kinds.length > 0 && this.segments);
      this.offered = value;
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
      for (const { missing } of this.charts) missing.open = count <= CROWD; // beside many others the reason waits
    }
  }

  hasResult(what) {
    return what === "table"
      ? Boolean(this.value)
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
      this.value.note,
    ];
    return createSheet(colours, { words, width: WIDTH, height: charts.length * (TITLE + HEIGHT + GAP), paint });
  }

  table() {
    return this.value && { name: "is-it-odd", rows: this.value.table };
  }
}

/** Why a family has no histogram. */
function missingWords({ error, cannot, can }) {
  return error ?? (can.odd ? "Not measured yet." : `Cannot, because ${cannot.odd}.`);
}

export default {
  hint: (ctx) => `${drawerOf(ctx).hints.odd} ${whose(ctx)}?`,
  create: bySpace((ctx) => new Anomaly(ctx), ({ card }) => Boolean(card.compare?.odd)),
};
