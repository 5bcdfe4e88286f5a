/**
 * The map: one noise turned into images by five families, three ways to begin, and all families with a drawn image or
 * points. A family stands at the branch of its model's capabilities, or at the year of its paper. Under the pointer, it
 * draws again by its own steps.
 */

import { fill, h } from "../kit/base/dom.js";
import { Answered } from "../kit/ask/answered.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { fillPanel } from "../kit/panel/parts.js";
import { createDie } from "../kit/panel/seed.js";
import { drawImage, imageCanvas, PIXELS, SIDE, toBytes } from "../kit/image/pixels.js";
import { Queue } from "../kit/ask/queue.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { SPACES } from "../spaces/spaces.js";
import { OneNoise } from "./noise.js";
import { Opening } from "./opening.js";
import { filled } from "../kit/panel/says.js";
import { marked } from "./says.js";

const SIZE = /^(\d+) /; // of a code, before what it counts
const FRAME_MS = 40;
const SHOWN = 112; // pixels of an image on the map

const VIEW = 2.5; // the plane is shown from −VIEW to VIEW
const DOT = 64; // of 255, for each point in a cell

/** Points as 784 bytes: the more lie in a cell, the lighter it is. */
function cloudOf(points) {
  const cells = new Uint8ClampedArray(PIXELS);
  const place = (value) => Math.floor((SIDE * (1 + value / VIEW)) / 2);
  for (let i = 0; i < points.length; i += 2) {
    const [column, row] = [place(points[i]), place(-points[i + 1])];
    if (Math.min(column, row) >= 0 && Math.max(column, row) < SIDE) cells[SIDE * row + column] += DOT;
  }
  return Uint8Array.from(cells);
}

/**
 * Content of a frame as 784 bytes: all points, or the first image, whose undrawn part stays black.
 * @param {Pick<Frame, "x"> & Partial<Frame>} frame @param {string} space
 */
function shownOf({ x: drawn, pictures, known }, space) {
  if (space === "plane") return cloudOf(drawn);
  const x = pictures?.mean ?? drawn;
  const bytes = x instanceof Uint8Array ? x.slice(0, PIXELS) : toBytes(x.slice(0, PIXELS));
  return known ? bytes.map((value, i) => (known[i] ? value : 0)) : bytes;
}

/** One family on the map: its image, its name, and its authors, or its answer for log p(x) where its branch says another. */
class Leaf {
  constructor(family, { isDated, onPoint, onShow }) {
    this.family = family;
    this.onShow = onShow;
    this.canvas = imageCanvas(`What ${family.title} has drawn`, SHOWN);
    this.at = 0;
    this.timer = 0;
    this.element = h(
      family.tab ? "a" : "div",
      {
        class: `leaf ${family.branch}`,
        href: family.tab && `?tab=${family.tab}`,
        tabindex: family.tab ? null : 0,
        onpointerenter: () => onPoint(this),
        onfocus: () => onPoint(this),
      },
      this.canvas,
      h(
        "span",
        { class: "leaf-words" },
        h("strong", {}, family.title),
        " ",
        isDated
          ? h("span", { class: "under" }, family.origin?.authors)
          : family.also !== null && h("span", { class: "under" }, marked(family, family.also)),
      ),
    );
  }

  /** @param {ArrayLike<number>} bytes */
  show(bytes) {
    drawImage(this.canvas, bytes);
    this.onShow(this);
  }

  /** Plays the frames of a film as they come, to the last. @param {() => Film} film */
  play(film) {
    this.rest();
    this.at = 0;
    this.timer = setInterval(() => {
      const frame = film().frames[this.at];
      if (frame) {
        this.show(shownOf(frame, film().space));
        this.at++;
      } else if (film().done || film().error) this.rest();
    }, FRAME_MS);
  }

  rest() {
    clearInterval(this.timer);
    this.timer = 0;
  }
}

class TheMap extends ByHand {
  constructor(ctx) {
    super(ctx, "map");
    this.leaves = [];
    this.shown = null;
    this.pointed = null;
    this.turn = 0;
    this.images = new Answered(ctx, "ask_leaf", () => this.arrived());
    this.noises = new Answered(ctx, "ask_noise", () => this.noise.draw());
    this.queue = new Queue(ctx, {
      name: "ask_make",
      nameOf: ({ net }) => this.titleOf(net),
      onChange: () => this.roll(),
      onAnother: () => this.leaves.forEach((leaf) => leaf.rest()),
    });
    this.opening = new Opening(ctx);
    this.noise = new OneNoise(ctx, { frameOf: (net, at) => this.frameOf(net, at), onMove: (at) => this.follow(at) });
    this.tree = h("div", { class: "tree", role: "group", "aria-label": "The families by what p(x) is to them" });
    this.about = h("div", { class: "about" });
    this.another = createDie("Draw again", () => this.again(), "Every family draws from another seed");
    const { begin, courses } = ctx.value();
    const links = Object.entries(courses).map(([name, href]) => h("a", { href }, name));
    const ways = h(
      "div",
      { class: "begin off-paper" },
      begin.map(wayIn),
      h("p", { class: "courses" }, "Courses:", links),
    );
    const { point, tap } = this.declared.says;
    const how = matchMedia("(hover: hover)").matches ? point : tap; // whether one can point without opening
    this.above = h("div", { class: "above-map off-paper" }, h("p", {}, how), this.controls.element);
    fill(ctx.main, this.noise.element, ways, this.above, this.tree);
    fillPanel(ctx, h("div", { class: "said" }, this.seen.element, this.queue.element), this.about);
  }

