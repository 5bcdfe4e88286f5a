/**
 * Samplers: from one x₁₀₀₀, two samplers side by side, each in as many evaluations of the network as the other: what
 * they cost, and how far they end from their own longest row.
 */

import { button, h, select, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { keySlider } from "../kit/shell/slider.js";
import { apart } from "../kit/film/strip.js";
import { Drawn, withSettings } from "../questions/drawn.js";
import { createFacts } from "../questions/race.js";
import { createControls } from "../kit/shell/controls.js";
import { COUNT, headOf, onTheWayWords, pairOnTheWayWords, pairWords, samplerWords, stepsFor } from "./sampler_words.js";
import { TIMES } from "./schedule.js";
import { Times } from "./times.js";

/** As many evaluations as a row takes at most. */
const EVALUATIONS = [5, 10, 20, 50, 100];
const LONG = 1000; // steps, of DDPM on the right alone
const ROWS = ["evaluations", "seconds", "L2 away"];

const titleOf = ({ title }, steps) => `${title}, ${steps.toLocaleString("en")} ${steps === 1 ? "step" : "steps"}`;

/** A row for each number of evaluations: those of the left sampler, then those of the right one. */
export function settingsOf(samplers, { left, right }) {
  const row = (sampler, steps) => ({ title: titleOf(samplers[sampler], steps), sampler, steps });
  const rows = (sampler) => EVALUATIONS.map((most) => row(sampler, stepsFor(samplers[sampler], most)));
  const long = right === "ddpm" ? [row("ddpm", LONG)] : [];
  return [...rows(left), ...(right === left ? [] : [...rows(right), ...long])];
}

/** Which sampler stands on which side; one that stands on the other changes places with it. */
function createSides({ store, value }) {
  const options = Object.entries(value().samplers).map(([name, { title }]) => [name, title]);
  const choose = (side, other) => (name) => {
    const state = store.get();
    store.commit({ [side]: name, ...(state[other] === name ? { [other]: state[side] } : {}) });
  };
  const sides = {
    left: select("Left", options, "ddim", choose("left", "right")),
    right: select("Right", options, "ddpm", choose("right", "left")),
  };
  const update = () => {
    for (const [side, { input }] of Object.entries(sides)) input.value = store.get()[side];
  };
  return { element: h("div", { class: "row" }, sides.left, sides.right), update };
}

function createEta(ctx) {
  const { element, set } = keySlider(ctx, "eta", "η", {
    step: 0.05,
    words: (eta) => eta.toFixed(2),
    label: "η of DDIM",
  });
  const update = () => {
    const { eta, left, right } = ctx.store.get();
    element.hidden = ![left, right].includes("ddim");
    set(eta);
  };
  return { element, update };
}

class Samplers extends Drawn {
  constructor(ctx) {
    const longButton = button("Draw it", () => this.drawLong(), { title: "A thousand evaluations of the network" });
    const longFacts = (facts) => Object.assign(h("div", { class: "draw-long" }, facts, longButton), { set: facts.set });
    const head = h("p", { class: "note samplers-head with-words" });
    super(withSettings(ctx, () => settingsOf(ctx.value().samplers, ctx.store.get())), {
      name: "reverse",
      doing: "draws",
      label: "Samplers on one clock",
      others: "Draw another",
      factsOf: ({ settings }) => settings?.steps === LONG ? longFacts(createFacts(ROWS)) : createFacts(ROWS),
      beside: head,
      clock: new Times(ctx),
      frames: Infinity,
      captionOf: (tick) => this.captionOf(tick),
      above: () => [createSides(ctx)],
      below: (
        { queue, all },
      ) => [{ element: all }, createControls(ctx, ctx.value().panels.samplers), createEta(ctx), queue],
      asks: ["w", "eta", "left", "right"],
    });
    Object.assign(this, { longButton, head, long: new Set() });
  }

  /** What Python is asked for a row; DDPM knows no η, and a thousand steps are drawn where they are wanted. */
  requestOf(column) {
    const { sampler, steps } = column.settings;
    if (steps === LONG && !this.isLong) return null;
    const eta = sampler === "ddim" ? this.ctx.store.get().eta : 0;
    return { ...super.requestOf(column), count: COUNT, w: this.scale, eta };
  }

  /** The guidance, where there is a class. */
  get scale() {
    const { label, w } = this.ctx.store.get();
    return label === null ? 1 : w;
  }

  get choice() {
    const { net, seed, label } = this.ctx.store.get();
    return JSON.stringify([net, seed, label, this.scale]);
  }

  /** Whether the thousand steps are wanted for what is chosen now. */
  get isLong() {
    return this.long.has(this.choice);
  }

  drawLong() {
    this.long.add(this.choice);
    this.longButton.hidden = true;
    this.ask();
  }

  get samplers() {
    return this.ctx.value().samplers;
  }

  /** The steps of the row from which a sampler's others are measured. */
  referenceOf(sampler) {
    return stepsFor(this.samplers[sampler], EVALUATIONS.at(-1));
  }

  /** Shortest first, and both samplers in turn, so that there is soon something to compare. */
  costOf({ settings: { sampler, steps } }) {
    return steps * this.samplers[sampler].each;
  }

  /**
   * What a row that is finished cost, and how far its images at a tick lie (mean L2) from those of its sampler's
   * longest one; null before.
   */
  found(sampler, steps, tick = this.race.clock.ticks) {
    const rows = this.race.runners(tick).filter(({ column }) => column.film.done);
    const isOf = (count) => ({ column: { family: { settings } } }) =>
      settings.sampler === sampler && settings.steps === count;
    const [row, reference] = [steps, this.referenceOf(sampler)].map((count) => rows.find(isOf(count)));
    if (!row) return null;
    const { evaluations, seconds } = row.column.film;
    const distance = reference ? apart(row.frame.x, reference.frame.x, COUNT) : null;
    return { evaluations, seconds, x: row.frame.x, distance };
  }

  figuresOf({ family: { settings = {} }, film }) {
    const { evaluations, seconds, distance } = (film?.done && this.found(settings.sampler, settings.steps)) || {};
    const isReference = film && settings.steps === this.referenceOf(settings.sampler);
    const away = isReference ? "reference" : distance === null ? "" : num(distance);
    const cost = evaluations?.toLocaleString("en") ?? (film ? "drawing…" : "–");
    return [cost, num(seconds), film?.done ? away : ""].map((value, i) => [ROWS[i], value]);
  }

  update(changed) {
    const { eta, left, right } = this.ctx.store.get();
    setText(this.head, [left, right].map((name) => headOf(name, this.samplers[name].title, eta)).join(" "));
    this.longButton.hidden = this.isLong;
    super.update(changed);
  }

  tell(moving) {
    const { shown, clock } = this.race;
    const { left, right, eta } = this.ctx.store.get();
    const t = clock.timeOf(shown ?? clock.ticks);
    const found = (sampler, steps) => this.found(sampler, steps, shown);
    if (left === "ddim" && right === "ddpm") {
      this.seen(t === 0 ? samplerWords(found, eta) : onTheWayWords(found, t), moving);
      return;
    }
    const sides = [left, right].map((name) => this.sideOf(name, found));
    this.seen(t === 0 ? pairWords(sides, eta) : pairOnTheWayWords(sides, t), moving);
  }

  /** A sampler with its shortest row and its longest. */
  sideOf(name, found) {
    const sampler = this.samplers[name];
    const [few, many] = [EVALUATIONS[0], EVALUATIONS.at(-1)].map((most) => found(name, stepsFor(sampler, most)));
    return { name, ...sampler, few, many };
  }

  captionOf(tick) {
    const { clock } = this.race;
    const t = clock.timeOf(tick);
    if (tick === 0) return "All rows start from the same x₁₀₀₀";
    const { finished, columns } = this.race;
    const asked = columns.filter(({ request }) => request).length;
    if (t === 0) {
      return finished.length === asked ? "The ends of all rows" : `${finished.length} of ${asked} rows drawn`;
    }
    const { left, right } = this.ctx.store.get();
    if ([left, right].some((name) => this.samplers[name].each > 1)) return `All rows at t = ${t}`;
    return `At t = ${t} five steps have taken ${Math.floor((5 * (TIMES - t)) / TIMES)}, a hundred ` +
      `${Math.floor((TIMES - t) / 10)}`;
  }

  picture() {
    return this.race.picture(`Seed ${this.ctx.store.get().seed}.`);
  }

  table() {
    const { seed, net } = this.ctx.store.get();
    const rows = this.race.columns.flatMap(({ family: { settings }, request }) => {
      const found = request && this.found(settings.sampler, settings.steps);
      if (!found) return [];
      return [[settings.sampler, settings.steps, request.eta, seed, found.evaluations, found.seconds, found.distance]];
    });
    if (!rows.length) return null;
    return {
      name: `${net}-samplers`,
      rows: [
        ["sampler", "steps", "eta", "seed", "evaluations", "seconds", `L2 distance to ${EVALUATIONS.at(-1)} steps`],
        ...rows.sort(([, steps], [, others]) => steps - others),
      ],
    };
  }
}

export default {
  hint: "One noise, few and many steps",
  create: (ctx) => new Samplers(ctx),
};
