/** A density beside a probability: one picture's log p(x) in other units, as bits per dimension, and who may stand by. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { moreControls, moreNumbers } from "../kit/shell/more.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, empty, fillPanel, keySegments, onDemand } from "../kit/shell/parts.js";
import { createSeed } from "../kit/shell/seed.js";
import { createSheet } from "../kit/export/sheet.js";
import { createTries } from "../kit/lesson/tries.js";
import { images } from "../questions/images.js";
import { createLikelihoodGroup } from "../questions/likelihood_group.js";
import { SPACES } from "../questions/spaces.js";
import { fifthWords, ladderRows, MAY_NOT, otherWords, UNITS } from "./fifth_words.js";
import { onImages } from "./of_images.js";
import { createRetry } from "./retry.js";
import { bitsPerDim, inUnit, ofLevels, spread } from "./units.js";

const ASK_AGAIN = ["net", "img", "draw", "source", "seed", "mode"];
const CHART_HEIGHT = 330;
const WIDTH = 640;
const LINE = 26;

class Fifth {
  constructor(ctx) {
    this.ctx = ctx;
    const again = () => ctx.refresh("fifth");
    this.densities = new OneByOne(ctx, "density", again);
    this.others = new OneByOne(ctx, "beside", again);
    this.likelihoods = new OneByOne(ctx, "ask_likelihood", again);
    this.asked = null;
    this.build();
  }

  build() {
    const { ctx } = this;
    this.chooser = images.chooser(ctx);
    this.empty = empty();
    this.ladder = h("dl", { class: "ladder" });
    this.chart = new Chart(ctx, { label: "log p(x) of each draw within the levels", height: CHART_HEIGHT });
    this.may = createLikelihoodGroup(SPACES.levels);
    this.list = h("ul", { class: "silent", tabindex: 0, "aria-label": "Networks that may not stand beside it" });
    this.mayNot = onDemand("Why the others may not stand beside it", this.list, h("p", { class: "note" }, MAY_NOT));
    const groups = h("div", { class: "groups" }, this.may.element, this.mayNot);
    this.shown = h("div", { class: "fifth" }, this.ladder, this.chart.element, moreNumbers(groups));
    ctx.main.append(this.empty, this.shown);
    this.unit = keySegments(ctx, "unit", "Unit of a pixel", UNITS);
    this.seed = createSeed(ctx, { words: "Draw again" });
    this.retry = createRetry(() => this.ask());
    this.seen = createSeen();
    const unit = h("div", { class: "unit-choice" }, h("span", { class: "quiet" }, "Pixels in"), this.unit);
    fillPanel(
      ctx,
      this.chooser.element,
      unit,
      moreControls(this.seed.element),
      this.retry.element,
      this.seen.element,
      createTries(ctx, ctx.value().tries.fifth),
    );
  }

  enter() {
    images.start(this.ctx);
  }

  get picked() {
    return images.picked(this.ctx);
  }

  get request() {
    const { net, seed } = this.ctx.store.get();
    return this.picked && { net, picture: this.picked, seed };
  }

  get net() {
    return { net: this.ctx.store.get().net };
  }

  /** The other networks, with what each says of the picture, null while that is on its way. */
  get rows() {
    return (this.others.of(this.net)?.nets ?? []).map((other) => ({
      ...other,
      answer: other.kind && this.picked ? this.likelihoods.of({ net: other.net, picture: this.picked }) : null,
    }));
  }

  update(changed) {
    for (const part of [this.chooser, this.seed]) part.update();
    const { unit } = this.ctx.store.get();
    this.unit.set(unit);
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    this.askOthers();
    this.retry.show(this.picked !== null && this.isMissing);
    this.show();
  }

  /** Whether something that was asked did not arrive. */
  get isMissing() {
    const { densities, others, likelihoods, request, net, picked: picture } = this;
    const silent = this.rows.some((row) => likelihoods.hasFailed({ net: row.net, picture }));
    return densities.hasFailed(request) || others.hasFailed(net) || silent;
  }

  ask() {
    this.densities.want(this.request ? [this.request] : []);
    this.others.want([this.net]);
    this.asked = null;
    this.askOthers();
  }

  /** What the other networks say is asked once it is known who they are. */
  askOthers() {
    const asked = this.picked
      ? this.rows.filter(({ kind }) => kind).map(({ net }) => ({ net, picture: this.picked }))
      : [];
    const key = JSON.stringify(asked);
    if (key === this.asked) return;
    this.asked = key;
    this.likelihoods.want(asked);
  }

  /** What the flow says of the picture: log p of its draws, null while it is on its way. */
  get found() {
    const answer = this.request && this.densities.of(this.request);
    if (answer) this.latest = answer;
    return answer;
  }

  show() {
    const { found } = this;
    const { unit } = this.ctx.store.get();
    this.empty.hidden = this.picked !== null;
    this.shown.hidden = this.picked === null || !this.latest;
    setText(this.empty, `${images.nothing[this.chooser.kind]}: the flow is asked for its density.`);
    dim(this.ladder, !found);
    if (this.picked === null) return this.seen("");
    if (!this.latest) return;
    const density = spread(this.latest.log_prob);
    fill(
      this.ladder,
      ladderRows(density, unit).map(([name, value, words], i) =>
        h(
          "div",
          { class: i === 1 ? "with-numbers" : null },
          h("dt", {}, name),
          h("dd", { class: "number" }, value),
          h("dd", { class: "note with-words" }, words),
        )
      ),
    );
    this.showChart(unit);
    this.showOthers(density);
    if (!found) return;
    const said = fifthWords({ density, unit, rows: this.rows, name: images.chosenName(this.ctx) });
    this.seen(said);
    this.ctx.describe(said);
  }

  /** A line for each draw; the cursor is their mean. */
  showChart(unit) {
    const draws = this.latest.log_prob.map((value) => inUnit(value, unit));
    const { mean } = spread(draws);
    const reach = Math.max(...draws.map((value) => Math.abs(value - mean)), 1) * 1.15;
    this.chart.show({
      xs: [mean - reach, mean + reach],
      ys: [0, 1],
      ticks: { x: [mean - reach, mean, mean + reach].map((value) => Number(value.toFixed(1))), y: [] },
      name: `log p(x) of ${draws.length} draws of the noise within the levels, nats`,
      lines: draws.map((value) => ({ points: [[value, 0], [value, 0.8]], colour: "ink", width: 1.5 })),
      cursor: mean,
      words: `${num(mean, 1)} nats on average, from ${num(Math.min(...draws), 1)} to ${num(Math.max(...draws), 1)}`,
    });
  }

  showOthers(density) {
    const { rows } = this;
    const column = this.ctx.net().column;
    const bound = ofLevels(density.mean, 1);
    const own = { kind: "bound", nats: bound, se: density.se, bits_per_dim: bitsPerDim(bound) };
    const beside = rows.filter(({ comparable, kind }) => comparable && kind)
      .map(({ title, kind, answer }) => ({ family: { title, can: { likelihood: kind } }, answer }));
    this.may.show([{ family: column, answer: own }, ...beside], images.pixels(this.ctx, column.space));
    const rest = rows.filter(({ comparable, kind }) => !comparable || !kind);
    this.mayNot.hidden = rest.length === 0;
    fill(this.list, rest.map((row) => h("li", {}, h("strong", {}, row.title), " ", otherWords(row))));
  }

  hasResult() {
    return Boolean(this.found);
  }

  /** The ladder as a picture to keep. */
  picture() {
    if (!this.found) return null;
    const rows = ladderRows(spread(this.latest.log_prob), this.ctx.store.get().unit);
    const colours = this.ctx.colours();
    const paint = (context) => {
      rows.forEach(([name, value], k) => {
        Object.assign(context, { fillStyle: colours.ink, font: "15px system-ui, sans-serif" });
        context.fillText(name, 0, k * LINE);
        context.fillText(value, 340, k * LINE);
      });
    };
    const words = [`The picture: ${images.chosenName(this.ctx)}.`];
    return createSheet(colours, { words, width: WIDTH, height: rows.length * LINE, paint });
  }

  table() {
    if (!this.found) return null;
    const head = ["draw", ...UNITS.map(([, name]) => `log p(x), pixels in ${name}, nats`), "bits per dimension"];
    const rows = this.latest.log_prob.map((value, k) => [
      k + 1,
      ...UNITS.map(([unit]) => inUnit(value, unit)),
      bitsPerDim(ofLevels(value, 1)),
    ]);
    return { name: `${this.ctx.store.get().net}-density`, rows: [head, ...rows] };
  }
}

export default {
  hint: "Is +3,400 nats more than −62? Change a pixel's unit",
  create: onImages((ctx) => new Fifth(ctx)),
};
