/**
 * Few steps: images from one x₁₀₀₀ by a diffusion in one, two and four evaluations of its network. Beside it is a
 * network that was distilled from its paths, after its training or during it.
 */

import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { spread } from "../kit/film/strip.js";
import { mode } from "../kit/panel/mode.js";
import { segmented } from "../kit/panel/parts.js";
import { figuresIn, sayOf } from "../questions/drawn.js";
import { apartBy, rowsOf } from "../questions/settings.js";
import { timesOf } from "./times.js";

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
  const element = h("div", { class: "row" });
  const moments = computed(() => JSON.stringify(value().students[net().name]?.moments ?? []));
  whenever(() => {
    const titles = JSON.parse(moments.value);
    const options = titles.map((title, k) => [k === titles.length - 1 ? null : k, title]);
    const choice = segmented("Student after", options, (moment) => store.commit({ moment, at: null }));
    fill(element, ...(options.length ? [h("span", {}, "Student after"), choice] : []));
    whenever(() => choice.set(store.get().moment));
  });
  return element;
}

/** @param {import("../kit/panel/mode.js").Self} self */
function few(self) {
  const { ctx, state } = self;
  const [say, figures] = [sayOf(self), figuresIn(self)];
  /** Sentences about the student, or null. */
  const student = () => ctx.value().students[ctx.net().name] ?? null;
  /** Reason why the student cannot be asked. */
  const trouble = () => (student() ? student().error : NOBODY);
  const rows = rowsOf(self, {
    settings: () => SETTINGS,
    kept: ["who", "moment"],
    away: `L2 distance to ${END} evaluations of the teacher`,
    clock: timesOf(ctx),
    toEnd: true,
    distanceOf: apartBy(COUNT),
    referenceOf: () => ({ who: "teacher", evaluations: END }),
    whyNot: ({ error, settings }) => error ?? (settings?.who === "student" ? trouble() : null),
    costOf: ({ settings }) => settings.evaluations,
    asks: (asked, { settings: { who } }) => ({ ...asked, count: COUNT, ...(who === "teacher" && { moment: null }) }),
  });
  const { race } = rows;
  const found = (who, evaluations, tick = undefined) => rows.found({ who, evaluations }, tick);
  const spreadOf = (end) => end && spread(end.x, COUNT);

  /** Figures of the final images. */
  function leads() {
    const [teacher, one, end] = [found("teacher", 1), found("student", 1), found("teacher", END)];
    const rows = figures({ teacher, student: one, others: spreadOf(end) }, trouble() === null ? "student" : "teacher");
    if (!teacher?.distance || !one?.distance) return rows;
    const times = teacher.distance / one.distance;
    return [...figures({ times }, times > 1 ? "nearer" : "farther"), ...rows];
  }

  /** Sentences once one evaluation of the diffusion and its path's end are there; on the way, once four of both are. */
  const words = computed(() => {
    const tick = race.shown.value;
    const t = race.clock.timeOf(tick);
    const count = t ? 4 : 1;
    const [teacher, own, four] = [["teacher", count], ["student", count], ["student", 4]].map(([who, evaluations]) =>
      found(who, evaluations, tick)
    );
    const end = found("teacher", END, tick);
    const title = state.moment === null ? null : student()?.moments[state.moment];
    const after = title ? ` after ${title}` : "";
    const report = { t: t.toLocaleString("en"), teacher, student: own, four, after, others: spreadOf(end) };
    const both = teacher?.distance && own?.distance;
    const names = t ? [both && "way"] : end && teacher ? ["mean", own && "jump", own && four && "four"] : [];
    return say(report, ...names);
  });

  const head = () => say(student(), "teacher", student() && !student().error && "student");
  const { mode } = rows.play({
    words,
    /** A student that adds fresh noise draws another image: its distance says nothing. */
    figuresOf(about) {
      const [cost, seconds, [name, away]] = rows.figuresOf(about);
      const { who, evaluations } = about.family.settings ?? {};
      return [cost, seconds, [name, who === "student" && evaluations > 1 ? "" : away]];
    },
    leading: (all) => (all.length ? leads() : []),
    captionOf: rows.captionOf,
    frames: Infinity,
    count: COUNT,
    beside: h("p", { class: "note few-head with-words" }, head),
    above: [createMoment(ctx)],
    below: [race.queue.element],
  });
  return { ...mode, table: rows.table };
}

export default mode(few, { hint: "A diffusion and its student in few evaluations" });