  /** True, as the map is there at once. */
  get ready() {
    return true;
  }

  get families() {
    return this.ctx.columns();
  }

  get seed() {
    return this.ctx.store.get().seed;
  }

  get isDated() {
    return this.ctx.store.get().order === "year";
  }

  titleOf(net) {
    return this.families.find((family) => family.net === net)?.title ?? net;
  }

  again() {
    this.noise.end();
    this.ctx.store.commit({ seed: Math.floor(Math.random() * 2 ** 31) });
  }

  enter() {
    this.ask();
  }

  leave() {
    this.turn++;
    this.noise.stop();
    this.images.want();
    this.noises.want();
    this.queue.want([]);
    for (const leaf of this.leaves) leaf.rest();
  }

  update(changed) {
    const name = this.ctx.net().name;
    if (this.shown !== name || changed.has("order")) {
      this.shown = name;
      this.plant();
    }
    this.controls.update();
    if (changed.has("seed") || changed.has("data")) this.ask();
    this.tell();
  }

  /** Lays the families out, in the order of the models. */
  plant() {
    this.queue.want([]);
    this.pointed = null;
    const { isDated } = this;
    const on = { isDated, onPoint: (leaf) => this.point(leaf), onShow: (leaf) => this.handOver(leaf) };
    this.leaves = this.families.map((family) => new Leaf(family, on));
    const first = this.noise.take(this.turning) ? this.noise.controls : this.above;
    first.append(this.another);
    this.tree.classList.toggle("dated", isDated);
    fill(this.tree, isDated ? this.years() : this.branches());
    for (const leaf of this.leaves) leaf.show(this.drawnBy(leaf) ?? new Uint8Array(PIXELS));
    this.arrived();
  }

  /** The branches that Python names: tractable, approximate, unnormalised and implicit. */
  branches() {
    const { branches, elsewhere: others } = this.ctx.value();
    return branches.map(({ id, title, words, ...answer }) => {
      const here = this.leaves.filter(({ family }) => family.branch === id);
      const none = h("p", { class: "quiet" }, this.declared.says.none);
      return h(
        "section",
        { class: `branch ${id}`, "aria-label": `${title}: ${words}`, style: columnsOf(here.length) },
        h("h2", {}, h("span", {}, title), h("span", { class: "under" }, marked(answer, words))),
        here.length ? leavesOf(here) : none,
        id === "tractable" && h("p", { class: "others" }, "Other data:", others.map(elsewhere)),
      );
    });
  }

  years() {
    const yearOf = ({ family }) => family.origin?.year ?? "installed";
    const years = [...new Set(this.leaves.map(yearOf))].sort();
    return years.map((year) => {
      const here = this.leaves.filter((leaf) => yearOf(leaf) === year);
      return h("section", { class: "year", "aria-label": String(year) }, h("h2", {}, year), leavesOf(here));
    });
  }

  /** Families that begin with the same noise, one of each tab, those that use most of its numbers first. */
  get turning() {
    const alike = this.families.filter(({ error, noise }) => !error && noise);
    const isFirst = ({ tab }, k) => alike.findIndex((other) => other.tab === tab) === k;
    return alike.filter(isFirst).sort((a, b) => b.noise - a.noise);
  }

  /** Asks every family for its drawings; recorded ones are not asked for, and play until they are touched. */
  async ask() {
    const { seed } = this;
    const turn = ++this.turn;
    this.noise.stop();
    const film = await this.opening.read(this.ctx.net().name);
    if (turn !== this.turn) return; // it was left meanwhile, or something else is asked
    const asked = this.families.filter(({ error, can, net }) =>
      !error && can.sample && !this.recorded(net, this.noise.last)
    );
    this.images.want(...asked.map(({ net }) => ({ net, seed })));
    if (film?.seed === seed) this.noise.begin();
    else {
      if (this.turning.length) this.noises.want({ seed });
      this.noise.rest();
    }
    this.askFilms();
    this.arrived();
  }

  filmed(net) {
    return { net, seed: this.seed, label: null };
  }

  /** Asks for the film of the family that is pointed at, then for those of one noise that are not recorded. */
  askFilms() {
    const pointed = this.pointed && this.filmed(this.pointed.family.net);
    const others = this.turning.filter(({ net }) => !this.recorded(net, 0)).map(({ net }) => this.filmed(net));
    this.queue.want(pointed ? [pointed, ...others] : others);
  }

