/** The landscape: an energy with its density, and chains that a visitor drops on it. */

import { createFilm } from "../kit/film/player.js";
import { headline } from "../kit/shell/more.js";
import { button, fill, h, setText } from "../kit/shell/dom.js";
import { Played } from "../kit/film/filmed.js";
import { num } from "../kit/shell/format.js";
import { createSeen, empty, fillPanel, onDemand } from "../kit/shell/parts.js";
import { contextOf, LARGE } from "../kit/image/pixels.js";
import { createPoints } from "../kit/plane/points.js";
import { createControls } from "../kit/shell/controls.js";
import { createSeed } from "../kit/shell/seed.js";
import { createTries } from "../kit/lesson/tries.js";
import { createCharts } from "./charts.js";
import { DeepLandscape } from "./deep_landscape.js";
import { paintContours, paintLandscape, paintShades, shadesOf } from "./paint.js";
import { HALF, PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { NO_PLANE, openNet } from "./facts.js";
import { Run } from "./run.js";
import { knownOf, Surface } from "./surface.js";
import { caption, chainWords, landscapeWords, planeWords } from "./words.js";

const SIZE = 440;
const SMALL = 80;
const GROW_MS = 250;
const GRID = { side: 160, half: 4 };
const PER_SECOND = 40;
const GIF_FRAMES = 60;
const SETTINGS = ["kernel", "eps", "temp", "chains", "cure", "drops", "length", "seed"];
const UNREADABLE = "The energies of these points cannot be read. What you see stays; try again in a moment.";
const FIRST = [0.1, 2]; // where a stranger's first chains are dropped: off the data, so that they run down

class Landscape extends Played {
  constructor(ctx) {
    super();
    Object.assign(this, { ctx, kept: null, surface: null, surfaces: new Map(), bases: new Map(), run: null });
    Object.assign(this, { runKey: null, wantedKey: null, shownKey: null, grownAt: 0 });
    this.build();
  }

  build() {
    const { ctx } = this;
    this.plane = new PlaneCanvas({
      label: "The landscape. Arrow keys move the cursor, Enter drops chains, Backspace takes the last place away.",
      size: SIZE,
      most: LARGE,
      paint: paintLandscape,
      onMove: () => ctx.refresh("cursor"),
      onChoose: (point) => this.drop(point),
      onRemove: () => ctx.store.commit({ drops: ctx.store.get().drops.slice(0, -2) }),
    });
    this.deep = new DeepLandscape(ctx, SIZE);
    this.small = [["exp(−E) / Z", "learned"], ["p, known", "known"]].map(([name, key]) => {
      const canvas = h("canvas", { class: "small-density", role: "img", "aria-label": `Density: ${name}` });
      return { key, canvas, element: h("figure", { class: "captioned" }, canvas, h("figcaption", {}, name)) };
    });
    this.numbers = headline(this.rows([0, 0]), 4);
    this.charts = createCharts(ctx);
    const legend = h(
      "ul",
      { class: "plane-keys" },
      [["●", "chain", "classes"], ["●", "first, with its path", "you"], ["×", "rejected proposal", "refused"]].map((
        [mark, text, key],
      ) => h("li", {}, h("span", { class: `sign key-${key}`, "aria-hidden": "true", "data-sign": mark }), text)),
    );
    this.legend = legend;
    const side = h(
      "div",
      { class: "beside-side" },
      h("div", { class: "small-densities" }, this.small.map(({ element }) => element)),
      this.numbers,
      legend,
    );
    this.film = createFilm({
      screen: h("div", { class: "beside" }, h("div", {}, this.plane.element, this.deep.element), side),
      label: "Chains",
      filename: "chains.gif",
      framesPerSecond: PER_SECOND,
      frames: GIF_FRAMES,
      onStep: (index, { rest }) => ctx.store.set({ at: index / (this.run.total - 1) }, { commit: rest }),
      tell: (moving) => this.tell(moving),
    });
    fill(ctx.main, this.film.host);
    this.buildPanel();
  }

  buildPanel() {
    const { ctx } = this;
    this.seed = createSeed(ctx, { words: "Draw again", onRetry: () => this.open() });
    this.clear = button("Clear", () => ctx.store.commit({ drops: [] }));
    this.empty = empty("Click the landscape to drop chains.");
    this.seen = createSeen();
    this.points = createPoints(ctx, NO_PLANE);
    const rare = h("div", { class: "row" }, this.seed.element, this.clear);
    this.controls = createControls(ctx, ctx.value().panels.landscape, [rare]);
    fillPanel(
      ctx,
      this.points.element,
      this.controls.element,
      this.empty,
      this.seen.element,
      createTries(ctx),
      onDemand("Trace and autocorrelation", this.charts.element),
    );
  }

  enter() {
    super.enter();
    this.startWithChains();
    if (this.run && !this.run.done) this.run.run();
  }

  /** Chains run at the first sight of the page; the visitor's own take their place. */
  startWithChains() {
    const { store } = this.ctx;
    const { mode, drops } = store.get();
    if (this.isMet || mode !== "landscape") return;
    this.isMet = true;
    if (drops.length) return;
    this.isExample = true;
    store.set({ drops: FIRST });
  }

  leave() {
    super.leave();
    this.run?.stop();
  }

  /** Drops chains at a place, beside those that are there; at most so many places. */
  drop(point) {
    const drops = this.isExample ? [] : this.ctx.store.get().drops;
    const { most } = this.ctx.fields.drops;
    this.isExample = false;
    if (drops.length === 2 * most) return this.ctx.say(`At most ${most} places: clear them first.`);
    this.dropped = true;
    this.ctx.store.commit({ drops: [...drops, ...point] });
  }

  update(changed) {
    this.points.update();
    this.showControls();
    if (changed.has("net") || changed.has("mode") || changed.has("way")) this.open();
    if (SETTINGS.some((key) => changed.has(key))) this.walk();
    this.show(changed);
  }

  showControls() {
    const state = this.ctx.store.get();
    this.controls.update();
    this.seed.update();
    this.plane.element.hidden = state.form === "surface";
    this.deep.update(state);
    this.clear.disabled = !state.drops.length;
    this.empty.hidden = state.drops.length > 0;
  }

  /** Reads the network in use, evaluates its surface, and walks. */
  async open() {
    const { name } = this.ctx.net();
    const { way } = this.ctx.store.get();
    const key = `${name} ${way}`;
    if (this.wantedKey === key) return;
    this.wantedKey = key;
    this.seed.failed(false);
    try {
      const kept = await openNet(this.ctx, name);
      if (!kept) throw new Error(`${name} was not told of`);
      const { nets } = await kept.energies();
      if (this.wantedKey !== key) return;
      const surface = await this.surfaceOf(key, kept, nets[way]).work();
      if (this.wantedKey !== key) return;
      Object.assign(this, { kept, surface, net: nets[way], shownKey: key });
    } catch (error) {
      console.warn(name, error.message);
      if (this.wantedKey !== key) return;
      if (!this.ctx.net().error) this.ctx.say(UNREADABLE, "error");
      this.wantedKey = null;
      this.seed.failed(true);
      return;
    }
    this.walk();
    this.ctx.refresh("surface");
  }

  surfaceOf(key, kept, net) {
    if (!this.surfaces.has(key)) {
      const known = (kept.known ??= knownOf(kept.facts, GRID.side, GRID.half));
      this.surfaces.set(key, new Surface({ net, known, pieces: kept.pieces, ...GRID }));
    }
    return this.surfaces.get(key);
  }

  /** Has the dropped chains walk, where they or what moves them changed; those of another landscape, once it is here. */
  walk() {
    if (!this.surface || this.shownKey !== this.wantedKey) return;
    const state = this.ctx.store.get();
    const settings = Object.fromEntries(SETTINGS.map((key) => [key, state[key]]));
    const key = state.drops.length ? JSON.stringify([this.shownKey, settings]) : null;
    if (key === this.runKey) return;
    this.run?.stop();
    this.runKey = key;
    this.run = null;
    if (!key) {
      this.film.clear();
      this.ctx.refresh("walk");
      return;
    }
    const run = new Run({ net: this.net, pieces: this.kept.pieces, settings }, () => this.walked(key));
    this.run = run;
    this.film.index = state.at === 1 ? 0 : this.place;
    this.film.setSteps(this.filmSteps());
    run.run();
    const plays = this.inside && state.at === 1 && !this.ctx.prefersReducedMotion();
    if (plays) this.film.toggle();
  }

  /** The film has live steps; its player is told now and then that they have grown. */
  walked(key) {
    const now = performance.now();
    if (key !== this.runKey || (this.run.running && now - this.grownAt < GROW_MS)) return;
    this.grownAt = now;
    this.film.grow(this.film.steps);
    if (this.film.timer) return;
    this.film.show(this.place);
    this.ctx.refresh("walk");
  }

  filmSteps() {
    const { run } = this;
    return {
      get length() {
        return run.frames.length;
      },
      more: () => run.running,
      ready: (at) => at < run.frames.length || !run.running,
      prepare: () => Promise.resolve(run.finish().done),
      show: (at) => this.draw(at),
      draw: (canvas, at) => this.plane.copy(canvas, this.scene(at)),
      caption: (at) => caption(run, at),
      place: (at) => `${at.toLocaleString("en")}/${(run.total - 1).toLocaleString("en")}`,
    };
  }

  scene(at) {
    const { drops } = this.ctx.store.get();
    return { base: this.base(), run: this.run, at, drops, colours: this.ctx.colours() };
  }

  /** The surface as a picture, drawn once. */
  base() {
    if (!this.surface) return null;
    const { shows } = this.ctx.store.get();
    const key = `${this.shownKey} ${shows} ${this.ctx.theme()}`;
    if (!this.bases.has(key)) {
      const canvas = new OffscreenCanvas(2 * SIZE, 2 * SIZE);
      const context = canvas.getContext("2d");
      const colours = this.ctx.colours();
      const shades = shadesOf(this.surface, shows);
      paintShades(context, { shades, half: GRID.half, size: 2 * SIZE, colours });
      context.globalAlpha = 0.7;
      paintContours(context, this.surface, 2 * SIZE, colours.quiet);
      this.bases.set(key, canvas);
    }
    return this.bases.get(key);
  }

  /** The move that the address says, as far as it is there. */
  get place() {
    return Math.min(Math.round(this.ctx.store.get().at * (this.run.total - 1)), this.run.frames.length - 1);
  }

  /** The move on screen. */
  get at() {
    return this.run ? Math.min(this.film.index, this.run.frames.length - 1) : 0;
  }

  show(changed) {
    const { run, surface } = this;
    const { at } = this.ctx.store.get();
    if (run && changed.has("at")) this.film.follow(at === 1 ? null : this.place, this.place);
    else this.draw(this.at);
    if (surface && (changed.has("surface") || changed.has("mode"))) this.showDensities();
    if (!run || !this.film.timer) this.tell(false);
  }

  draw(at) {
    this.plane.show(this.scene(at), this.surface ? planeWords(this.ctx.net().title, this.run, at) : "");
    this.ctx.show("land", this.surface && this.plane.canvas);
    this.deep.chains(this.run, at, this.net);
    this.numbers.set(this.rows(this.plane.cursor));
    this.charts.trace(this.run, at);
  }

  showDensities() {
    const colours = this.ctx.colours();
    const marks = this.legend.querySelectorAll("span");
    [colours.classes[3], colours.you, colours.classes[0]].forEach((colour, i) => (marks[i].style.color = colour));
    const top = this.kept.known.reduce((a, b) => Math.max(a, b), -Infinity);
    const shades = {
      learned: shadesOf(this.surface, "density"),
      known: this.kept.known.map((value) => Math.sqrt(Math.exp(value - top))),
    };
    for (const { key, canvas } of this.small) {
      canvas.style.width = canvas.style.height = `${SMALL}px`;
      paintShades(contextOf(canvas, SMALL), { shades: shades[key], half: GRID.half, size: SMALL, colours });
    }
  }

  rows(cursor) {
    const { surface, run } = this;
    const here = surface ? this.net.evaluate(cursor) : null;
    return [
      ["E at the cursor", here ? num(here.energy[0]) : "–", "nats"],
      ["|∇E| there", here ? num(Math.hypot(...here.gradient)) : "–"],
      ["log p there", here ? num(-here.energy[0] - surface.logZ) : "–", "nats"],
      ["log Z", num(surface?.logZ, 3), "nats"],
      ["KL(p ‖ exp(−E)/Z)", num(surface?.kl, 4), "nats"],
      [
        "taken",
        run && this.at ? num((100 * run.frames[this.at].taken) / (this.at * run.settings.chains), 1) : "–",
        "%",
      ],
      ["crossings", run ? String(run.frames[this.at].crossings) : "–"],
    ];
  }

  tell(moving) {
    const { surface, run, at } = this;
    if (!surface) return this.seen("");
    const state = this.ctx.store.get();
    const words = run ? chainWords(run, at, surface, this.kept.facts) : landscapeWords(surface, this.kept.facts, state);
    this.seen(words, moving);
    if (!moving) this.ctx.describe(words);
    this.charts.mixing(run, at);
    setText(this.charts.note, run ? "" : "Drop chains first.");
  }

  hasResult() {
    return Boolean(this.surface);
  }

  picture() {
    return this.surface ? this.plane.copy() : null;
  }

  /** The chains where there are some, else the surface. */
  table() {
    const { run, surface } = this;
    if (!surface) return null;
    const name = `${this.ctx.net().name}-${this.ctx.store.get().way}`;
    if (!run) {
      const cells = Array.from(surface.energy, (energy, i) => [surface.cells[2 * i], surface.cells[2 * i + 1], energy]);
      const within = cells.filter(([x, y]) => Math.max(Math.abs(x), Math.abs(y)) < HALF);
      return { name: `${name}-energy`, rows: [["x", "y", "energy, nats"], ...within] };
    }
    const rows = run.frames.flatMap(({ x, accepted }, move) =>
      Array.from(
        { length: x.length / 2 },
        (_, i) => [move, i + 1, x[2 * i], x[2 * i + 1], accepted ? accepted[i] : ""],
      )
    );
    return { name: `${name}-chains`, rows: [["move", "chain", "x", "y", "taken"], ...rows] };
  }
}

export default {
  hint: "Watch how chains walk on an energy",
  create: (ctx) => new Landscape(ctx),
};
