/**
 * Samplers: from one x₁₀₀₀, two samplers side by side, each in as many evaluations of the network as the other: what
 * they cost, and how far they end from their own longest row.
 */

import { button, h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { atEnd, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { Chart } from "../kit/chart/chart.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { figuresIn } from "../questions/drawn.js";
import { createFacts } from "../questions/race.js";
import { apartBy, rowsOf } from "../questions/settings.js";
import { COUNT, isFixed, pairWords } from "./sampler_words.js";
import { timesOf } from "./times.js";

const LONG = 1000; // steps, of DDPM on the right alone
const HEIGHT = 96;
const AWAY = "L2 distance to 100 steps"; // also the name of its column in the table

/**
 * A row for each number of evaluations: those of the left sampler, then those of the right one.
 * @param {Record<string, any>} samplers @param {State} state
 */
export function settingsOf(samplers, { left, right }) {
  const long = right === "ddpm" ? [{ title: "DDPM, 1,000 steps", sampler: "ddpm", steps: LONG }] : [];
  return [...samplers[left].rows, ...(right === left ? [] : [...samplers[right].rows, ...long])];
}

/** @param {import("../kit/panel/mode.js").Self} self */
function samplers(self) {
  const { ctx, state, declared } = self;
  const all = () => ctx.value().samplers;
  const long = signal(/** @type {string[]} */ ([])); // choices for which the thousand steps are wanted
  const choice = computed(() => {
    const { net, seed, label, w } = requestOf(ctx, declared);
    return JSON.stringify([net, seed, label, w]);
  });
  const isLong = () => long.value.includes(choice.value);
  const rows = rowsOf(self, {
    settings: () => settingsOf(all(), state),
    kept: ["sampler", "steps", "eta"],
    away: AWAY,
    clock: timesOf(ctx),
    distanceOf: apartBy(COUNT),
    /** A sampler's longest row. */
    referenceOf: ({ sampler }) => ({ sampler, steps: all()[sampler]?.rows.at(-1).steps }),
    /** DDPM has no η, and a thousand steps are drawn where they are wanted. */
    asks(asked, { settings: { sampler, steps } }) {
      if (steps === LONG && !isLong()) return null;
      return { ...asked, count: COUNT, ...(sampler !== "ddim" && { eta: 0 }) };
    },
    /** Shortest first, and both samplers in turn, so that there is soon something to compare. */
    costOf: ({ settings: { sampler, steps } }) => steps * all()[sampler].each,
  });
  const { found, race } = rows;
  const figures = figuresIn(self);
  const of = { state, all, found, isFixed: (name) => isFixed({ name, ...all()[name] }, state.eta) };
  const head = () => [state.left, state.right].map((name) => all()[name].note.replace("{eta}", state.eta.toFixed(2)));
  const draw = button("Draw it", () => (long.value = [...long.value, choice.value]), {
    title: "A thousand evaluations of the network",
  });
  whenever(() => (draw.hidden = isLong()));
  const { mode } = rows.play({
    /** Of a sampler that adds noise, the distance says nothing of a row. */
    figuresOf(about) {
      const [cost, seconds, [name, away]] = rows.figuresOf(about);
      const { sampler } = about.family.settings ?? {};
      return [cost, seconds, [name, sampler && !of.isFixed(sampler) ? "" : away]];
    },
    factsOf({ settings }) {
      const facts = createFacts(figures({}).map(([name]) => name));
      if (settings?.steps !== LONG) return facts;
      return Object.assign(h("div", { class: "draw-long" }, facts, draw), { set: facts.set });
    },
    leading: (all) => (all.length ? leadsOf(sidesAt(of), of.isFixed, figures) : []),
    captionOf: rows.captionOf,
    frames: Infinity,
    count: COUNT,
    beside: [
      h("p", { class: "note samplers-head with-words" }, () => head().join(" ")),
      distancesChart(ctx, of, race),
    ],
    below: [race.queue.element],
    words: computed(() => pairWords(sidesAt(of, race.shown.value), state.eta, race.clock.timeOf(race.shown.value))),
  });
  turns(ctx);
  return { ...mode, found, table: rows.table };
}

/** A sampler that is chosen for one side while it stands on the other changes places with it. */
function turns({ store }) {
  let were = store.get();
  atEnd(store.subscribe(["left", "right"], (changed, { state }) => {
    const [moved, other] = changed.has("left") ? ["left", "right"] : ["right", "left"];
    const before = were[moved];
    were = state;
    if (state.left === state.right && !changed.has("mode")) store.set({ [other]: before });
  }));
}

/**
 * Both samplers at a tick, each with its shortest and its longest row.
 * @param {{state: State, all: () => any, found: any}} of @param {number} [tick]
 */
function sidesAt({ state: { left, right }, all, found }, tick = undefined) {
  return [left, right].map((name) => {
    const { rows } = all()[name];
    const [few, many] = [rows[0], rows.at(-1)].map(({ sampler, steps }) => found({ sampler, steps }, tick));
    return { name, ...all()[name], few, many };
  });
}

/** The distances of those that add no noise, and the cost. */
function leadsOf(sides, isFixed, figures) {
  const [{ few, many }] = sides;
  const distances = sides.filter(({ name }) => isFixed(name)).map((side) => figures(side, "fixed"));
  return [...distances.flat(), ...figures({ few, many, cost: many?.seconds / few?.seconds }, "cost")];
}

/** Chart of a line for each sampler that adds no noise: at the time that is shown, on a scale that its end has room on. */
function distancesChart(ctx, { state, all, found, isFixed }, race) {
  const chart = new Chart(ctx, { label: "How far each row is from its sampler's longest", height: HEIGHT });
  chart.element.classList.add("samplers-chart", "result");
  /** Distances of the rows of a sampler from its longest row, at a tick: [steps, distance], as far as they are known. */
  const distancesOf = (name, tick = undefined) =>
    all()[name].rows.slice(0, -1)
      .map(({ sampler, steps }) => [steps, found({ sampler, steps }, tick)?.distance ?? null])
      .filter(([, distance]) => distance !== null);
  whenever(() => {
    const names = [state.left, state.right].filter(isFixed);
    chart.element.hidden = !names.length;
    if (!names.length) return;
    const steps = all()[names[0]].rows.slice(0, -1).map((row) => row.steps);
    const titles = names.map((name) => all()[name].title);
    const now = names.map((name) => distancesOf(name, race.shown.value));
    const each = [...now, ...names.map((name) => distancesOf(name))].flat();
    const said = now.map((rows, k) => `${titles[k]}: ${rows.map(([n, far]) => `${n} steps ${num(far)}`).join(", ")}`);
    chart.show({
      xs: [steps[0], steps.at(-1)].map(Math.log),
      ys: [0, Math.max(1, ...each.map(([, distance]) => distance))],
      ticks: { x: steps.map(Math.log) },
      names: { x: steps },
      along: "steps",
      name: AWAY,
      lines: now.map((rows, k) => ({
        points: rows.map(([count, distance]) => [Math.log(count), distance]),
        colour: k ? "quiet" : "ink",
        label: titles.length > 1 ? titles[k] : null,
      })).filter(({ points }) => points.length),
      words: said.join("; "),
    });
  });
  return chart.element;
}

export default mode(samplers, { hint: "One noise, few and many steps" });
