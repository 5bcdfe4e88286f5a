/** Savings of a cache: the same x drawn with it and without it, on one clock; the curves of their costs grow. */

import { Chart } from "../chart/chart.js";
import { fill, h } from "../base/dom.js";
import { numberTable } from "../panel/parts.js";
import { ReportFilm } from "./report_film.js";

const STYLES = [{ colour: "ink", width: 2.5 }, { colour: "ink", dash: [6, 4] }, { colour: "quiet", dash: [2, 4] }];

/** A subclass calls `build` with the element of x and, in `along`, the unit of the axis below; each frame's `report` has `Costs.to_props` of Python. */
export class CostFilm extends ReportFilm {
  build(x, { along, ...how }) {
    this.along = along;
    const { charts } = this.declared.shows;
    const onMove = (place, { rest }) => this.moveTo(this.frameOf(place), rest);
    this.charts = charts.map(({ label, height }) => new Chart(this.ctx, { label, height, onMove }));
    this.costs = h("div", { class: "cost-table with-numbers result" });
    const curves = h("div", { class: "cost-charts result" }, this.charts.map(({ element }) => element));
    const below = [this.numbers, this.costs];
    this.open({ screen: h("div", { class: "cost-film" }, curves, x), below, ...how });
  }

  /** The frame that is nearest to a place on the axis. */
  frameOf(place) {
    const away = this.drawn?.frames.map(({ report }) => Math.abs(report.place - place)) ?? [];
    return away.indexOf(Math.min(...away));
  }

  draw(at) {
    super.draw(at);
    const { head, rows } = this.drawn.frames[at].report.details;
    this.charts.forEach((chart, k) => this.drawChart(chart, k, at));
    fill(this.costs, numberTable("What it costs", head, rows));
  }

  drawChart(chart, k, at) {
    const reports = this.drawn.frames.slice(0, at + 1).map((frame) => frame.report);
    const { ways, ends, place, costs } = reports.at(-1);
    const isLong = 6 * (place - ends[0]) > ends[1] - ends[0]; // a name has room beside its line
    const all = reports.flatMap((each) => each.costs.map((figures) => figures[k]));
    chart.show({
      xs: ends,
      ys: [0, 1.15 * Math.max(...all) || 1],
      name: chart.label,
      along: this.along,
      lines: ways.map((label, way) => ({
        ...STYLES[way],
        label: isLong ? label : "",
        points: reports.map((each) => [each.place, each.costs[way][k]]),
      })),
      cursor: place,
      words: ways.map((way, i) => `${way} ${costs[i][k]}`).join(", "),
    });
  }
}
