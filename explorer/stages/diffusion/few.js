/**
 * Few steps: images from one x₁₀₀₀ by a diffusion in one, two and four evaluations of its network. Beside it is a
 * network that was distilled from its paths, after its training or during it.
 */

import { h, setText } from "../kit/base/dom.js";
import { spread } from "../kit/film/strip.js";
import { segmented } from "../kit/panel/parts.js";
import { OfSettings } from "../questions/settings.js";
import { Times } from "./times.js";

const COUNT = 4;
const END = 50; // evaluations after which the teacher's path counts as walked to its end
const NAMES = { teacher: "Teacher", student: "Student" };
const counted = (n) => `${n} ${n === 1 ? "evaluation" : "evaluations"}`;
const setting = (who) => (evaluations) => ({ title: `${NAMES[who]}, ${counted(evaluations)}`, who, evaluations });
const SETTINGS = [
  ...["teacher", "student"].flatMap((who) => [1, 2, 4].map(setting(who))),
  setting("teacher")(END),
];
const NOBODY = "Nothing was distilled from this network: choose the digits.";

/** Choice of the snapshot of the distillation at which the student is shown. */
function createMoment({ store, value, net }) {
  /** @type {HTMLDivElement & {choice?: ReturnType<typeof segmented>}} */
  const element = h("div", { class: "row" });
  let shown = null;
  const update = () => {
    const moments = value().students[net().name]?.moments ?? [];
    const key = JSON.stringify(moments);
    if (key !== shown) {
      shown = key;
      const last = moments.length - 1;
      const options = moments.map((title, k) => [k === last ? null : k, title]);
      element.choice = segmented("Student after", options, (moment) => store.commit({ moment, at: null }));
      element.replaceChildren(...(options.length ? [h("span", {}, "Student after"), element.choice] : []));
    }
    element.choice?.set(store.get().moment);
  };
  return { element, update };
}

class Few extends OfSettings {
  toEnd = true;

  constructor(ctx) {
    const head = h("p", { class: "note few-head with-words" });
    super(ctx, {
      settings: SETTINGS,
      kept: ["who", "moment"],
      away: `L2 distance to ${END} evaluations of the teacher`,
      count: COUNT,
      whyNot: ({ error, settings }) => error ?? (settings?.who === "student" ? this.trouble : null),
      beside: head,
      clock: new Times(ctx),
      above: () => [createMoment(ctx)],
      below: ({ queue }) => [queue],
    });
    this.head = head;
  }

  /** Sentences about the student, or null. */
  get student() {
    return this.ctx.value().students[this.ctx.net().name] ?? null;
  }

  /** Reason why the student cannot be asked. */
  get trouble() {
    return this.student ? this.student.error : NOBODY;
  }

  requestOf(column) {
    const asked = { ...super.requestOf(column), count: COUNT };
    return column.settings.who === "student" ? asked : { ...asked, moment: null };
  }

  /** @param {Column} column */
  costOf({ settings }) {
    return settings.evaluations;
  }

  referenceOf() {
    return { who: "teacher", evaluations: END };
  }

  /** A student that adds fresh noise draws another image: its distance says nothing. */
  figuresOf(about) {
    const [cost, seconds, [name, away]] = super.figuresOf(about);
    const { who, evaluations } = about.family.settings ?? {};
    return [cost, seconds, [name, who === "student" && evaluations > 1 ? "" : away]];
  }

  update(changed) {
    super.update(changed);
    const distilled = this.student && !this.student.error;
    setText(this.head, this.say(this.student, "teacher", distilled && "student"));
  }

  /** Figures of the final images. */
  leads() {
    const [teacher, student, end] = [["teacher", 1], ["student", 1], ["teacher", END]].map(([who, evaluations]) =>
      this.found({ who, evaluations })
    );
    const found = { teacher, student, others: end && spread(end.x, COUNT) };
    return this.figures(found, this.trouble === null ? "student" : "teacher");
  }

  /** Sentences once one evaluation of the diffusion and its path's end are there; on the way, once four of both are. */
  tell(moving) {
    const { shown, clock } = this.race;
    const t = clock.timeOf(shown ?? clock.ticks);
    const found = (who, evaluations) => this.found({ who, evaluations }, shown);
    const count = t ? 4 : 1;
    const [teacher, student, four] = [found("teacher", count), found("student", count), found("student", 4)];
    const end = found("teacher", END);
    const { moment } = this.ctx.store.get();
    const title = moment === null ? null : this.student?.moments[moment];
    const report = { t: t.toLocaleString("en"), teacher, student, four, after: title ? ` after ${title}` : "" };
    if (end) report.others = spread(end.x, COUNT);
    const both = teacher?.distance && student?.distance;
    const names = t ? [both && "way"] : end && teacher ? ["mean", student && "jump", student && four && "four"] : [];
    this.seen(this.say(report, ...names), moving);
  }
}

export default {
  hint: "A diffusion and its student in few evaluations",
  create: (ctx) => new Few(ctx),
};
