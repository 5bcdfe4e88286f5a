/** Watch it learn: what a network drew from one seed at the moments of its training that were kept. */

import { Chart } from "../kit/chart/chart.js";
import { FINDING } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { bySpace } from "./by_space.js";
import { drawerOf } from "./drawers.js";
import { drawn, figuresIn, meanOf, sayOf } from "./drawn.js";
import { headOf } from "./head.js";

const HEIGHT = 190; // of the chart

/**
 * The possible measures of a snapshot: the field, a name, the headline's sentence, and the lines, the headline's first.
 * @type {{field: string, name: string, says: string, lines: (Omit<ChartLine, "points"> & {key: string})[]}[]}
 */
const MEASURES = [
  { field: "kl", name: "KL from the known density", says: "away", lines: [{ key: "kl", colour: "ink" }] },
  {
    field: "rate",
    name: "−ELBO of held-out data",
    says: "bound",
    lines: [
      { key: "nll", colour: "ink", label: "−ELBO" },
      { key: "distortion", colour: "quiet", label: "distortion D" },
      { key: "rate", colour: "quiet", dash: [4, 3], label: "rate R" },
    ],
  },
  { field: "nll", name: "−log p(x) of held-out data", says: "exact", lines: [{ key: "nll", colour: "ink" }] },
];

const measureOf = (moments) => MEASURES.find(({ field }) => moments.every((moment) => moment[field] !== undefined));

/** The moment that a frame is of, as the training's log has it. @param {Column} column @param {Frame | null} frame */
const momentOf = ({ moments }, frame) => (frame ? moments[frame.index] : null);

/** @param {import("../kit/panel/mode.js").Self} self */
function learn(self) {
  const { ctx } = self;
  const [say, figures, { each }] = [sayOf(self), figuresIn(self), drawerOf(self.ctx)];
  const { race, play } = drawn(self, {
    xOf: meanOf,
    whyNot: ({ error, moments }) => error ?? (moments.length ? null : say({}, "none")),
  });
  const now = computed(() => race.runners(race.shown.value));
  const measured = computed(() => measuredOf(ctx.columns(), now.value[0]?.frame));
  const words = computed(() => {
    const shown = now.value.map(({ column: { family }, frame }) => ({ family, moment: momentOf(family, frame) }));
    const told = shown.filter(({ moment }) => moment).map(({ family: { title }, moment: { images } }) =>
      say({ title, images: images.toLocaleString("en"), each }, images ? "after" : "before")
    );
    return [...told, ...now.value.some(({ frame }) => frame?.pictures.mean) ? [say({}, "mean")] : []].join(" ");
  });
  const chart = new Chart(ctx, { label: "Measured during training", height: HEIGHT });
  whenever(() => {
    chart.element.hidden = !measured.value;
    if (measured.value) chart.show(chartOf(measured.value, each));
  });
  const { mode } = play({
    words,
    figuresOf({ family, frame }) {
      const moment = momentOf(family, frame);
      const images = moment?.images.toLocaleString("en");
      return figures({ images, epoch: moment?.epoch, seconds: frame?.numbers.seconds });
    },
    leading: (rows) => [...leadsOf(measured.value, say, each), ...headOf(rows)],
    below: [chart.element],
  });

  function table() {
    const rows = ctx.columns().flatMap(({ net, moments = [] }) =>
      moments.map(({ epoch, images, step }) => [net, epoch, step, images])
    );
    return rows.length
      ? { name: `${ctx.net().name}-learn`, rows: [["network", "epoch", "step", each], ...rows] }
      : null;
  }
  return { ...mode, table };
}

/** The measure of every snapshot and the one on screen; null of several networks, or where none is known. */
function measuredOf([{ moments = [] }, ...others], frame) {
  const measure = measureOf(moments);
  if (others.length > 0 || moments.length < 2 || !measure) return null;
  const at = frame?.index ?? moments.length - 1;
  return { moments, measure, at, value: moments[at][measure.lines[0].key] };
}

/** The headline and the row of the measure. @returns {FigureRow[]} */
function leadsOf(measured, say, each) {
  if (!measured) return [];
  const { measure: { name, says }, value } = measured;
  return [[FINDING, say({ value, each }, says), ""], [name, num(value, 3), "nats"]];
}

function chartOf({ moments, measure, at, value }, each) {
  const last = moments.length - 1;
  const lines = measure.lines.map(({ key, ...look }) => ({
    ...look,
    points: moments.map((moment, k) => [k, moment[key]]),
  }));
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const { images } = moments[at];
  return {
    ...{ xs: [0, last], ys: [Math.min(0, ...values), Math.max(...values)] },
    ticks: { x: [0, last >> 1, last] },
    names: { x: [0, last >> 1, last].map((k) => moments[k].images.toLocaleString("en")) },
    ...{ lines, cursor: at, dot: [at, value] },
    name: `nats, ${moments.length} snapshots`,
    along: `${each} seen`,
    words: `${measure.name}: ${num(value)} nats after ${images.toLocaleString("en")} ${each}`,
  };
}

export default bySpace(learn);
