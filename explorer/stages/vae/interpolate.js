/** From one image to another, through the plane: the same pair at this β and at β = 0. */
import { Chart } from "../kit/chart/chart.js";
import { createFilm } from "../kit/film/player.js";
import { Strip } from "../kit/film/strip.js";
import { button, fill, h, lettering, say, select, setName, setText } from "../kit/base/dom.js";
import { createMore } from "../kit/panel/more.js";
import { empty, fillPanel, withArticle } from "../kit/panel/parts.js";
import { paintCursor } from "../kit/image/paint.js";
import { codeImage, contextOf, drawImage, imageCanvas, toBytes } from "../kit/image/pixels.js";
import { codesAt, Path, typical } from "./codes.js";
import { betaName } from "./card.js";
import { OnMap } from "./on_map.js";
import { paintDot, paintImage } from "./paint.js";

const FRAMES = 25;
const EVERY = 4; // frames from one image of a row to the next
const STOPS = Array.from({ length: 7 }, (_, k) => EVERY * k);
const SIDE = 62;
const PAIR = 104;
const APART = 16;
const ENDS = ["a", "b"];
const CLASSES = { a: 3, b: 8 };
const RECOMPUTE = ["a", "b", "path", "beta", "data", "assets", "mode"];

/** Two images side by side, each with its name below. */
function drawPair(canvas, images, names, colour) {
  const [width, height] = [2 * PAIR + APART, PAIR + 20];
  const context = contextOf(canvas, width, height);
  canvas.style.width = `${width}px`;
  context.clearRect(0, 0, width, height);
  Object.assign(context, { fillStyle: colour, font: lettering(13), textAlign: "center" });
  images.forEach((image, k) => {
    const left = k * (PAIR + APART);
    paintImage(context, image, left, 0, PAIR);
    context.fillText(say(names[k]), left + PAIR / 2, PAIR + 15);
  });
}

class Interpolate extends OnMap {
  constructor(ctx) {
    super(ctx, "interpolate");
    this.next = "a";
    this.ways = null;
    this.starting = false;
    this.build();
  }

  build() {
    this.ends = Object.fromEntries(ENDS.map((end) => [end, this.buildEnd(end)]));
    this.screen = h("div", { class: "interpolate-film shown" });
    this.rows = [0, 1].map(() => this.row());
    this.near = new Chart(this.ctx, {
      label: "Codes near the path",
      height: 98,
      onMove: (t, { rest }) => this.ctx.store.set({ frame: Math.round(t * (FRAMES - 1)) }, { commit: rest }),
    });
    this.example = button("from one image to another", () => this.start());
    this.empty = empty("Click or tap two points on the map, or go ", this.example, ".");
    const pickers = h("div", { class: "ends shown" }, ENDS.map((end) => this.ends[end].element));
    const show = (isOpen) => {
      pickers.classList.toggle("wide", isOpen);
      for (const end of ENDS) this.ends[end].rare.hidden = !isOpen;
    };
    pickers.append(createMore("controls", ["More controls", "Fewer controls"], show));
    this.full = h(
      "div",
      { class: "mode-body" },
      this.screen,
      this.rows.map(({ element }) => element),
      this.near.element,
    );
    this.full.hidden = true;
    fillPanel(this.ctx, this.numbers, pickers, this.empty, this.full, this.seen.element);
  }

  /** Codes near the emptiest point of each way. */
  get leads() {
    return this.ways.map((way) => ({ name: betaName(way.beta), near: way.counts[way.emptiest] }));
  }

  row() {
    const [title, strip] = [h("h2"), new Strip("", STOPS.length, SIDE)];
    strip.canvas.addEventListener("click", (event) => this.ctx.store.commit({ frame: STOPS[strip.placeAt(event)] }));
    return { title, strip, element: h("div", {}, title, strip.element) };
  }

  buildEnd(end) {
    const name = end.toUpperCase();
    const image = imageCanvas(`Image ${name}`, 56);
    const pick = h("button", { type: "button", class: "end-image", onclick: () => this.aim(end) }, image);
    setName(pick, `Choose ${name} on the map`);
    const classes = select(name, [], "", (label) => this.choose(end, Number(label)));
    const other = button("another", () => this.another(end), { title: `Another image of this class as ${name}` });
    const rare = h("div", {}, classes, other);
    return {
      element: h("div", { class: "end" }, pick, rare),
      rare,
      image,
      pick,
      classes: classes.input,
    };
  }

