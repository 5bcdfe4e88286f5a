/** A diffusion of codes: four codes come out of noise, and beside them what each of them, and each guess, decodes to. */

import { StripFilm } from "../kit/film/strip_film.js";
import { createTries } from "../kit/lesson/tries.js";
import { createControls } from "../kit/panel/controls.js";
import { fill, h, setText } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { createSeen, empty, fillPanel, numberTable } from "../kit/panel/parts.js";
import { takeNet } from "../kit/panel/take_net.js";

const STRIPS = [["code zₜ: 64 numbers", "code"], ["zₜ, decoded", null], ["predicted ẑ₀, decoded", "x0"]];
const CHARTS = [[
  "noise_norm",
  "size of the predicted noise ε̂ (root mean square), a line for each code",
  "The size of the predicted noise in each code, step by step",
]];

class Latent {
  constructor(ctx) {
    this.ctx = ctx;
    this.declared = ctx.value().panels.latent;
    this.cost = h("div", { class: "code-cost", tabindex: 0, role: "region", "aria-label": "Cost and worth" });
    this.codes = new StripFilm(ctx, {
      name: this.declared.ask,
      doing: "Four codes out of noise",
      label: "Four codes, and what they decode to",
      charts: CHARTS,
      strips: STRIPS,
      walk: "code",
      captionOf: (_, { caption }) => caption,
      onChange: (moving) => this.tell(moving),
    });
    this.empty = empty();
    fill(ctx.main, this.empty, this.codes.film.host);
    this.controls = createControls(ctx, this.declared);
    this.seen = createSeen();
    this.numbers = headline([], 0, this.cost);
    fillPanel(ctx, this.numbers, this.controls.element, this.seen.element, createTries(ctx));
  }

  enter() {
    takeNet(this.ctx, this.declared.nets);
  }

  leave() {
    this.codes.leave();
  }

  key(event) {
    return this.codes.key(event);
  }

  update(changed) {
    const { error, cost } = this.ctx.net();
    this.controls.update();
    this.empty.hidden = !error;
    setText(this.empty, error ?? "");
    this.numbers.hidden = !cost;
    this.numbers.set(cost?.numbers ?? []);
    fill(
      this.cost,
      h("p", { class: "note" }, "Measured: Fréchet ÷ floor (mean), time an image"),
      numberTable(
        "Fréchet distance over its floor, and milliseconds an image",
        ["", "÷ floor", "ms"],
        cost?.rows ?? [],
      ),
    );
    if (changed.has("mode") || this.controls.asks.some((key) => changed.has(key))) {
      this.codes.ask(error ? null : this.controls.request());
    } else if (changed.has("at")) this.codes.arrived();
  }

  tell(moving) {
    const { frame } = this.codes;
    const said = frame ? [frame.words, this.ctx.net().cost?.words].filter(Boolean).join(" ") : "";
    this.seen(said, moving);
    if (!moving && said) this.ctx.describe(said);
  }

  hasResult(what) {
    return this.codes.hasResult?.(what) ?? true;
  }

  table() {
    return this.codes.table(`${this.ctx.store.get().net}-codes`);
  }
}

export default {
  hint: "Each step removes noise from a code of sixty-four numbers",
  create: (ctx) => new Latent(ctx),
};
