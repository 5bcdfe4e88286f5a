/** Charts of a film's figures over its frames, as Python declares them: a line for each figure. */

import { Chart } from "../chart/chart.js";
import { h } from "../base/dom.js";

export class Curves {
  /** `declared` is what `Curves` in Python says of each chart; `onMove(at, rest)` is told of a frame that is dragged to. */
  constructor(ctx, declared, onMove) {
    this.charts = declared.map((each) => {
      const move = (place, { rest }) => this.frames && onMove(this.frameOf(place), rest);
      return { ...each, chart: new Chart(ctx, { label: each.label, height: each.height, onMove: move }) };
    });
    this.element = h("div", { class: "curves result" }, this.charts.map(({ chart }) => chart.element));
  }

  /** The frame that is nearest to a place on the axis; the last of several that are there. */
  frameOf(place, frames = this.frames) {
    const away = frames.map(({ report }) => Math.abs(report.place - place));
    const { place: nearest } = frames[away.indexOf(Math.min(...away))].report;
    return frames.findLastIndex(({ report }) => report.place === nearest);
  }

  /**
   * `styleOf(line, index)` may change how a line looks now.
   * @param {any[]} frames @param {number} at @param {(line: Partial<ChartLine>, index: number) => Partial<ChartLine>} [styleOf]
   */
  show(frames, at, styleOf = () => ({})) {
    this.frames = frames;
    const { place, words } = frames[at].report;
    const end = frames[0].report.end ?? frames.at(-1).report.place;
    this.charts.forEach(({ chart, lines, name, along, ys, ticks, includes }, k) => {
      const drawn = lines.map((line, i) => ({
        ...line,
        ...styleOf(line, i),
        points: frames.map(({ report }) => [report.place, report.curves[k]?.[i]]).filter(([, value]) => value !== null),
      })).filter(({ points }) => points.length && points[0][1] !== undefined);
      chart.element.hidden = !drawn.length;
      if (!drawn.length) return;
      drawn.sort((one, other) => (one.width ?? 0) - (other.width ?? 0)); // the thickest line lies over the others
      const [low, high] = ys ??
        endsOf([...includes, ...drawn.flatMap(({ points }) => points.map(([, value]) => value))]);
      chart.show({
        xs: [0, Math.max(1, end)],
        ys: [low, high],
        ticks: ticks && { y: ticks },
        name,
        along,
        lines: drawn,
        cursor: place,
        words,
      });
    });
  }
}

/** The ends of an axis of these values, a little apart where they are one. */
function endsOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}