  enter() {
    this.ctx.images(this.ctx.net().dataset);
  }

  /** A choice that a visitor made: kept in the address. */
  aim(end) {
    this.next = end;
    this.showEnds();
    this.ctx.say(this.words({ end: end.toUpperCase() }, "aim"));
  }

  start(options = { commit: true }) {
    if (!this.ctx.model.ready) return;
    const [a, b] = ENDS.map((end) => this.byClass(CLASSES[end])[0]);
    this.ctx.store.set({ a, b, frame: 0 }, options);
  }

  /** The first visit finds a way in motion; what the address brought is left alone. */
  startWithExample() {
    const { a, b } = this.ctx.store.get();
    if (a !== null || b !== null) return;
    this.start({ commit: false });
    this.starting = !this.ctx.prefersReducedMotion();
  }

  byClass(label) {
    const { assets, store } = this.ctx;
    return typical(codesAt(this.ctx, store.get().beta), assets.labels, label);
  }

  choose(end, label) {
    this.ctx.store.commit({ [end]: this.byClass(label)[0] });
  }

  another(end) {
    const { assets, store } = this.ctx;
    if (!this.ctx.model.ready) return;
    const now = store.get()[end];
    const members = this.byClass(now === null ? CLASSES[end] : assets.labels[now]);
    this.ctx.store.commit({ [end]: members[(members.indexOf(now) + 1) % members.length] });
  }

  pointer({ type, nearest }) {
    if (type !== "tap" || nearest < 0) return false;
    const end = this.next;
    this.next = end === "a" ? "b" : "a";
    this.ctx.store.commit({ [end]: nearest, frame: 0 });
    return true;
  }

  /** Enter chooses the image whose code is nearest to the cursor. */
  mapKey({ key }) {
    if (key !== "Enter" || !this.ctx.model.ready) return false;
    return this.pointer({ type: "tap", nearest: this.ctx.map.nearest(this.ctx.store.get().z) });
  }

  update(changed) {
    const { assets, store } = this.ctx;
    if (changed.has("data")) this.ways = null;
    if (!this.ctx.model.ready) return;
    if (changed.has("mode") || changed.has("assets")) this.startWithExample();
    const { a, b, frame } = store.get();
    if (changed.has("data")) this.ctx.images(this.ctx.net().dataset);
    const chosen = a !== null && b !== null;
    this.empty.hidden = chosen;
    for (const element of [this.full, this.numbers, this.seen.element]) element.hidden = !chosen;
    this.controls.update();
    const [from, to] = ENDS.map((end) => withArticle(assets.classes[CLASSES[end]]));
    setText(this.example, `from ${from} to ${to}`);
    if (RECOMPUTE.some((key) => changed.has(key))) this.recompute(chosen);
    else if (chosen && changed.has("frame")) this.film.show(frame);
    if (chosen) this.showFrame(frame);
    this.ctx.show("code", chosen ? codeImage(this.ways[0].points[frame]) : null);
    this.ctx.show("out", chosen ? this.ways[0].image(frame) : null);
  }

  recompute(chosen) {
    const { a, b, path, beta, data, frame } = this.ctx.store.get();
    const way = [a, b, path, beta, data].join(" ");
    const plays = this.starting || (way === this.way && Boolean(this.film?.timer));
    this.showEnds();
    this.ways = null;
    this.way = way;
    if (!chosen) return;
    this.ways = [beta, beta === 0 ? 1 : 0].map((value) =>
      new Path(this.ctx, { beta: value, a, b, path, frames: FRAMES })
    );
    this.film ??= this.createFilm();
    this.film.index = frame;
    this.film.setSteps(this.steps());
    if (plays) this.film.toggle();
    this.starting = false;
    this.rows.forEach(({ title, strip }, k) => {
      const { beta } = this.ways[k];
      const images = STOPS.flatMap((stop) => [...toBytes(this.ways[k].image(stop))]);
      setText(title, betaName(beta));
      strip.label = `From A to B at ${betaName(beta)}`;
      strip.show(Uint8Array.from(images), "seven images");
    });
    this.describe();
    this.ctx.refresh("overlay");
  }

