/** Make: four images from every family, drawn side by side on one clock, beside the training images nearest to them. */

import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { mean } from "../kit/base/sums.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { Answered } from "../kit/ask/answered.js";
import { withArticle } from "../kit/panel/parts.js";
import { fromBase64, toBase64 } from "../kit/plane/tensors.js";
import { bySpace, leads } from "./by_space.js";
import { scenes } from "./scenes.js";
import { drawerOf } from "./drawers.js";
import { drawn, figuresIn, meanOf, sayOf } from "./drawn.js";
import { costOf, ends, whyNot } from "./race_words.js";
import { addressesOf } from "./tab_address.js";
import { split } from "./tiles.js";

const WEAK = 100; // times the distance of real images

const times = (count) => (count === 1 ? "one evaluation" : `${count.toLocaleString("en")} evaluations`);
const brief = (seconds) => (seconds < 0.001 ? "less than 0.001 s" : `${num(seconds, 3)} s`);
const few = (value) => num(value, value < 10 ? 1 : 0);

/** @param {import("../kit/panel/mode.js").Self} self */
function make(self) {
  const { ctx, state } = self;
  const [say, figures] = [sayOf(self), figuresIn(self)];
  const { drawer, race, play, requestTo } = drawn(self, {
    whyNot: whyNot("sample"),
    xOf: meanOf,
  });
  const { found, neighbours, leave } = nearest(self, race);

  function figuresOf({ family: { parameters }, film, frame }) {
    const seconds = film?.done ? film.frames.at(-1).numbers.seconds : null; // null of a recorded film, too
    const each = seconds !== null && few((1000 * seconds) / film.count);
    const millions = parameters && `${num(parameters / 1e6)} M`;
    const read = faithful(readingsOf(film));
    const values = { ...costOf({ film, frame }), each, millions, right: read ? `${read.right} of ${read.of}` : "" };
    return figures(values, drawer === scenes ? "scenes" : state.clock);
  }

  /** Says it if a class is asked for that this family cannot be asked for. */
  function noteOf({ can, cannot }) {
    if (state.label === null || can.label) return "";
    return say({ asked: withArticle(ctx.net().classes[state.label]), why: cannot.label }, "any");
  }

  /** What is read in a finished column's pictures; null where nothing is. */
  const readingsOf = (film) => film?.done && film.frames.at(-1).readings || null;
  const { looks, mode } = play({
    ...{ figuresOf, noteOf, pairs: drawer.kin },
    ...(drawer === scenes && { names: figures({}, "scenes").map(([name]) => name) }),
    finding: () => findingOf(say, found.value),
    words: computed(() => race.wordsOf(() => wordsOf(say, found.value, race.isRecorded.value))),
  });
  whenever(() => {
    for (const [family, { tiles }] of looks.value) {
      const about = { data: ctx.net().dataset, ...requestTo(family) };
      if (leads(ctx, family)) tiles.lead(addressesOf(family, about));
    }
  });
  whenever(() => {
    const over = race.runners(race.shown.value).filter(({ share }) => share >= 1).map(({ column }) => column.family);
    for (const [family, { tiles }] of looks.value) {
      const near = over.includes(family) ? found.value.find((each) => each.family === family)?.near : null;
      const film = over.includes(family) ? race.finished.value.find((each) => each.family === family)?.film : null;
      tiles.read?.(readingsOf(film));
      tiles.compare?.((near ?? []).map((kin) => kin && kinOf(say, kin)));
    }
  });
  function table() {
    if (!found.value.length) return null;
    const rows = found.value.map((each) => rowOf(each, requestTo(each.family).label, state.seed));
    return { name: `${ctx.net().name}-make`, rows: [headOf(found.value[0].near.length), ...rows] };
  }
  return {
    ...mode,
    ...{ found, neighbours, table },
    leave() {
      mode.leave();
      leave();
    },
  };
}

/**
 * Looks for the training image nearest to each finished one, once all rest: the finished families, each with those that
 * are known.
 */
