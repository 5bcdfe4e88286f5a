/** Disentangling: how much each latent knows of each factor of a shape, and the shape with latents moved, over β. */

import { Chart } from "../kit/chart/chart.js";
import { button, fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, empty, fillPanel, segmented } from "../kit/shell/parts.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { createSeed } from "../kit/shell/seed.js";
import { rowsPicture, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { disentangleWords, gapsOf, orderOf, twoBest } from "./disentangle_words.js";

const FEW = 7;
const FULL = 60; // per cent of the accent where a latent knows all of a factor
const log = (beta) => Math.log2(Number(beta));

class Disentangle {
  constructor(ctx) {
    this.ctx = ctx;
    this.known = ctx.value().shapes;
    this.betas = ctx.fields.beta.choices;
    this.found = new OneByOne(ctx, "one_shape", () => ctx.refresh("shape"));
    this.chart = new Chart(ctx, {
      label: "The mutual information gap by β",
      height: 200,
      onMove: (place, { rest }) => this.choose({ beta: this.nearest(place) }, rest),
    });
    this.matrix = h("div", {
      class: "of-card factors",
      role: "region",
      tabindex: 0,
      "aria-label": "Latents and factors",
    });
    this.strips = [...this.known.factors, null].map((factor) => ({
      factor,
      strip: new Strip(factor ? `The latent that knows most of the ${factor}` : "The chosen latent", FEW, 64),
      words: h("h2"),
    }));
    this.images = ["the shape", "rebuilt"].map((name) => ({ canvas: imageCanvas(name, 84), name }));
    this.empty = empty("These networks are not measured here: python -m explorer.evaluate vae-shapes trains them.");
    this.screen = h(
      "div",
      { class: "recorded" },
      h("div", {}, this.chart.element, h("h2", {}, "How much of each factor a latent knows, of 1"), this.matrix),
      h("div", { class: "run-images" }, this.strips.flatMap(({ words, strip }) => [words, strip.element])),
    );
    fill(ctx.main, this.empty, this.screen);
    this.choice = segmented("β", this.betas.map((beta) => [beta, beta]), (beta) => this.choose({ beta }));
    this.seed = createSeed(ctx, { words: "Another shape" });
    this.seen = createSeen();
    const told = h(
      "p",
      { class: "note with-words" },
      "Small VAEs of shapes whose factors are known. The weight β of the KL:",
    );
    const shown = this.images.map(({ canvas, name }) => h("figure", {}, canvas, h("figcaption", {}, name)));
    const body = [told, this.choice, this.seed.element, h("div", { class: "row" }, shown), this.seen.element];
    fillPanel(ctx, body, createTries(ctx));
  }

  choose(patch, rest = true) {
    this.ctx.store.set(patch, { commit: rest });
  }

  nearest(place) {
    return this.betas.reduce((best, beta) => Math.abs(log(beta) - place) < Math.abs(log(best) - place) ? beta : best);
  }

  key({ key }) {
    const { beta, known } = this.ctx.store.get();
    const [by, to] = [{ ArrowLeft: -1, ArrowRight: 1 }[key], { ArrowUp: -1, ArrowDown: 1 }[key]];
    if (by !== undefined) {
      const next = this.betas[this.betas.indexOf(beta) + by];
      if (next !== undefined) this.choose({ beta: next });
      return next !== undefined;
    }
    const next = known + to;
    if (!(next >= this.ctx.fields.known.low && next <= this.ctx.fields.known.high)) return false;
    this.choose({ known: next });
    return true;
  }

  get information() {
    return this.known.information[this.ctx.store.get().beta];
  }

  update(changed) {
    const { beta, seed, known } = this.ctx.store.get();
    this.choice.set(beta);
    this.seed.update();
    this.empty.hidden = Boolean(this.information);
    this.screen.hidden = !this.information;
    if (!this.information) return this.seen("");
    const request = { beta, seed };
    if (["beta", "seed", "mode"].some((key) => changed.has(key))) this.found.want([request]);
    this.seed.failed(this.found.hasFailed(request));
    this.showChart(beta);
    this.showTable(known);
    const answer = this.found.of(request);
    if (answer && answer !== this.answer) Object.assign(this, { answer, board: fromBase64(answer.board) });
    this.showImages(answer);
    const words = disentangleWords(this.known, this.betas, beta, known);
    this.seen(words);
    if (answer) this.ctx.describe(words);
  }

  showChart(beta) {
    const gaps = this.betas.map((each) => [log(each), gapsOf(this.known, each)]).filter(([, { mean }]) =>
      mean !== null
    );
    const ends = ({ mean, half }) => [mean - (half ?? 0), mean + (half ?? 0)];
    const turned = gaps.map(([x], k) => [x, gapsOf(this.known, this.betas[k], "mig_turned").mean]);
    const top = Math.max(0.2, ...gaps.map(([, own]) => ends(own)[1])) * 1.05;
    const span = [log(this.betas[0]) - 0.3, log(this.betas.at(-1)) + 0.3];
    const own = gapsOf(this.known, beta);
    this.chart.show({
      xs: span,
      ys: [0, top],
      ticks: { x: this.betas.map(log), y: [0, 0.2, 0.4, 0.6, 0.8, 1].filter((y) => y <= top) },
      names: { x: this.betas },
      name: "MIG by β, ± 95 %; dashes: latents turned at random",
      lines: [
        { points: turned, colour: "ink", dash: [4, 4] },
        ...gaps.map(([x, each]) => ({
          points: ends(each).map((y) => [x, Math.max(0, y)]),
          colour: x === log(beta) ? "you" : "quiet",
          width: 4,
        })),
        { points: gaps.map(([x, { mean }]) => [x, mean]), colour: "quiet" },
      ],
      cursor: log(beta),
      dot: [log(beta), own.mean],
      words: `β = ${beta} reaches ${num(own.mean, 2)}`,
    });
  }

  /** Latents down, factors across; a cell is as dark as the latent knows of the factor. */
  showTable(known) {
    const { information } = this;
    const key = `${this.ctx.store.get().beta} ${known}`;
    if (key === this.shown) return;
    this.shown = key;
    const held = this.matrix.contains(document.activeElement) && document.activeElement !== this.matrix;
    const cell = (share) => {
      const shown = h("td", {}, num(Math.max(0, share), 2));
      shown.style.background = `color-mix(in srgb, var(--you) ${Math.round(FULL * Math.max(0, share))}%, transparent)`;
      return shown;
    };
    const rows = orderOf(information).map((latent, place) => {
      const choice = button(`latent ${place + 1}`, () => this.choose({ known: place }), {
        kind: "segment",
        pressed: place === known,
      });
      return h("tr", {}, h("th", { scope: "row" }, choice), information[latent].map(cell));
    });
    const head = h("tr", {}, h("td"), this.known.factors.map((name) => h("th", { scope: "col" }, name)));
    const label = "The share of each factor's entropy that a latent knows";
    const table = h("table", { class: "numbers", "aria-label": label }, h("thead", {}, head), h("tbody", {}, rows));
    fill(this.matrix, table);
    if (held) this.matrix.querySelector("[aria-pressed=true]").focus();
  }

  showImages(answer) {
    const { information } = this;
    const order = orderOf(information);
    const { known } = this.ctx.store.get();
    this.strips.forEach(({ factor, strip, words }, k) => {
      const { first, second, shares } = twoBest(information, k);
      const latent = factor ? first : order[known];
      const says = (latent, k) => `${num(shares[k], 2)} by latent ${order.indexOf(latent) + 1}`;
      setText(words, factor ? `${factor}: ${[first, second].map(says).join(", ")}` : `latent ${known + 1}, chosen`);
      strip.show(answer && this.board.slice(latent * FEW * PIXELS, (latent + 1) * FEW * PIXELS), "moved from −3 to 3");
    });
    for (const { canvas } of this.images) dim(canvas, !answer);
    if (!answer) return;
    drawImage(this.images[0].canvas, fromBase64(answer.x));
    drawImage(this.images[1].canvas, fromBase64(answer.rebuilt));
    this.ctx.show("x", this.images[0].canvas);
    this.ctx.show("out", this.images[1].canvas);
  }

  hasResult(what) {
    return Boolean(what === "table" ? this.information : this.answer);
  }

  picture() {
    if (!this.answer) return null;
    const rows = this.strips.map(({ factor, strip }) => ({ name: factor ?? "chosen", bytes: strip.bytes }));
    return rowsPicture(rows, FEW, this.ctx.colours());
  }

  table() {
    if (!this.information) return null;
    const order = orderOf(this.information);
    const head = ["latent", ...this.known.factors.map((name) => `share of the ${name}'s entropy`)];
    return { name: "vae-shapes", rows: [head, ...order.map((latent, k) => [k + 1, ...this.information[latent]])] };
  }
}

export default {
  hint: "Choose β (← →) and a latent (↑ ↓): which factors does it encode?",
  create: (ctx) => new Disentangle(ctx),
};
