/** Watch it learn: what a network drew from one seed at the moments of its training that were kept. */

import { Chart } from "../kit/chart/chart.js";
import { num } from "../kit/base/format.js";
import { bySpace } from "./by_space.js";
import { Drawn } from "./drawn.js";
import { headOf } from "./head.js";

const HEIGHT = 190; // of the chart

/**
 * The possible measures of a snapshot: the field, a name, and the lines, the headline's first.
 * @type {{field: string, name: string, lines: (Omit<ChartLine, "points"> & {key: string})[]}[]}
 */
const MEASURES = [
  { field: "kl", name: "KL from the known density", lines: [{ key: "kl", colour: "ink" }] },
  {
    field: "rate",
    name: "−ELBO of held-out data",
    lines: [
      { key: "nll", colour: "ink", label: "−ELBO" },
      { key: "distortion", colour: "quiet", label: "distortion D" },
      { key: "rate", colour: "quiet", dash: [4, 3], label: "rate R" },
    ],
  },
  { field: "nll", name: "−log p(x) of held-out data", lines: [{ key: "nll", colour: "ink" }] },
];

const measureOf = (moments) => MEASURES.find(({ field }) => moments.every((moment) => moment[field] !== undefined));

/** The moment that a frame is of, as the training's log has it. @param {Column} column @param {Frame | null} frame */
const momentOf = ({ moments }, frame) => (frame ? moments[frame.index] : null);

class Learn extends Drawn {
  constructor(ctx) {
    const chart = new Chart(ctx, { label: "Measured during training", height: HEIGHT });
    super(ctx, {
      whyNot: ({ error, moments }) => error ?? (moments.length ? null : this.say({}, "none")),
      leading: (rows) => [...this.leads, ...headOf(rows)],
      below: () => [chart],
    });
    this.chart = chart;
  }

  figuresOf({ family, frame }) {
    const moment = momentOf(family, frame);
    const images = moment?.images.toLocaleString("en");
    return this.figures({ images, epoch: moment?.epoch, seconds: frame?.numbers.seconds });
  }

  /** The moments on screen. */
  get shown() {
    return this.race.runners(this.race.shown ?? 0).flatMap(({ column, frame }) => {
      const moment = momentOf(column.family, frame);
      return moment ? [{ title: column.family.title, moment }] : [];
    });
  }

  /** The measure of every snapshot and the one on screen; null of several networks, or where none is known. */
  get measured() {
    const [{ moments = [] }, ...others] = this.ctx.columns();
    const measure = measureOf(moments);
    if (others.length > 0 || moments.length < 2 || !measure) return null;
    const at = this.race.runners(this.race.shown ?? 0)[0]?.frame?.index ?? moments.length - 1;
    return { moments, measure, at, value: moments[at][measure.lines[0].key] };
  }

  /** Row of the measure. */
  get leads() {
    const { measure, value } = this.measured ?? {};
    return measure ? [[measure.name, num(value, 3), "nats"]] : [];
  }

  /** Draws the measure, if there is one. */
  plot() {
    const { chart, drawer, measured } = this;
    chart.element.hidden = !measured;
    if (!measured) return;
    const { moments, measure, at, value } = measured;
    const last = moments.length - 1;
    const lines = measure.lines.map(({ key, ...look }) => ({
      ...look,
      points: moments.map((moment, k) => [k, moment[key]]),
    }));
    const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
    const { images } = moments[at];
    chart.show({
      ...{ xs: [0, last], ys: [Math.min(0, ...values), Math.max(...values)] },
      ticks: { x: [0, last >> 1, last] },
      names: { x: [0, last >> 1, last].map((k) => moments[k].images.toLocaleString("en")) },
      ...{ lines, cursor: at, dot: [at, value] },
      name: `nats, ${moments.length} snapshots`,
      along: `${drawer.each} seen`,
      words: `${measure.name}: ${num(value)} nats after ${images.toLocaleString("en")} ${drawer.each}`,
    });
  }

  tell(moving) {
    this.plot();
    const { each } = this.drawer;
    const said = this.shown.map(({ title, moment: { images } }) =>
      this.say({ title, images: images.toLocaleString("en"), each }, images ? "after" : "before")
    );
    this.seen(said.join(" "), moving);
  }

  table() {
    const rows = this.ctx.columns().flatMap(({ net, moments = [] }) =>
      moments.map(({ epoch, images, step }) => [net, epoch, step, images])
    );
    return rows.length
      ? { name: `${this.ctx.net().name}-learn`, rows: [["network", "epoch", "step", this.drawer.each], ...rows] }
      : null;
  }
}

export default bySpace((ctx) => new Learn(ctx));
