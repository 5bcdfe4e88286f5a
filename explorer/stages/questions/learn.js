/** Watch it learn: what a network drew from one seed at the moments of its training that were kept. */

import { createClass } from "../kit/class_choice.js";
import { fill, h } from "../kit/dom.js";
import { num } from "../kit/format.js";
import { createSeen } from "../kit/parts.js";
import { createSeed } from "../kit/seed.js";
import { createTries } from "../kit/tries.js";
import { bySpace } from "./by_space.js";
import { drawerOf, whose } from "./drawers.js";
import { Race } from "./race.js";

const ASK_AGAIN = ["data", "net", "seed", "label", "mode"];
const NOT_KEPT = "Cannot, because no moment of its training was kept.";

/** The moment that a frame is of, as the training's log has it. */
const momentOf = ({ moments }, frame) => (frame ? moments[frame.index] : null);

class Learn {
  constructor(ctx) {
    const drawer = drawerOf(ctx);
    Object.assign(this, { ctx, drawer, rows: [`${drawer.each} seen`, "epoch", "seconds here"] });
    this.seed = createSeed(ctx, { words: this.drawer.others });
    this.label = createClass(ctx);
    this.seen = createSeen();
    this.race = new Race(ctx, {
      name: "learn",
      doing: "draws as it did then",
      label: `${this.drawer.many} from ${whose(ctx)} while it learnt`,
      rows: this.rows,
      requestOf: ({ net, can }) => ({
        net,
        seed: ctx.store.get().seed,
        label: can.label ? ctx.store.get().label : null,
      }),
      whyNot: ({ error, moments }) => error ?? (moments.length ? null : NOT_KEPT),
      figuresOf: (found) => this.figuresOf(found),
      onChange: () => this.tell(false),
      tell: (moving) => this.tell(moving),
    });
    this.race.fill(ctx.main);
    const choices = h("div", { class: "row" }, this.label.element, this.race.all);
    fill(ctx.panel, h("div", { class: "mode-body" }, this.seed.element, choices, this.seen.element, createTries(ctx)));
  }

  leave() {
    this.race.leave();
  }

  key(event) {
    return this.race.key(event);
  }

  update(changed) {
    this.seed.update();
    this.label.update();
    if (ASK_AGAIN.some((key) => changed.has(key))) this.race.ask();
    else if (["at", "all"].some((key) => changed.has(key))) this.race.show();
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

  tell(moving) {
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

export default {
  hint: "The same seed at every moment of the training that was kept",
  create: bySpace((ctx) => new Learn(ctx)),
};
