/** A diffusion of codes: four codes come out of noise, and beside them what each of them, and each guess, decodes to. */

import { createClass } from "../kit/image/class_choice.js";
import { fill, h, numberBox, setText } from "../kit/shell/dom.js";
import { moreNumbers } from "../kit/shell/more.js";
import { createSeen, empty, fillPanel, numberTable } from "../kit/shell/parts.js";
import { createSeed } from "../kit/shell/seed.js";
import { keySlider } from "../kit/shell/slider.js";
import { StripFilm } from "../kit/film/strip_film.js";
import { createTries } from "../kit/lesson/tries.js";
import { captionOf, costRows, latentWords } from "./latent_words.js";

const FAMILY = "latent-diffusion-";
const ROLL_AGAIN = ["net", "mode", "seed", "label", "walk", "guidance"];
const STRIPS = [["the code zₜ", "code"], ["decoded D(zₜ)", null], ["guess D(ẑ₀)", "x0"]];
const CHARTS = [["noise_norm", "size of ε̂ (rms)", "The size of the predicted noise in each code, step by step"]];

class Latent {
  constructor(ctx) {
    this.ctx = ctx;
    this.build();
  }

  build() {
    const { ctx } = this;
    const { commit } = ctx.store;
    this.cost = h("div", { class: "code-cost", tabindex: 0, role: "region", "aria-label": "Cost and worth" });
    this.codes = new StripFilm(ctx, {
      name: "unnoise",
      doing: "Four codes out of noise",
      label: "Four codes, and what they decode to",
      charts: CHARTS,
      strips: STRIPS,
      walk: "code",
      captionOf,
      onChange: (moving) => this.tell(moving),
    });
    this.empty = empty();
    fill(ctx.main, this.empty, this.codes.film.host);
    this.seed = createSeed(ctx, { words: "Four others" });
    this.label = createClass(ctx);
    this.steps = numberBox("Steps", { field: ctx.fields.walk, onchange: (walk) => commit({ walk }) });
    this.w = keySlider(ctx, "guidance", "w", {
      step: 0.25,
      words: (value) => `w = ${Number(value.toFixed(2))}`,
      label: "Guidance scale w",
    });
    this.seen = createSeen();
    const row = (...parts) => h("div", { class: "row" }, parts);
    const controls = [this.seed.element, row(this.label.element, this.steps), this.w.element];
    const rest = [this.codes.queue.element, this.seen.element, moreNumbers(this.cost), createTries(ctx)];
    fillPanel(ctx, controls, rest);
  }

  enter() {
    const { store } = this.ctx;
    if (!store.get().net.startsWith(FAMILY)) store.set({ net: `${FAMILY}mnist` });
  }

  leave() {
    this.codes.leave();
  }

  key(event) {
    return this.codes.key(event);
  }

  /** What Python is asked; without a class there is no guidance. */
  get wanted() {
    const { net, seed, label, walk, guidance } = this.ctx.store.get();
    return { net, seed, label, steps: walk, w: label === null ? 1 : guidance };
  }

  update(changed) {
    const { error, cost = [] } = this.ctx.net();
    const { label, walk, guidance } = this.ctx.store.get();
    for (const part of [this.seed, this.label]) part.update();
    this.steps.set(walk);
    this.w.set(guidance);
    this.w.element.hidden = label === null;
    this.empty.hidden = !error;
    setText(this.empty, error ?? "");
    this.cost.hidden = !cost.length;
    fill(
      this.cost,
      h("p", { class: "note" }, "Measured: Fréchet ÷ floor (mean), time an image"),
      numberTable("Fréchet distance over its floor, and milliseconds an image", ["", "÷ floor", "ms"], costRows(cost)),
    );
    if (ROLL_AGAIN.some((key) => changed.has(key))) this.codes.ask(error ? null : this.wanted);
    else if (changed.has("at")) this.codes.arrived();
  }

  tell(moving) {
    const { current, frame } = this.codes;
    const said = frame ? latentWords(current, frame, this.ctx.net().cost ?? []) : "";
    this.seen(said, moving);
    if (!moving && said) this.ctx.describe(said);
  }

  hasResult(what) {
    return this.codes.hasResult?.(what) ?? true;
  }

  picture() {
    return this.codes.picture();
  }

  table() {
    return this.codes.table(`${this.ctx.store.get().net}-codes`);
  }
}

export default {
  hint: "Each step removes noise from a code of sixty-four numbers",
  create: (ctx) => new Latent(ctx),
};
