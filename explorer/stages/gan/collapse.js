/** Mode collapse: the three losses at a grid of settings, and the same seeds under each of them, on one clock. */

import { fill, h, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { LARGE } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { keySegments, numberTable, onDemand } from "../kit/panel/parts.js";
import { createLegend } from "../kit/plane/legend.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { POINTS } from "./arena_legend.js";
import { gameFilm } from "./game_film.js";
import { colourOf, NAMES, sampleOf } from "./losses.js";
import { SettingsGrid } from "./settings_grid.js";

const ROUNDS = 2000;
const SEEDS = 5;
const LOSSES = Object.keys(NAMES);

function collapse(self) {
  const { ctx, state } = self;
  const { grid } = ctx.value();
  const watched = computed(() => Math.min(SEEDS - 1, state.tap));
  const film = gameFilm(self, { nameOf: () => "Three losses, five seeds each", more: () => ({ rounds: ROUNDS }) });
  const { frame, frames, curves } = film;

  const handOver = (canvas) => ctx.show("out", canvas);
  const arenas = LOSSES.map((loss, k) =>
    new Arena({ label: NAMES[loss], size: LARGE, onDrawn: k ? undefined : handOver })
  );
  const lanes = LOSSES.map((loss, k) => {
    const mark = h("span", { class: "arena-mark", "aria-hidden": "true" }, sampleOf(loss));
    mark.style.color = colourOf(loss, ctx.colours());
    return h("figure", {}, h("h2", {}, mark, NAMES[loss]), arenas[k].element);
  });
  function scene(k) {
    if (!frame.value) return null;
    const { made } = readFrame(frame.value);
    const size = made.length / (LOSSES.length * SEEDS);
    const from = (k * SEEDS + watched.value) * size;
    return {
      real: readFrame(frames.value[0]).real,
      made: made.subarray(from, from + size),
      colours: ctx.colours(),
      words: frame.value.report.planes[LOSSES[k]][watched.value],
    };
  }

  const legend = createLegend(ctx);
  whenever(() => {
    const [data, [sign, text, colour]] = POINTS;
    legend.show([data, [sign, `${text}, seed ${state.gseed + watched.value}`, colour]]);
  });
  const counts = h("div", { class: "scrolls" });
  whenever(() => {
    if (!frame.value) return;
    const { head, rows } = frame.value.report.seeds;
    fill(counts, numberTable("Every seed", head, rows));
  });
  curves.element.classList.add("lanes-charts");
  const made = film.play({
    ...{ arenas, scene, rare: [seedRow(self, watched)] },
    screen: h("div", { class: "lanes" }, lanes, curves.element),
    styleOf: () => {
      const seed = watched.value;
      const ofLoss = (line) => ({ width: 2.5, label: NAMES[LOSSES[Math.floor(line / SEEDS)]] });
      return (_, line) => line % SEEDS === seed ? ofLoss(line) : { width: 1 };
    },
    label: "Three losses, round by round",
    filename: "gan-collapse.gif",
    below: [
      legend.element,
      h("div", { class: "with-numbers" }, onDemand("Every seed", counts), grid && knownFaults(grid)),
    ],
  });
  if (grid) self.film.host.before(...gridOf(self, grid));
  return { ...made, watched };
}

/** The choice of the seed that is shown. */
function seedRow({ ctx, state }, watched) {
  const seed = keySegments(ctx, "tap", "Seed that is shown", Array.from({ length: SEEDS }, (_, k) => [k, ""]));
  whenever(() => {
    [...seed.children].forEach((each, k) => setText(each, String(state.gseed + k)));
    seed.set(watched.value);
  });
  return h("div", { class: "row" }, h("span", { class: "quiet" }, "Seed shown"), seed);
}

const knownFaults = ({ words, faults }) =>
  onDemand(
    "The cells",
    h("p", { class: "note" }, words),
    numberTable("The same figures of points whose faults are known", faults.head, faults.rows),
  );

/** The recorded games, whose cells choose the settings. */
function gridOf({ ctx, state, declared }, grid) {
  const rules = { ...declared.renews, data: grid.data, gseed: grid.seed, spectral: false };
  const settings = new SettingsGrid(grid, (chosen) => ctx.store.commit({ ...rules, ...chosen }));
  whenever(() => settings.mark(state, ctx.colours()));
  return [h("p", { class: "quiet grids-name" }, grid.title), settings.element];
}

export default mode(collapse);
