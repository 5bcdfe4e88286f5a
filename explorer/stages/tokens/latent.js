/** A diffusion of codes: four codes come out of noise, and beside them what each of them, and each guess, decodes to. */

import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { stripFilm } from "../kit/film/strip_film.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { numberTable } from "../kit/panel/parts.js";
import { takeNet } from "../kit/panel/take_net.js";

/** @type {[string, string | null][]} */
const STRIPS = [["code zₜ: 64 numbers", "code"], ["zₜ, decoded", null], ["predicted ẑ₀, decoded", "x0"]];
/** @type {[string, string, string][]} */
const CHARTS = [[
  "noise_norm",
  "size of the predicted noise ε̂ (root mean square), a line for each code",
  "The size of the predicted noise in each code, step by step",
]];
const MEASURED = "Fréchet distance over its floor, and milliseconds an image";

function latent(self) {
  const { ctx, state, declared } = self;
  const error = () => ctx.net().error;
  const film = stripFilm(self, {
    request: () => error() ? null : requestOf(ctx, declared),
    doing: "Four codes out of noise",
    label: "Four codes, and what they decode to",
    charts: CHARTS,
    strips: STRIPS,
    walk: "code",
  });
  const words = computed(() =>
    film.said.value ? [film.said.value.words, ctx.net().cost?.words].filter(Boolean).join(" ") : ""
  );
  const host = film.play({
    words,
    tell(moving) {
      self.seen(words.peek(), moving);
      if (!moving && words.peek()) ctx.describe(words.peek());
    },
  });

  const cost = h("div", { class: "code-cost", tabindex: 0, role: "region", "aria-label": "Cost and worth" });
  const numbers = headline([], 0, cost);
  whenever(() => {
    const known = ctx.net().cost;
    numbers.hidden = !known;
    numbers.set(known?.numbers ?? []);
    const table = numberTable(MEASURED, ["", "÷ floor", "ms"], known?.rows ?? []);
    fill(cost, h("p", { class: "note" }, "Measured: Fréchet ÷ floor (mean), time an image"), table);
  });
  const empty = h("p", { class: "empty", hidden: () => !error() }, () => error() ?? "");
  return {
    ...{ main: [empty, host], above: [numbers], ...film.mode },
    enter: () => takeNet(ctx, declared.nets),
    table: () => film.table(`${state.net}-codes`),
  };
}

export default mode(latent, { hint: "Each step removes noise from a code of sixty-four numbers" });
