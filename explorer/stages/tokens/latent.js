/** A diffusion of codes: four codes come out of noise, and beside them what each of them, and each guess, decodes to. */

import { StripFilm } from "../kit/film/strip_film.js";
import { createTries } from "../kit/lesson/tries.js";
import { createControls } from "../kit/shell/controls.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { moreNumbers } from "../kit/shell/more.js";
import { createSeen, empty, fillPanel, numberTable } from "../kit/shell/parts.js";
import { mean } from "../kit/shell/sums.js";
import { takeNet } from "../kit/shell/take_net.js";

const STRIPS = [["the code zₜ", "code"], ["decoded D(zₜ)", null], ["guess D(ẑ₀)", "x0"]];
const CHARTS = [["noise_norm", "size of ε̂ (rms)", "The size of the predicted noise in each code, step by step"]];

function captionOf(film, frame) {
  if (frame === film.frames[0]) return "Nothing but noise: ▶ plays, › goes one step";
  return frame.time === 0 ? "Finished: no noise is left in the codes" : `Noise of time ${frame.time} is left`;
}

/** What is on screen, in a sentence with the network's own numbers. */
function latentWords(film, { time, numbers: { noise_norm: size, moved } }) {
  if (!size) {
    return "Four codes of pure noise: decoded they look like none of the data, for no image has such a code.";
  }
  if (time > 0) {
    const change = moved ? `, and the guess ẑ₀ moved by ${num(mean(moved), 3)} a number since the step before` : "";
    return `At time ${time} the predicted noise has size ${num(mean(size), 2)}${change}.`;
  }
  return `Done in ${film.evaluations} evaluations of the small network and ${num(film.seconds, 2)} s here, in which ` +
    "every step was also decoded twice to be shown.";
}

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
      captionOf,
      onChange: (moving) => this.tell(moving),
    });
    this.empty = empty();
    fill(ctx.main, this.empty, this.codes.film.host);
    this.controls = createControls(ctx, this.declared);
    this.seen = createSeen();
    const rest = [this.codes.queue.element, this.seen.element, moreNumbers(this.cost), createTries(ctx)];
    fillPanel(ctx, this.controls.element, rest);
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
    this.cost.hidden = !cost;
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
    const { current, frame } = this.codes;
    const said = frame ? [latentWords(current, frame), this.ctx.net().cost?.words].filter(Boolean).join(" ") : "";
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