  recorded(net, at) {
    return this.opening.frame(net, at, this.ctx.net().name, this.seed);
  }

  /** Frame of a family at the clock, as 784 bytes, from the seed's noise; null while there is nothing. */
  frameOf(net, at) {
    const recorded = this.recorded(net, at);
    if (recorded) return recorded;
    const noise = at === 0 && this.noises.to({ seed: this.seed });
    if (noise) return fromBase64(noise.x).fill(0, this.families.find((family) => family.net === net).noise);
    const film = this.queue.filmOf(this.filmed(net));
    const step = film && Math.round(((at - 1) / (this.noise.last - 1)) * (film.total - 1));
    return film && shownOf(film.frames[step] ?? film.frames.at(-1), film.space);
  }

  arrived() {
    for (const leaf of this.leaves) {
      const bytes = this.drawnBy(leaf);
      const plays = leaf.timer || this.noise.timer && this.recorded(leaf.family.net, 0);
      if (bytes && !plays) leaf.show(bytes);
      leaf.element.classList.toggle("waits", !bytes && !leaf.timer);
    }
    this.tell();
  }

  /** Drawing of a family from the seed, recorded or asked for; null while there is nothing. */
  drawnBy({ family }) {
    const found = this.images.to({ net: family.net, seed: this.seed });
    if (found) return shownOf({ x: SPACES[found.space].read(fromBase64(found.x)) }, found.space);
    return this.recorded(family.net, this.noise.last);
  }

  /** Every family of the map that is recorded follows the clock. */
  follow(at) {
    for (const leaf of this.leaves) {
      const bytes = !leaf.timer && this.recorded(leaf.family.net, at);
      if (bytes) leaf.show(bytes);
    }
  }

  /** A family is pointed at: it draws again, and its facts stand beside. */
  point(leaf) {
    if (this.pointed === leaf && leaf.timer) return;
    this.noise.end();
    this.pointed = leaf;
    this.arrived();
    this.ctx.store.commit({ leaf: leaf.family.family });
    if (leaf.family.error || !leaf.family.can.sample) return;
    for (const other of this.leaves) other.rest();
    this.askFilms();
    this.roll();
  }

  /** Drawing of the family that is pointed at, or else of the first, for the picture of the mechanism. */
  handOver(leaf) {
    if (leaf === (this.pointed ?? this.leaves[0])) this.ctx.show("out", leaf.canvas);
  }

  /** Plays what there is of the film of the family that is pointed at. */
  roll() {
    this.noise.draw();
    const leaf = this.pointed;
    const film = leaf && this.queue.filmOf(this.filmed(leaf.family.net));
    if (!film || this.ctx.prefersReducedMotion()) return;
    if (leaf.played !== film.id) {
      leaf.played = film.id;
      leaf.play(() => film);
    }
  }

  table() {
    const head = [
      "network",
      "branch",
      "log p(x)",
      "evaluations",
      "milliseconds",
      "code",
      "parameters",
      "size of the code",
    ];
    const rows = this.families.map((family) => [
      family.net,
      family.branch,
      family.kind,
      family.passes,
      family.cost?.milliseconds,
      family.code.replace(SIZE, ""),
      family.parameters,
      family.code.match(SIZE)?.[1],
    ]);
    return { name: `families-${this.ctx.net().name}`, rows: [head, ...rows] };
  }

  tell() {
    const { leaf } = this.ctx.store.get();
    const family = this.families.find((each) => each.family === leaf);
    fill(this.about, family && about(family));
    const drawn = this.leaves.filter((leaf) => this.drawnBy(leaf)).length;
    const words = this.ctx.net().says[this.isDated ? "years" : "map"];
    this.seen(drawn ? filled(words, { drawn, seed: this.seed }) : "");
  }
}

/** The columns of a branch in two rows and, where the window is high, in three. */
const columnsOf = (count) => `--leaves-low: ${Math.ceil(count / 2) || 1}; --leaves-high: ${Math.ceil(count / 3) || 1}`;

/** The pictures of a branch or of a year. */
const leavesOf = (leaves) => h("div", { class: "leaves" }, leaves.map(({ element }) => element));

/** One of the ways in. */
const wayIn = ([title, words, href]) => h("a", { class: "way-in", href }, h("strong", {}, title), h("span", {}, words));

/** A tab of networks with an exact p(x) of texts or sounds. */
const elsewhere = ({ title, tab, words }) =>
  h(
    "a",
    { class: "elsewhere", href: `?tab=${tab}`, title: words },
    h("strong", {}, title),
  );

const paperOf = ({ authors, year, paper }) =>
  h("a", { href: paper, target: "_blank", rel: "noopener" }, `${authors} ${year}`);

/** Facts of a family, in words. */
const about = ({ error, title, origin, about: lines }) => [
  !error && h("h2", {}, title, " ", origin && paperOf(origin)),
  ...lines.map((line) => h("p", {}, line)),
];

export default {
  create: (ctx) => new TheMap(ctx),
};
