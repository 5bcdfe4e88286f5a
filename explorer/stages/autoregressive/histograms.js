/** Histograms of log p under two networks, each trained on one data set and shown both: whom would likelihood flag? */

import { h, setText } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { empty, numberTable } from "../kit/shell/parts.js";
import { share } from "./distribution.js";
import { CHART_HEIGHT, paintChart } from "./likelihood_chart.js";
import { measured, ruling } from "./verdict.js";

const OTHER = { mnist: "pixelcnn-fashion-mnist", "fashion-mnist": "pixelcnn-mnist" };
const ROWS = { mnist: "MNIST test", "fashion-mnist": "Fashion-MNIST test", noise: "noise", blank: "blank page" };

/** One network's chart, its title, and what to say where nothing was measured. */
class Chart {
  constructor(ctx) {
    this.ctx = ctx;
    this.title = h("h2");
    this.canvas = h("canvas", { class: "likelihood-chart", role: "img" });
    this.words = h("figcaption", { class: "with-words" });
    this.missing = empty("");
    this.element = h("figure", { class: "likelihood" }, this.title, this.canvas, this.words, this.missing);
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** `total` is the picture's log p under this network, null while it is not known. */
  show(net, total) {
    Object.assign(this, { net, total, histograms: measured(net.histograms) });
    const kind = net.levels === 2 ? "black and white pixels" : "256 grey levels";
    setText(this.title, `Under the ${net.title} network (${kind})`);
    this.canvas.hidden = this.words.hidden = !this.histograms;
    this.missing.hidden = Boolean(this.histograms);
    setText(
      this.missing,
      net.error ??
        "Not measured yet: the card of this network has no " +
          `histograms.${total === null ? "" : ` Your picture has log p(x) = ${num(total)} nats.`}`,
    );
    if (this.histograms) {
      setText(this.words, net.verdict);
      this.canvas.setAttribute("aria-label", this.alternative());
    }
    this.draw();
  }

  alternative() {
    const { sets, threshold } = this.histograms;
    const means = Object.entries(sets).map(([name, { value }]) => `${ROWS[name]} ${num(value, 1)}`).join(", ");
    const mark = this.total === null ? "" : ` Your picture has ${num(this.total, 1)}.`;
    return `${this.title.textContent}: mean log p in nats, ${means}. What is below ${num(threshold, 1)} is ` +
      `flagged.${mark}`;
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.histograms || width === 0) return;
    const { net, total, ctx } = this;
    paintChart(this.canvas, this.histograms, { width, own: net.dataset, mark: total, colours: ctx.colours() });
  }
}

/** Set by set: mean log p, AUROC and the share that is flagged. */
function tableOf({ net, histograms }) {
  const rows = Object.entries(histograms.sets).map(([name, { value, auroc, flagged }]) => [
    ROWS[name],
    num(value, 1),
    name === net.dataset ? "–" : share(auroc),
    name === "blank" ? (flagged > 0 ? "yes" : "no") : percent(flagged, 1),
  ]);
  return numberTable(`Under the ${net.title} network`, [`${net.title} network`, "log p", "AUROC", "flagged"], rows);
}

export class Histograms {
  constructor(ctx) {
    this.ctx = ctx;
    this.charts = [new Chart(ctx), new Chart(ctx)];
    const note = "Each set is scaled to its own peak. Nats of 2 and of 256 levels cannot be compared.";
    this.main = h(
      "div",
      { class: "likelihoods" },
      this.charts.map(({ element }) => element),
      h("p", { class: "note" }, note),
    );
    this.tables = h("div", { class: "likelihood-tables" });
    this.side = h(
      "div",
      {},
      this.tables,
      h(
        "p",
        { class: "note" },
        "AUROC: how often an image of the network's own test set is more likely than one of the row; 0.5 " +
          "is a coin's.",
      ),
    );
    this.other = { request: null, total: null };
  }

  /** The network of the other data set than the first one's. */
  get second() {
    const name = OTHER[this.answer.net.dataset];
    return { name, ...this.ctx.value().nets[name] };
  }

  show(answer) {
    this.answer = answer;
    const { second } = this;
    this.ask(second);
    this.charts[0].show(answer.net, answer.total);
    this.charts[1].show(second, this.other.total);
    this.tables.replaceChildren(...this.charts.filter(({ histograms }) => histograms).map(tableOf));
  }

  /** The same picture under the other network, once a score; what failed waits for another score, or for `retry`. */
  async ask(second) {
    const { request } = this.answer;
    if (request === this.other.request || second.error) return;
    const other = (this.other = { request, total: null });
    const found = await this.ctx.ask("trace", { net: second.name, picture: request.picture, label: null, order: 0 });
    if (other !== this.other) return;
    other.failed = !found;
    if (!found) return;
    other.total = found.total;
    this.ctx.refresh("scored");
  }

  /** Lets what failed be asked once more. */
  retry() {
    if (this.other.failed) this.other = { request: null, total: null };
  }

  words() {
    const { name, request } = this.answer;
    const sentences = this.charts.filter(({ total }) => total !== null).map(({ net, total, histograms }) => {
      const rule = histograms ? `, ${ruling(net.dataset, histograms, total, request.picture)}` : "";
      return `Under the ${net.title} network ${name} has log p(x) = ${num(total, 1)} nats${rule}.`;
    });
    return sentences.join(" ");
  }

  hasResult() {
    return this.charts.some(({ histograms }) => histograms);
  }

  picture() {
    const charts = this.charts.filter(({ histograms }) => histograms);
    if (!charts.length) return null;
    const canvas = h("canvas", { width: charts[0].canvas.width });
    const ratio = charts[0].canvas.height / CHART_HEIGHT;
    const each = (CHART_HEIGHT + 24) * ratio;
    canvas.height = each * charts.length;
    const context = canvas.getContext("2d");
    const { ground, ink } = this.ctx.colours();
    context.fillStyle = ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(context, { fillStyle: ink, font: `600 ${13 * ratio}px system-ui, sans-serif` });
    charts.forEach((chart, i) => {
      context.fillText(chart.title.textContent, 10 * ratio, i * each + 16 * ratio, canvas.width - 20 * ratio);
      context.drawImage(chart.canvas, 0, i * each + 24 * ratio);
    });
    return canvas;
  }

  table() {
    const charts = this.charts.filter(({ histograms }) => histograms);
    if (!charts.length) return null;
    const rows = charts.flatMap(({ net, histograms }) =>
      Object.entries(histograms.sets).flatMap(([name, { counts }]) =>
        counts.map((count, i) => [net.title, name, -histograms.edges[i + 1], -histograms.edges[i], count])
      )
    );
    return { name: "log-likelihoods", rows: [["network", "set", "from, nats", "to, nats", "images"], ...rows] };
  }
}
