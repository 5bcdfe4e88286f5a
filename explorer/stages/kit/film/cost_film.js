/** Savings of a cache: the same x drawn with it and without it, on one clock; the curves of their costs grow. */

import { fill, h } from "../base/dom.js";
import { shows, whenever } from "../base/live.js";
import { Chart } from "../chart/chart.js";
import { numberTable } from "../panel/parts.js";
import { nearestOf } from "./asked.js";
import { askedFilm } from "./asked_film.js";

const STYLES = [{ colour: "ink", width: 2.5 }, { colour: "ink", dash: [6, 4] }, { colour: "quiet", dash: [2, 4] }];

/**
 * Asks for such a film. Each frame's `report` has `Costs.to_props` of Python; `along` is the unit of the axis below.
 * `play` makes the player around the element of x, and returns the mode.
 * @param {import("../panel/mode.js").Self} self
 * @param {{nameOf: (request: any) => string, along: string, label: string, framesPerSecond: number}} how
 */
export function costFilm(self, { along, label, framesPerSecond, ...wanted }) {
  const film = askedFilm(self, wanted);
  const { frames, shown, frame, go, mode, numbers } = film;
  const onMove = (place, how) => go(nearestOf(frames.peek(), ({ report }) => report.place, place), how);
  const drawn = () => frames.value.slice(0, shown.value + 1).map(({ report }) => report);

  function play(x) {
    const charts = self.declared.shows.charts.map(({ label, height }, k) => {
      const chart = new Chart(self.ctx, { label, height, onMove });
      return shows(chart, () => frame.value && costs(drawn(), k, label, along));
    });
    const curves = h("div", { class: "cost-charts result" }, charts);
    const table = h("div", { class: "cost-table with-numbers result" });
    whenever(() => {
      if (!frame.value) return;
      const { head, rows } = frame.value.report.details;
      fill(table, numberTable("What it costs", head, rows));
    });
    const screen = h("div", { class: "cost-film" }, curves, x);
    return { main: film.play({ screen, label, framesPerSecond }), under: [numbers, table], ...mode };
  }

  return { ...film, play };
}

/** Chart of one cost, of all the ways to draw. */
function costs(reports, k, name, along) {
  const { ways, ends, place, costs } = reports.at(-1);
  const isLong = 6 * (place - ends[0]) > ends[1] - ends[0]; // a name has room beside its line
  const all = reports.flatMap((each) => each.costs.map((figures) => figures[k]));
  return {
    xs: ends,
    ys: [0, 1.15 * Math.max(...all) || 1],
    name,
    along,
    lines: ways.map((label, way) => ({
      ...STYLES[way],
      label: isLong ? label : "",
      points: reports.map((each) => [each.place, each.costs[way][k]]),
    })),
    cursor: place,
    words: ways.map((way, i) => `${way} ${costs[i][k]}`).join(", "),
  };
}
