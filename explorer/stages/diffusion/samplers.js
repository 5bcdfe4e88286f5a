/**
 * Samplers: from one x₁₀₀₀, two samplers side by side, each in as many evaluations of the network as the other: what
 * they cost, and how far they end from their own longest row.
 */

import { button, h, setText } from "../kit/base/dom.js";
import { createFacts } from "../questions/race.js";
import { OfSettings } from "../questions/settings.js";
import { COUNT, isFixed, pairWords } from "./sampler_words.js";
import { Times } from "./times.js";

const LONG = 1000; // steps, of DDPM on the right alone
const SIDES = ["left", "right"];

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
    super(ctx, {
      settings: () => settingsOf(ctx.value().samplers, ctx.store.get()),
      kept: ["sampler", "steps", "eta"],
      away: "L2 distance to 100 steps",
      count: COUNT,
      factsOf: ({ settings }) => {
        const facts = createFacts(this.figures({}).map(([name]) => name));
        return settings?.steps === LONG ? longFacts(facts) : facts;
      },
      beside: head,
      clock: new Times(ctx),
      below: ({ queue }) => [queue],
      asks: SIDES,
    });
    Object.assign(this, { longButton, head, long: new Set() });
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

  /** Shortest first, and both samplers in turn, so that there is soon something to compare. */
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

  tell(moving) {
    const { shown, clock } = this.race;
    const { eta } = this.ctx.store.get();
    this.seen(pairWords(this.sidesAt(shown), eta, clock.timeOf(shown ?? clock.ticks)), moving);
  }
}

export default {
  hint: "One noise, few and many steps",
  create: (ctx) => new Samplers(ctx),
};
