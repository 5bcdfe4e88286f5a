/**
 * Few steps: from one x₁₀₀₀, what a diffusion says in one, two and four evaluations of its network, and beside it a
 * network that was distilled from its paths, at its end or on the way there.
 */

import { h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { segmented } from "../kit/shell/parts.js";
import { apart } from "../kit/film/strip.js";
import { Drawn, withSettings } from "../questions/drawn.js";
import { createFacts } from "../questions/race.js";
import { COUNT, END, fewWords, halfwayWords, headWords, momentName } from "./few_words.js";
import { TIMES } from "./schedule.js";
import { Times } from "./times.js";

const EVALUATIONS = [1, 2, 4];
const NAMES = { teacher: "Teacher", student: "Student" };
const counted = (n) => `${n} ${n === 1 ? "evaluation" : "evaluations"}`;
const setting = (who) => (evaluations) => ({ title: `${NAMES[who]}, ${counted(evaluations)}`, who, evaluations });
const SETTINGS = [
  ...["teacher", "student"].flatMap((who) => EVALUATIONS.map(setting(who))),
  { title: "Where the path ends", who: "teacher", evaluations: END },
];
const ROWS = ["evaluations", "seconds", "L2"];
const NOBODY = "Nothing was distilled from this network: choose the digits.";

/** Which moment of the distillation the student is shown at. */
function createMoment({ store, value, net }) {
  const element = h("div", { class: "row" });
  let shown = null;
  const update = () => {
    const moments = value().students[net().name]?.moments ?? [];
    const key = JSON.stringify(moments);
    if (key !== shown) {
      shown = key;
      const last = moments.length - 1;
      const options = moments.map((moment, k) => [k === last ? null : k, momentName(moment)]);
      element.choice = segmented("The student after", options, (moment) => store.commit({ moment, at: null }));
      element.replaceChildren(...(options.length ? [h("span", {}, "The student after"), element.choice] : []));
    }
    element.choice?.set(store.get().moment);
  };
  return { element, update };
}

class Few extends Drawn {
  constructor(ctx) {
    const head = h("p", { class: "note few-head with-words" });
    super(withSettings(ctx, SETTINGS), {
      name: "jump",
      doing: "draws",
      label: "Few evaluations, side by side",
      others: "Draw another",
      whyNot: ({ error, settings }) => error ?? (settings?.who === "student" ? this.trouble : null),
      factsOf: () => createFacts(ROWS),
      beside: head,
      clock: new Times(ctx),
      frames: Infinity,
      captionOf: (tick) => this.captionOf(tick),
      above: () => [createMoment(ctx)],
      below: ({ queue, all }) => [{ element: all }, queue],
      asks: ["moment"],
    });
    this.head = head;
  }

  /** What is told of the student, null where there is none. */
  get student() {
    return this.ctx.value().students[this.ctx.net().name] ?? null;
  }

  /** Why the student cannot be asked. */
  get trouble() {
    return this.student ? this.student.error : NOBODY;
  }

  requestOf(column) {
    const moment = column.settings.who === "student" ? this.ctx.store.get().moment : null;
    return { ...super.requestOf(column), count: COUNT, moment };
  }

  costOf({ settings }) {
    return settings.evaluations;
  }

  /** What a finished row says at a tick, and how far that is (mean L2) from where the path ends; null before. */
  found(who, evaluations, tick = this.race.clock.ticks) {
    const rows = this.race.runners(tick).filter(({ column }) => column.film.done);
    const isOf = (name, count) => ({ column: { family: { settings } } }) =>
      settings.who === name && settings.evaluations === count;
    const [row, end] = [rows.find(isOf(who, evaluations)), rows.find(isOf("teacher", END))];
    if (!row) return null;
    const { evaluations: cost, seconds, frames } = row.column.film;
    const distance = end && row.frame ? apart(row.frame.x, end.column.film.frames.at(-1).x, COUNT) : null;
    return { cost, seconds, x: frames.at(-1).x, distance };
  }

  figuresOf({ family: { settings = {} }, film }) {
    const found = film?.done ? this.found(settings.who, settings.evaluations, this.race.shown) : null;
    const cost = found ? found.cost.toLocaleString("en") : film ? "drawing…" : "–";
    return [cost, num(found?.seconds), num(found?.distance)].map((value, k) => [ROWS[k], value]);
  }

  update(changed) {
    super.update(changed);
    setText(this.head, headWords(this.student));
  }

  tell(moving) {
    const { shown, clock } = this.race;
    const t = clock.timeOf(shown ?? clock.ticks);
    const found = (who, evaluations) => this.found(who, evaluations, shown);
    this.seen(t === 0 ? fewWords(found, this.student, this.ctx.store.get().moment) : halfwayWords(found, t), moving);
  }

  captionOf(tick) {
    if (tick === 0) return "All rows start from the same x₁₀₀₀";
    const t = this.race.clock.timeOf(tick);
    return t === 0 ? "The last images" : `The last guess of each row until t = ${t}, of ${TIMES}`;
  }

  picture() {
    return this.race.picture(`Seed ${this.ctx.store.get().seed}.`);
  }

  table() {
    const { seed, net } = this.ctx.store.get();
    const rows = this.race.columns.flatMap(({ family: { settings }, request }) => {
      const found = request && this.found(settings.who, settings.evaluations);
      return found ? [[settings.who, settings.evaluations, request.moment, seed, found.seconds, found.distance]] : [];
    });
    if (!rows.length) return null;
    const head = [
      "who",
      "evaluations",
      "moment",
      "seed",
      "seconds",
      `L2 distance to ${END} evaluations of the teacher`,
    ];
    return { name: `${net}-few-steps`, rows: [head, ...rows] };
  }
}

export default {
  hint: "A diffusion and its student in few evaluations",
  create: (ctx) => new Few(ctx),
};
