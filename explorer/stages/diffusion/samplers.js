/**
 * Samplers: from one x₁₀₀₀, two samplers side by side, each in as many evaluations of the network as the other: what
 * they cost, and how far they end from their own longest row.
 */

import { Chart } from "../kit/chart/chart.js";
import { button, h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { createFacts } from "../questions/race.js";
import { OfSettings } from "../questions/settings.js";
import { COUNT, isFixed, pairWords } from "./sampler_words.js";
import { Times } from "./times.js";

const LONG = 1000; // steps, of DDPM on the right alone
const SIDES = ["left", "right"];
const HEIGHT = 96;
const AWAY = "L2 distance to 100 steps"; // also the name of its column in the table

/** A row for each number of evaluations: those of the left sampler, then those of the right one. */
export function settingsOf(samplers, { left, right }) {
  const long = right === "ddpm" ? [{ title: "DDPM, 1,000 steps", sampler: "ddpm", steps: LONG }] : [];
  return [...samplers[left].rows, ...(right === left ? [] : [...samplers[right].rows, ...long])];
}

class Samplers extends OfSettings {
  constructor(ctx) {
    const longButton = button("Draw it", () => this.drawLong(), { title: "A thousand evaluations of the network" });
    const longFacts = (facts) => Object.assign(h("div", { class: "draw-long" }, facts, longButton), { set: facts.set });
    const head = h("p", { class: "note samplers-head with-words" });
    const chart = new Chart(ctx, { label: "How far each row is from its sampler's longest", height: HEIGHT });
    chart.element.classList.add("samplers-chart", "result");
    super(ctx, {
      settings: () => settingsOf(ctx.value().samplers, ctx.store.get()),
      kept: ["sampler", "steps", "eta"],
      away: AWAY,
      count: COUNT,
      factsOf: ({ settings }) => {
        const facts = createFacts(this.figures({}).map(([name]) => name));
        return settings?.steps === LONG ? longFacts(facts) : facts;
      },
      beside: [head, chart.element],
      clock: new Times(ctx),
      below: ({ queue }) => [queue],
      asks: SIDES,
    });
    /** @type {HTMLButtonElement} */
    this.longButton;
    /** @type {HTMLElement} */
    this.head;
    /** @type {Chart} */
    this.chart;
    /** @type {Set<string>} */
    this.long;
    Object.assign(this, { longButton, head, chart, long: new Set() });
  }

  get samplers() {
    return this.ctx.value().samplers;
  }

  /** Question to Python for a row; DDPM has no η, and a thousand steps are drawn where they are wanted. */
  requestOf(column) {
    const { sampler, steps } = column.settings;
    if (steps === LONG && !this.isLong) return null;
    const asked = { ...super.requestOf(column), count: COUNT };
    return sampler === "ddim" ? asked : { ...asked, eta: 0 };
  }

  get choice() {
    const { net, seed, label, w } = this.controls.request();
    return JSON.stringify([net, seed, label, w]);
  }

  /** True if the thousand steps are wanted for the present choice. */
  get isLong() {
    return this.long.has(this.choice);
  }

  drawLong() {
    this.long.add(this.choice);
    this.longButton.hidden = true;
    this.ask();
  }

  /** A sampler's longest row. */
  referenceOf({ sampler }) {
    const { steps } = this.samplers[sampler]?.rows.at(-1) ?? {};
    return { sampler, steps };
  }

  /** Shortest first, and both samplers in turn, so that there is soon something to compare. @param {Column} column */
  costOf({ settings: { sampler, steps } }) {
    return steps * this.samplers[sampler].each;
  }

  isFixed(name) {
    return isFixed({ name, ...this.samplers[name] }, this.ctx.store.get().eta);
  }

  /** Of a sampler that adds noise, the distance says nothing of a row. */
  figuresOf(about) {
    const [cost, seconds, [name, away]] = super.figuresOf(about);
    const { sampler } = about.family.settings ?? {};
    return [cost, seconds, [name, sampler && !this.isFixed(sampler) ? "" : away]];
  }

  update(changed) {
    this.turn(changed);
    const { eta, left, right } = this.ctx.store.get();
    setText(
      this.head,
      [left, right].map((name) => this.samplers[name].note.replace("{eta}", eta.toFixed(2))).join(" "),
    );
    this.longButton.hidden = this.isLong;
    super.update(changed);
  }

  /** A sampler that is chosen for one side while it stands on the other changes places with it. */
  turn(changed) {
    const now = this.ctx.store.get();
    const [moved, other] = changed.has("left") ? SIDES : SIDES.toReversed();
    const were = this.were;
    this.were = now;
    if (now.left !== now.right || !were || were[moved] === now[moved] || changed.has("mode")) return;
    this.ctx.store.set({ [other]: were[moved] });
  }

  /** Both samplers at a tick, each with its shortest and its longest row. */
  sidesAt(tick) {
    const { left, right } = this.ctx.store.get();
    return [left, right].map((name) => {
      const { rows } = this.samplers[name];
      const [few, many] = [rows[0], rows.at(-1)].map(({ sampler, steps }) => this.found({ sampler, steps }, tick));
      return { name, ...this.samplers[name], few, many };
    });
  }

  /** The distances of those that add no noise, and the cost. */
  leads() {
    const sides = this.sidesAt();
    const [{ few, many }] = sides;
    const distances = sides.filter(({ name }) => this.isFixed(name)).map((side) => this.figures(side, "fixed"));
    return [...distances.flat(), ...this.figures({ few, many, cost: many?.seconds / few?.seconds }, "cost")];
  }

  /** Distances of the rows of a sampler from its longest row, at a tick: [steps, distance], as far as they are known. */
  distancesOf(name, tick) {
    const found = this.samplers[name].rows.slice(0, -1).map(({ sampler, steps }) => [
      steps,
      this.found({ sampler, steps }, tick)?.distance ?? null,
    ]);
    return found.filter(([, distance]) => distance !== null);
  }

  /** A line for each sampler that adds no noise: at the time that is shown, on a scale that its end has room on. */
  showDistances() {
    const { left, right } = this.ctx.store.get();
    const names = [left, right].filter((name) => this.isFixed(name));
    this.chart.element.hidden = !names.length;
    if (!names.length) return;
    const steps = this.samplers[names[0]].rows.slice(0, -1).map((row) => row.steps);
    const titles = names.map((name) => this.samplers[name].title);
    const now = names.map((name) => this.distancesOf(name, this.race.shown));
    const all = [...now, ...names.map((name) => this.distancesOf(name))].flat();
    const said = now.map((rows, k) => `${titles[k]}: ${rows.map(([n, far]) => `${n} steps ${num(far)}`).join(", ")}`);
    this.chart.show({
      xs: [steps[0], steps.at(-1)].map(Math.log),
      ys: [0, Math.max(1, ...all.map(([, distance]) => distance))],
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
  }

  tell(moving) {
    const { shown, clock } = this.race;
    const { eta } = this.ctx.store.get();
    this.showDistances();
    this.seen(pairWords(this.sidesAt(shown), eta, clock.timeOf(shown ?? clock.ticks)), moving);
  }
}

export default {
  hint: "One noise, few and many steps",
  create: (ctx) => new Samplers(ctx),
};
