/** Score field: a network of two-dimensional noise beside the exact one, and walks from noise to data along it. */

import { button, h } from "../kit/base/dom.js";
import { brief } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { askedAnswer } from "../kit/ask/asked.js";
import { Chart } from "../kit/chart/chart.js";
import { filmOf } from "../kit/film/film.js";
import { LARGE } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { debounce } from "../kit/panel/parts.js";
import { sentences } from "../kit/panel/says.js";
import { HALF, paintPlane } from "../kit/plane/field_paint.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { gaussians } from "../kit/plane/random.js";
import { floats32 } from "../kit/plane/tensors.js";
import { wantedWeights } from "../kit/plane/weights.js";
import { createFieldSide, reportOf } from "./field_side.js";
import { ALPHAS, TIMES } from "./schedule.js";
import { ToyField } from "./toy_field.js";
import { readToyNet } from "./toy_net.js";

const START = [0, 0.9]; // of the cursor
const WAYS = { both: ["sde", "ode"], sde: ["sde"], ode: ["ode"] };
const TAKEN = 12;
const FIRST = 7; // seed of the points that a stranger finds
const NEAR = 0.13;
const CAPTIONS = { 0: ": noise", "-1": ": data" };
const PLAY_AFTER_MS = 700;
const GIF_FRAMES = 50;

/** Points that a visitor drops; those of a stranger are an example, until the visitor's own take their place. */
function dropping({ ctx, state }) {
  let [isMet, isExample] = [false, false];
  const { most, reach } = ctx.fields.drops;

  /** Points of N(0, I), within the plane. */
  function noise(seed) {
    const next = gaussians(seed);
    const within = (value) => Number(Math.max(-reach, Math.min(reach, value)).toFixed(2));
    return Array.from({ length: 2 * TAKEN }, () => within(next()));
  }
  function meet() {
    if (isMet || state.mode !== "field") return; // a lesson has points of its own
    isMet = true;
    if (state.drops.length) return;
    isExample = true;
    ctx.store.set({ drops: noise(FIRST) });
  }
  /** Drops a point, or takes away the one that is there already; all start at T. @param {Point} point */
  function drop([x, y]) {
    const drops = isExample ? [] : state.drops;
    isExample = false;
    const there = drops.findIndex((_, i) => i % 2 === 0 && Math.hypot(drops[i] - x, drops[i + 1] - y) < NEAR);
    if (there < 0 && drops.length === 2 * most) {
      return ctx.say(`At most ${most} points: take one away first: click or tap it.`);
    }
    const next = there < 0 ? [...drops, x, y] : drops.filter((_, i) => i >> 1 !== there >> 1);
    ctx.store.commit({ drops: next, level: TIMES });
  }
  function take() {
    isExample = false;
    ctx.store.commit({ drops: noise(Math.floor(Math.random() * 2 ** 31)), level: TIMES });
  }
  return { meet, drop, take, isOwn: () => !isExample };
}

/** The walks of an answer, a frame a time. */
function framesOf(answer) {
  const [sde, ode] = [answer.sde, answer.ode].map(floats32);
  const size = sde.length / answer.times.length;
  const of = (points, k) => points.subarray(size * k, size * (k + 1));
  return answer.times.map((t, k) => ({ t, sde: of(sde, k), ode: of(ode, k) }));
}

/** The frame whose time is nearest to the level; the last one has left the levels behind. */
function nearestTo(level, frames) {
  if (level === 1) return Math.max(0, frames.length - 1);
  const gap = (i) => Math.abs(frames[i].t - level);
  return frames.reduce((best, _, i) => (gap(i) < gap(best) ? i : best), 0);
}

/** The film of the walks; points that were just dropped play once they have walked. `isInside()`: the mode is on screen. */
function filmOfWalks(self, { frames, drops, words, screen, isInside }) {
  const { ctx, state } = self;
  const caption = (all, at) =>
    `t = ${all[at].t.toLocaleString("en")}${CAPTIONS[at] ?? CAPTIONS[at - all.length] ?? ""}.`;
  const film = filmOf(self, {
    ...{ words, key: "level" },
    what: () => {
      const all = frames.value;
      return { of: all, length: all.length, caption: (at) => caption(all, at), where: (at) => `t = ${all[at].t}` };
    },
    place: () => ({
      plays: () => false,
      indexOf: (level) => nearestTo(level, frames.peek()),
      stateOf: (at) => ({ level: Math.max(1, frames.peek()[at].t) }),
    }),
    options: {
      screen,
      label: "Walks from noise to data",
      filename: "score-field.gif",
      framesPerSecond: 12,
      frames: GIF_FRAMES,
    },
  });
  let [known, dropped] = [state.drops, false];
  const playSoon = debounce(() => {
    if (!dropped || !frames.peek().length) return;
    dropped = false;
    const isStill = isInside() && film.index === 0 && !film.timer;
    if (isStill && !ctx.prefersReducedMotion()) film.toggle();
  }, PLAY_AFTER_MS);
  whenever(() => {
    void frames.value;
    const now = state.drops;
    untracked(() => {
      if (now !== known) dropped = now.length > 0 && state.level === TIMES && drops.isOwn();
      known = now;
      if (dropped) playSoon();
    });
  });
  return film;
}

