/** Mode collapse: the three losses at a grid of settings, and the same seeds under each of them, on one clock. */

import { fill, h, setText } from "../kit/base/dom.js";
import { keySegments, numberTable, onDemand } from "../kit/panel/parts.js";
import { LARGE } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { POINTS } from "./arena_legend.js";
import { GameMode, gameMode } from "./game_mode.js";
import { colourOf, NAMES, sampleOf } from "./losses.js";
import { SettingsGrid } from "./settings_grid.js";

const ROUNDS = 2000;
const SEEDS = 5;
const LOSSES = Object.keys(NAMES);

class Collapse extends GameMode {
  build() {
    const { ctx } = this;
    const { grid } = ctx.value();
    const handOver = (canvas) => ctx.show("out", canvas);
    this.lanes = LOSSES.map((loss, k) => {
      const arena = new Arena({ label: NAMES[loss], size: LARGE, onDrawn: k ? undefined : handOver });
      const mark = h("span", { class: "arena-mark", "aria-hidden": "true" }, sampleOf(loss));
      return { loss, arena, mark, element: h("figure", {}, h("h2", {}, mark, NAMES[loss]), arena.element) };
    });
    this.arenas = this.lanes.map(({ arena }) => arena);
    this.legend = createLegend(ctx);
    this.seed = keySegments(ctx, "tap", "Seed that is shown", Array.from({ length: SEEDS }, (_, k) => [k, ""]));
    this.rare.unshift(h("div", { class: "row" }, h("span", { class: "quiet" }, "Seed shown"), this.seed));
    this.counts = h("div", { class: "scrolls" });
    this.curves.element.classList.add("lanes-charts");
    const known = grid && onDemand(
      "The cells",
      h("p", { class: "note" }, grid.words),
      numberTable("The same figures of points whose faults are known", grid.faults.head, grid.faults.rows),
    );
    this.open({
      nameOf: () => "Three losses, five seeds each",
      screen: h("div", { class: "lanes" }, this.lanes.map(({ element }) => element), this.curves.element),
      label: "Three losses, round by round",
      filename: "gan-collapse.gif",
      below: [
        this.legend.element,
        h("div", { class: "with-numbers" }, onDemand("Every seed", this.counts), known || null),
      ],
    });
    if (!grid) return;
    const rules = { ...this.declared.renews, data: grid.data, gseed: grid.seed, spectral: false };
    this.grid = new SettingsGrid(grid, (settings) => ctx.store.commit({ ...rules, ...settings }));
    this.film.host.before(h("p", { class: "quiet grids-name" }, grid.title), this.grid.element);
  }

  get watched() {
    return Math.min(SEEDS - 1, this.ctx.store.get().tap);
  }

  more() {
    return { rounds: ROUNDS };
  }

  update(changed) {
    const state = this.ctx.store.get();
    [...this.seed.children].forEach((each, k) => setText(each, String(state.gseed + k)));
    this.seed.set(this.watched);
    const colours = this.ctx.colours();
    this.grid?.mark(state, colours);
    const [data, [sign, text, colour]] = POINTS;
    this.legend.show([data, [sign, `${text}, seed ${state.gseed + this.watched}`, colour]]);
    for (const { loss, mark } of this.lanes) mark.style.color = colourOf(loss, colours);
    super.update(changed);
  }

  scene(at, k) {
    const { frames } = this.drawn;
    const { made } = readFrame(frames[at]);
    const size = made.length / (LOSSES.length * SEEDS);
    const from = (k * SEEDS + this.watched) * size;
    return {
      real: readFrame(frames[0]).real,
      made: made.subarray(from, from + size),
      colours: this.ctx.colours(),
      words: frames[at].report.planes[LOSSES[k]][this.watched],
    };
  }

  draw(at) {
    super.draw(at);
    const { frames } = this.drawn;
    this.curves.show(
      frames,
      at,
      (_, line) =>
        line % SEEDS === this.watched ? { width: 2.5, label: NAMES[LOSSES[Math.floor(line / SEEDS)]] } : { width: 1 },
    );
    const { head, rows } = frames[at].report.seeds;
    fill(this.counts, numberTable("Every seed", head, rows));
  }
}

export default gameMode(Collapse);
