/** Score field: a network of two-dimensional noise beside the exact one, and walks from noise to data along it. */

import { createFilm } from "../kit/film/player.js";
import { LARGE } from "../kit/image/pixels.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { Answered } from "../kit/ask/answered.js";
import { button, h } from "../kit/base/dom.js";
import { HALF, paintPlane } from "../kit/plane/field_paint.js";
import { debounce, empty } from "../kit/panel/parts.js";
import { Chart } from "../kit/chart/chart.js";
import { brief } from "../kit/base/format.js";
import { sentences } from "../kit/panel/says.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { gaussians } from "../kit/plane/random.js";
import { floats32 } from "../kit/plane/tensors.js";
import { Weights } from "../kit/plane/weights.js";
import { createFieldSide, reportOf } from "./field_side.js";
import { ALPHAS, TIMES } from "./schedule.js";
import { ToyField } from "./toy_field.js";
import { readToyNet } from "./toy_net.js";

const START = [0, 0.9]; // of the cursor
const WAYS = { both: ["sde", "ode"], sde: ["sde"], ode: ["ode"] };
const TAKEN = 12;
const FIRST = 7; // seed of the points that a stranger finds
const NEAR = 0.13;
const CAPTIONS = { 0: ": noise", "-1": ": data" };
const PLAY_AFTER_MS = 700;
const GIF_FRAMES = 50;

class Field extends ByHand {
  subject = "toy"; // the points, and not the network of images

  constructor(ctx) {
    super(ctx, "field");
    Object.assign(this, { frames: [], dropped: false });
    this.walks = new Answered(ctx, "walks", () => this.walked());
    this.toys = new Weights(
      ctx,
      () => ({ ...this.facts, key: ctx.store.get().toy }),
      async (url, facts) => new ToyField(facts, await readToyNet(url, TIMES), ALPHAS.linear),
    );
    this.playSoon = debounce(() => this.play(), PLAY_AFTER_MS);
    this.build();
  }

  build() {
    const { ctx } = this;
    const onStep = (at, { rest }) => ctx.store.set({ level: Math.max(1, this.frames[at].t) }, { commit: rest });
    this.plane = new PlaneCanvas({
      label: "The plane. Arrow keys move the cursor, Enter drops a point or takes it away, Backspace takes " +
        "the last one.",
      size: LARGE,
      paint: paintPlane,
      onMove: () => ctx.refresh("cursor"),
      onChoose: (point) => this.drop(point),
      onRemove: () => ctx.store.commit({ drops: ctx.store.get().drops.slice(0, -2) }),
    });
    this.plane.look([0, 0], HALF);
    this.plane.cursor = START;
    this.side = createFieldSide(ctx, this.declared);
    const screen = h("div", { class: "beside" }, this.plane.element, this.side.element);
    this.film = createFilm({
      screen,
      label: "Walks from noise to data",
      filename: "score-field.gif",
      framesPerSecond: 12,
      frames: GIF_FRAMES,
      places: () => ["level"],
      onStep,
    });
    const take = button(`Drop ${TAKEN} from N(0, I)`, () => this.take(), {
      title: "What the sampler itself starts from",
    });
    this.clear = button("Clear", () => ctx.store.commit({ drops: [] }));
    this.empty = empty("Click or tap the plane to drop noise.");
    this.chart = new Chart(ctx, { label: "Squared error of the predicted noise by time", height: 130 });
    this.open(this.film.host, {
      below: [h("div", { class: "row" }, take, this.clear), this.empty],
      last: [this.chart.element],
    });
  }

  /** Declared facts of the chosen toy distribution. */
  get facts() {
    const { ctx } = this;
    return ctx.value().toys[ctx.store.get().toy];
  }

  /** Points walk at the first sight of the page; the visitor's own take their place. */
  enter() {
    super.enter();
    const { store } = this.ctx;
    const { drops, mode } = store.get();
    if (this.isMet || mode !== "field") return; // a lesson has points of its own
    this.isMet = true;
    if (drops.length) return;
    this.isExample = true;
    store.set({ drops: this.noise(FIRST) });
  }

  /** Drops a point, or takes away the one that is there already; all start at T. */
  drop([x, y]) {
    const drops = this.isExample ? [] : this.ctx.store.get().drops;
    const { most } = this.ctx.fields.drops;
    this.plane.cursor = [x, y];
    this.isExample = false;
    const there = drops.findIndex((_, i) => i % 2 === 0 && Math.hypot(drops[i] - x, drops[i + 1] - y) < NEAR);
    if (there < 0 && drops.length === 2 * most) {
      return this.ctx.say(`At most ${most} points: take one away first: click or tap it.`);
    }
    this.ctx.store.commit({
      drops: there < 0 ? [...drops, x, y] : drops.filter((_, i) => i >> 1 !== there >> 1),
      level: TIMES,
    });
  }

  take() {
    this.isExample = false;
    this.ctx.store.commit({ drops: this.noise(Math.floor(Math.random() * 2 ** 31)), level: TIMES });
  }

  /** Points of N(0, I), within the plane. */
  noise(seed) {
    const next = gaussians(seed);
    const { reach } = this.ctx.fields.drops;
    const within = (value) => Number(Math.max(-reach, Math.min(reach, value)).toFixed(2));
    return Array.from({ length: 2 * TAKEN }, () => within(next()));
  }