  /** Marks a frame in both rows and in the chart of the codes near. */
  showFrame(frame) {
    const at = (i) => i / (FRAMES - 1);
    for (const { strip } of this.rows) strip.mark(Math.round(frame / EVERY));
    this.near.show({
      xs: [0, 1],
      ys: [0, Math.max(1, ...this.ways.flatMap(({ counts }) => counts))],
      ticks: { x: [0, 1] },
      names: { x: ["A", "B"] },
      name: "Codes near the path",
      lines: this.ways.map(({ beta, counts }, k) => ({
        points: counts.map((count, i) => [at(i), count]),
        colour: k ? "quiet" : "you",
        label: betaName(beta),
        at: 18,
        below: counts[18] < this.ways[1 - k].counts[18],
      })),
      cursor: at(frame),
      words: this.ways.map(({ beta, counts }) => `${counts[frame]} at ${betaName(beta)}`).join(", "),
    });
  }

  createFilm() {
    const onStep = (frame, { rest }) => this.ctx.store.set({ frame }, { commit: rest });
    const film = createFilm({
      host: this.screen,
      places: () => ["frame"],
      onStep,
      label: "Interpolation",
      filename: "interpolation.gif",
    });
    film.root.append(this.controls.element);
    return film;
  }

  steps() {
    const { ways, ctx } = this;
    const names = ways.map((way) => betaName(way.beta));
    return {
      length: FRAMES,
      draw: (canvas, i) => drawPair(canvas, ways.map((way) => way.image(i)), names, ctx.map.colours.ink),
      caption: (i) => this.words({ t: i / (FRAMES - 1), z: ways[0].points[i] }, "caption"),
    };
  }

  showEnds() {
    const { assets, store } = this.ctx;
    if (!this.ctx.model.ready) return;
    for (const end of ENDS) {
      const { image, pick, classes } = this.ends[end];
      const index = store.get()[end];
      const names = assets.classes.map((name, label) => h("option", { value: label }, withArticle(name)));
      fill(classes, h("option", { value: "", disabled: true }, "choose…"), names);
      classes.value = index === null ? "" : String(assets.labels[index]);
      pick.setAttribute("aria-pressed", String(this.next === end));
      const pixels = index !== null && assets.sprite(index);
      image.style.visibility = pixels ? "visible" : "hidden";
      if (pixels) drawImage(image, pixels);
      if (end === "a") this.ctx.show("x", pixels || null);
    }
  }

  describe() {
    const [here, other] = this.leads;
    this.numbers.set(this.leads.flatMap((each) => this.figures(each)));
    this.seen(this.words({ here, other }, "fewest"));
  }

  hasResult(what) {
    return what === "table" ? Boolean(this.ways) : super.hasResult(what);
  }

  table() {
    const { ways } = this;
    if (!ways) return null;
    const head = ways.flatMap(({ beta }) => ["z1", "z2", "codes near"].map((name) => `${name} at beta ${beta}`));
    const rows = Array.from(
      { length: FRAMES },
      (_, i) => [i / (FRAMES - 1), ...ways.flatMap((way) => [...way.points[i], way.counts[i]])],
    );
    return { name: "interpolation", rows: [["t", ...head], ...rows] };
  }

  draw(layer) {
    const { ctx2d, toScreen, colours: { ink, you, ground } } = layer;
    if (document.activeElement === ctx2d.canvas) paintCursor(ctx2d, toScreen(this.ctx.store.get().z), ink);
    if (!this.ways) return;
    const [way] = this.ways;
    const places = way.points.map(toScreen);
    ctx2d.beginPath();
    places.forEach(([x, y]) => ctx2d.lineTo(x, y));
    Object.assign(ctx2d, { strokeStyle: you, lineWidth: 2 });
    ctx2d.stroke();
    for (const place of places) paintDot(ctx2d, place, 2.5, { fill: you });
    paintDot(ctx2d, places[this.ctx.store.get().frame] ?? places[0], 7, { fill: you, stroke: ground });
    ctx2d.font = lettering(15, 700);
    for (const [name, [x, y]] of [["A", places[0]], ["B", places.at(-1)]]) {
      Object.assign(ctx2d, { strokeStyle: ground, lineWidth: 4, fillStyle: you });
      ctx2d.strokeText(name, x + 9, y - 9);
      ctx2d.fillText(say(name), x + 9, y - 9);
    }
  }
}

export default {
  create: (ctx) => new Interpolate(ctx),
};
