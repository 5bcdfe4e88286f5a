/**
 * A chart to read, by plotly: drawn from a figure that Python made, in the colours of the theme. The library is read
 * when the first one is shown.
 */

import { button, fill, h, select, setName, setText, styled } from "../base/dom.js";
import { download, saveTable } from "../export/export.js";
import { whileBusy } from "../panel/parts.js";
import { themeOf } from "./plot_theme.js";
import { tableOf } from "./plot_table.js";
import { fromBase64 } from "../plane/tensors.js";

const HEIGHT = 340;
const UNREAD = "The library that draws this chart could not be read; perhaps the line is down. Its numbers can be " +
  "saved as a table.";
const FLAT = "This browser draws nothing in three dimensions (WebGL is off). The numbers can be saved as a table.";

const isAddress = (each) => typeof each === "string" && each.startsWith("?tab=");

/**
 * Links of the points of a figure, of those that lead somewhere: [address, words].
 * @param {PlotFigure} figure @returns {[string, string][]}
 */
export const addressesOf = ({ data }) =>
  data.flatMap(({ name, x, customdata }) =>
    (Array.isArray(customdata) ? customdata : []).flatMap((to, k) =>
      isAddress(to) ? [/** @type {[string, string]} */ ([to, `${name}, ${x[k]}`])] : []
    )
  );

let isStyled = false;

/** The style of charts, which comes with the first of them. */
export function addStyles() {
  if (isStyled) return;
  isStyled = true;
  styled("../../charts/plot.css", import.meta.url);
}

const open = (address) => address && globalThis.goTo(address);

let reading = null;

/** Resolves to plotly; what cannot be read can be asked for again. @param {string} url @returns {Promise<Plotly>} */
function readLibrary(url) {
  reading ??= new Promise((resolve, reject) => {
    const script = h("script", { src: url });
    const failed = () => {
      script.remove();
      reading = null;
      reject(new Error(`${url} could not be read`));
    };
    script.addEventListener("load", () => (globalThis.Plotly ? resolve(globalThis.Plotly) : failed()));
    script.addEventListener("error", failed);
    document.head.append(script);
  });
  return reading;
}

const isDeep = ({ data }) => data.some(({ type }) => type === "surface");

let deep = null;

/** True if this browser draws in three dimensions; asked once, as a page has few such contexts. */
function drawsDeep() {
  if (deep === null) {
    const context = document.createElement("canvas").getContext("webgl");
    deep = context !== null;
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return deep;
}

export class Plot {
  /**
   * `ctx` says where files lie and which colours there are; `name` is what files of this chart are called.
   * @param {Pick<Ctx, "base" | "colours">} ctx
   */
  constructor(ctx, { name, height = HEIGHT }) {
    this.ctx = ctx;
    this.name = name;
    this.height = height;
    this.chart = null;
    this.drawn = null;
    /** @type {PlotHost} */
    this.host = h("div", { class: "plot-host", role: "img" });
    this.host.style.height = `${height}px`;
    this.status = h("p", { role: "status" });
    this.again = button("Try again", () => this.draw());
    this.picture = button("PNG", () => whileBusy(this.picture, () => this.savePicture()), { disabled: true });
    this.table = button("CSV", () => saveTable(this.name, tableOf(this.chart.figure)), { disabled: true });
    this.again.hidden = true;
    this.ways = h("span", { class: "plot-ways" });
    const row = h("div", { class: "row" }, this.again, this.picture, this.table, this.ways);
    this.element = h("figure", { class: "plot" }, this.host, this.status, row);
    new ResizeObserver(() => this.drawn && this.host.clientWidth && this.drawn.Plots.resize(this.host)).observe(
      this.host,
    );
    addStyles();
  }

  /** Shows a chart as Python tells it. @param {{figure: PlotFigure, words: string, script: string}} chart */
  show(chart) {
    this.chart = chart;
    this.table.disabled = false;
    setName(this.host, chart.words);
    this.showWays(addressesOf(chart.figure));
    return this.draw();
  }

  /** Lists the links of the points, for keyboards and screen readers. @param {[string, string][]} ways */
  showWays(ways) {
    /** @type {[string, string][]} */
    const options = [["", "choose a point"], ...ways];
    fill(this.ways, ways.length ? select("Open its images", options, "", open) : null);
  }

  async draw() {
    const { chart, host } = this;
    this.again.hidden = true;
    setText(this.status, this.drawn ? "" : "Reading the chart…");
    if (isDeep(chart.figure) && !drawsDeep()) return setText(this.status, FLAT);
    try {
      const library = await readLibrary(`${this.ctx.base}${chart.script}`);
      if (chart !== this.chart) return;
      const { data, layout } = chart.figure;
      const template = themeOf(this.ctx.colours());
      const config = { displayModeBar: false, scrollZoom: false };
      await library.react(host, data, { ...layout, template, height: this.height, autosize: true }, config);
      this.follow();
      this.drawn = library;
      this.picture.disabled = false;
      setText(this.status, "");
    } catch (error) {
      console.warn(error.message);
      setText(this.status, UNREAD);
      this.again.hidden = false;
    }
  }

  /** A point that leads somewhere opens it. */
  follow() {
    if (this.drawn) return;
    this.host.on?.("plotly_click", ({ points: [point] }) => isAddress(point?.customdata) && open(point.customdata));
  }

  relayout(changed) {
    this.drawn?.relayout(this.host, changed);
  }

  async savePicture() {
    const { clientWidth: width } = this.host;
    const url = await this.drawn.toImage(this.host, { format: "png", width, height: this.height, scale: 2 });
    download(new Blob([fromBase64(url.split(",")[1])], { type: "image/png" }), `${this.name}.png`);
  }
}
