/** Watch it learn: what a network drew from one seed at the moments of its training that were kept. */

import { Chart } from "../kit/chart/chart.js";
import { num } from "../kit/shell/format.js";
import { bySpace } from "./by_space.js";
import { drawerOf, whose } from "./drawers.js";
import { Drawn } from "./drawn.js";

const NOT_KEPT = "Cannot, because no moment of its training was kept.";

const HEIGHT = 190; // of the chart

/** What held-out data cost at a snapshot: −log p(x), or the terms of its bound. */
const EXACT = [{ key: "nll", colour: "ink" }];
const BOUND = [
  { key: "nll", colour: "ink", label: "−ELBO" },
  { key: "distortion", colour: "quiet", label: "distortion D" },
  { key: "rate", colour: "quiet", dash: [4, 3], label: "rate R" },
];

/** The lines of these costs over the snapshots. */
const linesOf = (moments) =>
  ("rate" in moments[0] ? BOUND : EXACT).map(({ key, ...look }) => ({
    ...look,
    points: moments.map((moment, k) => [k, moment[key]]),
  }));

/** What held-out data cost at a snapshot, in words; nothing where it was not measured. */
const costOf = ({ nll, rate }) =>
  nll === undefined ? "" : `: held-out ones cost ${rate === undefined ? "" : "at most "}${num(nll)} nats`;

/** The moment that a frame is of, as the training's log has it. */
const momentOf = ({ moments }, frame) => (frame ? moments[frame.index] : null);

class Learn extends Drawn {
  constructor(ctx) {
    const drawer = drawerOf(ctx);
    const chart = new Chart(ctx, { label: "Held-out data during training", height: HEIGHT });
    const rows = [`${drawer.each} seen`, "epoch", "seconds here"];
    super(ctx, {
      name: "ask_learn",
      doing: "draws as it did then",
      label: `${drawer.many} from ${whose(ctx)} while it learnt`,
      others: drawer.others,
      rows,
      whyNot: ({ error, moments }) => error ?? (moments.length ? null : NOT_KEPT),
      below: ({ all }) => [{ element: all }, chart],
    });
    Object.assign(this, { drawer, rows, chart });
  }

  figuresOf({ family, frame }) {
    const moment = momentOf(family, frame);
    const { images, epoch } = moment ?? {};
    return [
      [this.rows[0], images === undefined ? "–" : images.toLocaleString("en")],
      [this.rows[1], num(epoch)],
      [this.rows[2], num(frame?.numbers.seconds)],
    ];
  }

  /** The moments on screen. */
  get shown() {
    return this.race.runners(this.race.shown ?? 0).flatMap(({ column, frame }) => {
      const moment = momentOf(column.family, frame);
      return moment ? [{ title: column.family.title, moment }] : [];
    });
  }

  /** Draws the negative log-likelihood at every snapshot; of several networks, or where none is known, there is no chart. */
  plot() {
    const [{ moments = [] }, ...others] = this.ctx.columns();
    const { chart, race, drawer } = this;
    const last = moments.length - 1;
    chart.element.hidden = others.length > 0 || !(last > 0 && moments.every(({ nll }) => nll !== undefined));
    if (chart.element.hidden) return;
    const lines = linesOf(moments);
    const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
    const at = Math.min(race.shown ?? last, last);
    const cost = lines[0].label ?? "−log p(x)";
    const { nll, images } = moments[at];
    chart.show({
      ...{ xs: [0, last], ys: [Math.min(0, ...values), Math.max(...values)] },
      ticks: { x: [0, last >> 1, last] },
      names: { x: [0, last >> 1, last].map((k) => moments[k].images.toLocaleString("en")) },
      ...{ lines, cursor: at, dot: [at, nll] },
      name: `${cost} of held-out data, nats, ${moments.length} snapshots`,
      along: `${drawer.each} seen`,
      words: `${cost} ${num(nll)} nats after ${images.toLocaleString("en")} ${drawer.each}`,
    });
  }

  tell(moving) {
    this.plot();
    const said = this.shown.map(({ title, moment }) =>
      moment.images
        ? `${title} after ${moment.images.toLocaleString("en")} ${this.drawer.each}${costOf(moment)}.`
        : `${title} before it has learnt anything.`
    );
    this.seen(said.join(" "), moving);
  }

  picture() {
    return this.race.picture(`Seed ${this.ctx.store.get().seed}, while it learnt.`);
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

export default bySpace({
  hint: "Samples of one seed at each snapshot of the training",
  create: (ctx) => new Learn(ctx),
});
