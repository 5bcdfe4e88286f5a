/** Watch it learn: what a network drew from one seed at the moments of its training that were kept. */

import { Chart } from "../kit/chart/chart.js";
import { num } from "../kit/shell/format.js";
import { bySpace } from "./by_space.js";
import { drawerOf, whose } from "./drawers.js";
import { Drawn } from "./drawn.js";

const NOT_KEPT = "Cannot, because no moment of its training was kept.";

const HEIGHT = 190; // of the chart

/** The moment that a frame is of, as the training's log has it. */
const momentOf = ({ moments }, frame) => (frame ? moments[frame.index] : null);

class Learn extends Drawn {
  constructor(ctx) {
    const drawer = drawerOf(ctx);
    const chart = new Chart(ctx, { label: "−log p(x) of held-out data during training", height: HEIGHT });
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
    const points = moments.map(({ nll }, k) => [k, nll]);
    const values = points.map(([, nll]) => nll);
    const at = Math.min(race.shown ?? last, last);
    chart.show({
      ...{ xs: [0, last], ys: [Math.min(0, ...values), Math.max(...values)] },
      ticks: { x: [0, last >> 1, last] },
      names: { x: [0, last >> 1, last].map((k) => moments[k].images.toLocaleString("en")) },
      lines: [{ points, colour: "ink" }],
      ...{ cursor: at, dot: points[at] },
      name: `−log p(x) of held-out data, nats, ${moments.length} snapshots`,
      along: `${drawer.each} seen`,
      words: `${num(values[at])} nats after ${moments[at].images.toLocaleString("en")} ${drawer.each}`,
    });
  }

  tell(moving) {
    this.plot();
    const said = this.shown.map(({ title, moment: { images } }) =>
      images
        ? `${title} after ${images.toLocaleString("en")} ${this.drawer.each}.`
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