function nearest({ ctx, visits }, race) {
  const news = signal(0);
  const neighbours = new Answered(ctx, "nearest", () => (news.value = news.peek() + 1));
  const { kin } = drawerOf(ctx);
  const questionOf = (image) => ({ dataset: ctx.net().dataset, pixels: toBase64(image) });
  const known = (image) => (news.value, neighbours.to(questionOf(image)));
  const found = computed(() =>
    race.finished.value.map(({ family, film, x }) => {
      const near = film.near ?? (kin ? split(x).map(known) : []);
      return { family, film, near };
    })
  );
  const key = computed(() => {
    if (!kin || !race.rests.value) return null;
    const unknown = race.finished.value.filter(({ film }) => !film.near);
    return JSON.stringify(unknown.flatMap(({ x }) => split(x).map(questionOf)));
  });
  whenever(() => {
    const wanted = key.value;
    if (visits.value && wanted) untracked(() => void neighbours.want(...JSON.parse(wanted)));
  });
  return { found, neighbours, leave: () => void neighbours.want() };
}

const kinOf = (say, { image, label, distance }) => ({
  bytes: fromBase64(image),
  words: say({ label: withArticle(label), distance }, "kin"),
});

/** How many pictures show all that was asked, of how many; null where nothing tells. */
const faithful = (readings) => {
  if (!readings || readings.some(({ wrong }) => wrong === null)) return null;
  return { right: readings.filter(({ wrong }) => !wrong.length).length, of: readings.length };
};

/** The quality of one network's images, where it was measured, and of several the difference of their costs. */
function findingOf(say, finished) {
  const read = finished.map(({ family: { title }, film }) => ({ title, ...faithful(film.frames.at(-1).readings) }));
  if (read.length && read.every(({ of }) => of)) {
    return read.map((each, k) => say(each, k ? "read other" : "read")).join("; ") + ".";
  }
  const found = finished.map(({ family: { title, card: { far } }, film: { planned } }) => ({ title, far, planned }));
  if (!found.length) return "";
  if (found.length === 1) {
    const [{ far, planned }] = found;
    const name = far ? (far > WEAK ? "weak" : "good") : "unmeasured";
    return say({ ...found[0], far: far && few(far), cost: times(planned) }, name);
  }
  const [cheap, dear] = ends(found, "planned");
  const more = dear.planned / cheap.planned;
  return say({ few: cheap, many: dear, times: few(more) }, more > 1 ? "dearer" : "as many");
}

/** Cost of the finished images and, once all are known, their distance from the training images. */
function wordsOf(say, finished, isRecorded) {
  const found = finished.map(({ family: { title, card: { far } }, film, near }) => {
    const { numbers: { seconds }, pictures } = film.frames.at(-1);
    const distance = near.length && near.every(Boolean) ? mean(near.map((each) => each.distance)) : null;
    const { planned } = film;
    const time = seconds === null ? null : brief(seconds);
    return { title, far, pictures, planned, cost: times(planned), seconds, time, near: distance };
  });
  if (!found.length) return "";
  const [one, ...others] = found;
  const met = found.every(({ near }) => near !== null);
  if (!others.length) {
    const { far, pictures } = one;
    return say(one, "alone", far && "distance", pictures.mean && "mean", met && "near");
  }
  const [[cheap, dear], [fast, slow], [close, far]] = ["planned", "seconds", "near"].map((key) => ends(found, key));
  const names = ["cost", isRecorded ? "recorded" : "time", met && "nearest"];
  return say({ few: cheap, many: dear, fast, slow, close, far }, ...names);
}

const headOf = (count) => [
  ...["network", "class", "seed", "evaluations", "seconds for all", "parameters"],
  ...Array.from({ length: count }, (_, k) => `L2 of ${k + 1} to the nearest training image`),
];

function rowOf({ family, film, near }, label, seed) {
  const { seconds } = film.frames.at(-1).numbers;
  const cost = [family.net, label ?? "any", seed, film.planned, seconds, family.parameters];
  return [...cost, ...near.map((found) => found?.distance)];
}

export default bySpace(make);