function scoreField(self) {
  const { ctx, state, declared } = self;
  const drops = dropping(self);
  let isInside = false;
  const facts = computed(() => ctx.value().toys[state.toy]); // declared, of the chosen points
  const field = wantedWeights(
    self,
    () => ({ ...facts.value, key: state.toy }),
    async (url, about) => new ToyField(about, await readToyNet(url, TIMES), ALPHAS.linear),
  );
  const walks = askedAnswer(self, "walks", () => state.drops.length ? requestOf(ctx, declared) : null);
  const frames = computed(() => walks.value ? framesOf(walks.value) : []);
  const at = computed(() => nearestTo(state.level, frames.value));
  const level = computed(() => field.value?.at(state.level) ?? null);
  const cursor = signal(START);
  const report = computed(() => reportOf(declared, level.value, cursor.value));

  const plane = new PlaneCanvas({
    label: "The plane. Arrow keys move the cursor, Enter drops a point or takes it away, Backspace takes " +
      "the last one.",
    size: LARGE,
    paint: paintPlane,
    onMove: (point) => (cursor.value = point),
    onChoose(point) {
      plane.cursor = cursor.value = point;
      drops.drop(point);
    },
    onRemove: () => ctx.store.commit({ drops: state.drops.slice(0, -2) }),
  });
  plane.look([0, 0], HALF);
  plane.cursor = START;
  const side = createFieldSide(ctx, declared);
  whenever(() => {
    const count = state.drops.length / 2;
    const about = { ...report.value, title: facts.value.title, count };
    const words = level.value
      ? sentences(declared, about, "plane", count && "dropped")
      : facts.value.error ?? "Reading the network…";
    const ways = frames.value.length ? WAYS[state.paths] : [];
    const scene = { level: level.value, frames: frames.value, at: at.value, ways, drops: state.drops };
    const shown = { ...scene, colours: ctx.colours() };
    const now = report.value;
    untracked(() => {
      plane.show(shown, words);
      side.show(now, shown);
    });
    ctx.show("out", level.value && plane.canvas);
    ctx.describe(words);
  });
  const words = computed(() => {
    if (!level.value) return "";
    const ended = frames.value.length > 0 && at.value === frames.value.length - 1;
    const ends = ended && walks.value.words[state.paths];
    return [sentences(declared, report.value, "field"), ends].filter(Boolean).join(" ");
  });

  /** The error of the network level by level, as the card has it, and at the level on screen. */
  const errors = computed(() => level.value && facts.value.errors);
  const chart = new Chart(ctx, { label: "Squared error of the predicted noise by time", height: 130 });
  shows(chart, () => {
    if (!errors.value) return null;
    const [t, error] = [level.value.t, level.value.difference.error].map(Math.log10);
    const within = Math.max(errors.value.ys[0], error);
    const said = `${brief(10 ** error)} at time ${level.value.t}`;
    return { ...errors.value, cursor: t, dot: [t, within], words: said };
  });
  whenever(() => (chart.element.hidden = !errors.value));

  const screen = h("div", { class: "beside" }, plane.element, side.element);
  const film = filmOfWalks(self, { frames, drops, words, screen, isInside: () => isInside });
  const take = button(`Drop ${TAKEN} from N(0, I)`, drops.take, { title: "What the sampler itself starts from" });
  const clear = button("Clear", () => ctx.store.commit({ drops: [] }));
  whenever(() => (clear.disabled = !state.drops.length));
  const empty = h(
    "p",
    { class: "empty", hidden: () => state.drops.length > 0 },
    "Click or tap the plane to drop noise.",
  );

  return {
    ...{ main: film.host, below: [h("div", { class: "row" }, take, clear), empty], last: [chart.element] },
    ...{ subject: "toy", field, frames, plane }, // the points, and not the network of images
    enter() {
      isInside = true;
      drops.meet();
    },
    leave: () => (isInside = false),
    hasResult: () => field.value !== null,
    table() {
      if (!field.value) return null;
      if (frames.value.length) return { name: `${state.toy}-walks`, rows: walkRows(frames.value) };
      return { name: `${state.toy}-field-${state.level}`, rows: fieldRows(level.value.arrows) };
    },
  };
}

/** Noise at every arrow. */
function fieldRows({ points, learned, exact }) {
  const rows = Array.from(
    { length: points.length / 2 },
    (_, i) => [points, learned, exact].flatMap((values) => [values[2 * i], values[2 * i + 1]]),
  );
  return [["x", "y", "learned ε x", "learned ε y", "exact ε x", "exact ε y"], ...rows];
}

const walkRows = (frames) => [
  ["t", "point", "SDE x", "SDE y", "ODE x", "ODE y"],
  ...frames.flatMap(({ t, sde, ode }) =>
    Array.from({ length: sde.length / 2 }, (_, i) => [t, i + 1, sde[2 * i], sde[2 * i + 1], ode[2 * i], ode[2 * i + 1]])
  ),
];

export default mode(scoreField);