  /** Plays points that were just dropped, once they have walked. */
  play() {
    if (!this.dropped || !this.frames.length) return;
    this.dropped = false;
    const still = this.inside && this.film.index === 0 && !this.film.timer;
    if (still && !this.ctx.prefersReducedMotion()) this.film.toggle();
  }

  update(changed) {
    const { level, drops, paths } = this.ctx.store.get();
    this.controls.update();
    this.clear.disabled = !drops.length;
    this.empty.hidden = drops.length > 0;
    this.field = this.toys.wanted(changed.has("mode"));
    this.walk();
    if (changed.has("drops")) this.dropped = drops.length > 0 && level === TIMES && !this.isExample;
    if (this.dropped && (changed.has("drops") || changed.has("walk"))) this.playSoon();
    this.ways = WAYS[paths];
    this.show();
  }

  /** Has the dropped points walk, where they or what moves them changed. */
  walk() {
    const { drops } = this.ctx.store.get();
    this.walks.want(drops.length ? this.controls.request() : null);
    if (this.walks.isCurrent || !this.frames.length) return;
    this.frames = [];
    this.film.clear();
  }

  walked() {
    const { value, isCurrent } = this.walks;
    if (isCurrent) {
      const [sde, ode] = [value.sde, value.ode].map(floats32);
      const size = sde.length / value.times.length;
      const of = (points, k) => points.subarray(size * k, size * (k + 1));
      this.frames = value.times.map((t, k) => ({ t, sde: of(sde, k), ode: of(ode, k) }));
      this.film.setSteps(this.filmSteps(this));
    }
    this.ctx.refresh("walk");
  }

  filmSteps({ frames }) {
    return {
      length: frames.length,
      show: () => {}, // the plane follows the level, which the film sets
      caption: (at) => `t = ${frames[at].t.toLocaleString("en")}${CAPTIONS[at] ?? CAPTIONS[at - frames.length] ?? ""}.`,
      place: (at) => `t = ${frames[at].t}`,
    };
  }

  /** The frame whose time is nearest to the level; the last one has left the levels behind. */
  get at() {
    const [{ level }, { frames }] = [this.ctx.store.get(), this];
    if (level === 1) return Math.max(0, frames.length - 1);
    const gap = (i) => Math.abs(frames[i].t - level);
    return frames.reduce((best, _, i) => (gap(i) < gap(best) ? i : best), 0);
  }

  scene(at, t) {
    const { frames } = this;
    const { drops } = this.ctx.store.get();
    const ways = frames.length ? this.ways : [];
    return { level: this.field?.at(t) ?? null, frames, at, ways, drops, colours: this.ctx.colours() };
  }

  show() {
    const { field, at, frames } = this;
    const { level: t, drops } = this.ctx.store.get();
    const { facts } = this;
    const level = field?.at(t) ?? null;
    const report = reportOf(this.declared, level, this.plane.cursor);
    const count = drops.length / 2;
    const words = level
      ? sentences(this.declared, { ...report, title: facts.title, count }, "plane", count && "dropped")
      : facts.error ?? "Reading the network…";
    const scene = this.scene(at, t);
    this.plane.show(scene, words);
    this.ctx.show("out", level && this.plane.canvas);
    this.side.show(report, scene);
    this.showError(level);
    const ended = frames.length && at === frames.length - 1;
    const { paths } = this.ctx.store.get();
    this.seen(
      level
        ? [sentences(this.declared, report, "field"), ended && this.walks.value.words[paths]].filter(Boolean).join(" ")
        : "",
    );
    this.ctx.describe(words);
    if (this.film.steps.length && this.film.index !== at) this.film.show(at);
  }

  /** The error of the network level by level, as the card has it, and at the level on screen. */
  showError(level) {
    const { errors } = this.facts;
    this.chart.element.hidden = !level || !errors;
    if (!level || !errors) return;
    const [t, error] = [level.t, level.difference.error].map(Math.log10);
    const within = Math.max(errors.ys[0], error);
    this.chart.show({ ...errors, cursor: t, dot: [t, within], words: `${brief(10 ** error)} at time ${level.t}` });
  }

  get ready() {
    return Boolean(this.field);
  }

  /** The walks where there are some, else the field. */
  table() {
    const { field, frames } = this;
    const { toy, level } = this.ctx.store.get();
    if (!field) return null;
    if (frames.length) return { name: `${toy}-walks`, rows: walkRows(frames) };
    const { points, learned, exact } = field.at(level).arrows;
    const rows = Array.from(
      { length: points.length / 2 },
      (_, i) => [points, learned, exact].flatMap((values) => [values[2 * i], values[2 * i + 1]]),
    );
    return {
      name: `${toy}-field-${level}`,
      rows: [["x", "y", "learned ε x", "learned ε y", "exact ε x", "exact ε y"], ...rows],
    };
  }
}

const walkRows = (frames) => [
  ["t", "point", "SDE x", "SDE y", "ODE x", "ODE y"],
  ...frames.flatMap(({ t, sde, ode }) =>
    Array.from({ length: sde.length / 2 }, (_, i) => [t, i + 1, sde[2 * i], sde[2 * i + 1], ode[2 * i], ode[2 * i + 1]])
  ),
];

export default {
  create: (ctx) => new Field(ctx),
};
