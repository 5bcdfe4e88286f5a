/**
 * The map: each family at the branch where its model's own capabilities put it, or at the year of its paper, with what
 * it has drawn, an image or points; pointed at, it draws that again by its own steps.
 */

import { button, fill, h } from "../kit/base/dom.js";
import { OneByOne } from "../kit/ask/one_by_one.js";
import { createSeen, fillPanel } from "../kit/panel/parts.js";
import { drawImage, imageCanvas, PIXELS, SIDE, toBytes } from "../kit/image/pixels.js";
import { Queue } from "../kit/ask/queue.js";
import { photo } from "../kit/export/photo.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { SPACES } from "../spaces/spaces.js";
import { Opening } from "./opening.js";
import { filled } from "../kit/panel/says.js";
import { BRANCHES, canPoint, kindOf, marked } from "./says.js";

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

/** Content of a frame, as 784 bytes: all points, or the first image, of which what is not drawn yet stays black. */
function shownOf({ x: drawn, pictures, known }, space) {
  if (space === "plane") return cloudOf(drawn);
  const x = pictures?.mean ?? drawn;
  const bytes = x instanceof Uint8Array ? x.slice(0, PIXELS) : toBytes(x.slice(0, PIXELS));
  return known ? bytes.map((value, i) => (known[i] ? value : 0)) : bytes;
}

/** One family on the map: its image, its name, and its authors, or its answer for log p(x) where its branch says another. */
class Leaf {
  constructor(family, { also, isDated, onPoint, onShow }) {
    Object.assign(this, { family, onShow });
    this.canvas = imageCanvas(`What ${family.title} has drawn`, SHOWN);
    this.at = 0;
    this.timer = 0;
    const kind = kindOf(family);
    const isOther = BRANCHES.find(({ id }) => id === family.branch).kind !== kind;
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
          ? h("span", { class: "under" }, family.origin.authors)
          : isOther && h("span", { class: "under" }, marked(kind, also[kind])),
      ),
    );
  }

  show(bytes) {
    drawImage(this.canvas, bytes);
    this.onShow(this);
  }

  /** Plays the frames of a film as they come, to the last. */
  play(film) {
    if (this.timer) return;
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

class TheMap {
  constructor(ctx) {
    Object.assign(this, { ctx, leaves: [], shown: null, pointed: null });
    this.images = new OneByOne(ctx, "ask_leaf", () => this.arrived());
    this.queue = new Queue(ctx, {
      name: "ask_make",
      nameOf: ({ net }) => this.titleOf(net),
      onChange: () => this.roll(),
      onAnother: () => this.leaves.forEach((leaf) => leaf.rest()),
    });
    this.opening = new Opening(ctx, (at) => this.loop(at));
    this.tree = h("div", { class: "tree", role: "group", "aria-label": "The families by what p(x) is to them" });
    this.about = h("div", { class: "about" });
    this.seen = createSeen();
    const turn = () => ctx.store.commit({ order: this.isDated ? "kind" : "year" });
    this.order = button("By year", turn, { title: "Order the families by the year of their papers", pressed: false });
    const again = button("Draw again", () => this.again(), { title: "Every family draws from another seed" });
    const said = h("div", { class: "said" }, this.seen.element, this.queue.element, this.order, again);
    fill(ctx.main, this.tree);
    fillPanel(ctx, said, h("div", { class: "begin" }, ctx.value().begin.map(entry)), this.about);
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
    this.opening.end();
    this.ctx.store.commit({ seed: Math.floor(Math.random() * 2 ** 31) });
  }

  enter() {
    this.ask();
  }

  leave() {
    this.opening.stop();
    this.images.want([]);
    this.queue.want([]);
    for (const leaf of this.leaves) leaf.rest();
  }

  update(changed) {
    const name = this.ctx.net().name;
    if (this.shown !== name || changed.has("order")) {
      this.shown = name;
      this.plant();
    }
    this.order.setAttribute("aria-pressed", String(this.isDated));
    if (changed.has("seed") || changed.has("data")) this.ask();
    this.tell();
  }

  /** Lays the families out, in the order of the models. */
  plant() {
    this.queue.want([]);
    this.pointed = null;
    const { also, elsewhere: others } = this.ctx.value();
    const { isDated } = this;
    const on = { also, isDated, onPoint: (leaf) => this.point(leaf), onShow: (leaf) => this.handOver(leaf) };
    this.leaves = this.families.map((family) => new Leaf(family, on));
    this.tree.classList.toggle("dated", isDated);
    fill(this.tree, isDated ? this.years() : this.branches(others));
    for (const leaf of this.leaves) leaf.show(this.drawnBy(leaf) ?? new Uint8Array(PIXELS));
    this.arrived();
  }

  branches(others) {
    return BRANCHES.map(({ id, kind, title, words }) => {
      const here = this.leaves.filter(({ family }) => family.branch === id);
      const none = h("p", { class: "quiet" }, "None was trained on these data.");
      return h(
        "section",
        { class: `branch ${id}`, "aria-label": `${title}: ${words}`, style: columnsOf(here.length) },
        h("h2", {}, h("span", {}, title), h("span", { class: "under" }, marked(kind, words))),
        here.length ? leavesOf(here) : none,
        id === "tractable" && h("p", { class: "others" }, "Other data:", others.map(elsewhere)),
      );
    });
  }

  years() {
    const yearOf = ({ family }) => family.origin.year;
    const years = [...new Set(this.leaves.map(yearOf))].sort();
    return years.map((year) => {
      const here = this.leaves.filter((leaf) => yearOf(leaf) === year);
      return h("section", { class: "year", "aria-label": String(year) }, h("h2", {}, year), leavesOf(here));
    });
  }

  /** Asks every family for its drawings; recorded ones are not asked for, and play until they are touched. */
  async ask() {
    const { seed } = this;
    this.opening.stop();
    if (await this.opening.plays(this.ctx.net().name, seed)) return this.arrived();
    this.images.want(this.families.filter(({ error, can }) => !error && can.sample).map(({ net }) => ({ net, seed })));
    this.queue.want([]);
    this.arrived();
  }

  arrived() {
    for (const leaf of this.leaves) {
      const bytes = this.drawnBy(leaf);
      if (bytes && !leaf.timer && !this.opening.timer) leaf.show(bytes);
      leaf.element.classList.toggle("waits", !bytes && !leaf.timer);
    }
    this.tell();
  }

  /** Drawing of a family from the seed, recorded or asked for; null while there is nothing. */
  drawnBy({ family }) {
    const found = this.images.of({ net: family.net, seed: this.seed });
    if (found) return shownOf({ x: SPACES[found.space].read(fromBase64(found.x)) }, found.space);
    return this.opening.last(family.net, this.ctx.net().name, this.seed);
  }

  /** The opening shows a frame of every family. */
  loop(at) {
    for (const leaf of this.leaves) {
      const bytes = this.opening.frame(leaf.family.net, at);
      if (bytes) leaf.show(bytes);
    }
  }

  /** A family is pointed at: it draws again, and its facts stand beside. */
  point(leaf) {
    if (this.pointed === leaf && leaf.timer) return;
    this.opening.end();
    this.pointed = leaf;
    this.arrived();
    this.ctx.store.commit({ leaf: leaf.family.family });
    if (leaf.family.error || !leaf.family.can.sample) return;
    const request = { net: leaf.family.net, seed: this.seed, label: null };
    for (const other of this.leaves) other.rest();
    this.queue.want([request]);
    this.roll();
  }

  /** Drawing of the family that is pointed at, or else of the first, for the picture of the mechanism. */
  handOver(leaf) {
    if (leaf === (this.pointed ?? this.leaves[0])) this.ctx.show("out", leaf.canvas);
  }

  /** Plays what there is of the film that was asked for. */
  roll() {
    const [request] = this.queue.wanted;
    const film = request && this.queue.filmOf(request);
    const leaf = this.pointed;
    if (!film || !leaf || this.ctx.prefersReducedMotion()) return;
    if (leaf.family.net === request.net && leaf.played !== film.id) {
      leaf.played = film.id;
      leaf.play(() => film);
    }
  }

  picture() {
    return photo(this.tree);
  }

  table() {
    const head = ["network", "branch", "log p(x)", "evaluations", "milliseconds", "code", "parameters"];
    const rows = this.families.map((family) => [
      family.net,
      family.branch,
      kindOf(family),
      family.passes,
      family.cost?.milliseconds,
      family.code,
      family.parameters,
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
const columnsOf = (count) => `--leaves: ${Math.ceil(count / 2)}; --leaves-high: ${Math.ceil(count / 3)}`;

/** The pictures of a branch or of a year. */
const leavesOf = (leaves) => h("div", { class: "leaves" }, leaves.map(({ element }) => element));

/** One of the ways in: a link, or a card that opens for several. */
const entry = ([title, words, to]) => {
  const shown = [h("strong", {}, title), h("span", {}, words)];
  if (typeof to === "string") return h("a", { class: "way-in", href: to }, shown);
  const links = Object.entries(to).map(([name, href]) => h("a", { href }, name));
  return h("details", { class: "way-in" }, h("summary", {}, shown), links);
};

/** A tab of networks with an exact p(x) of texts or sounds. */
const elsewhere = ({ title, tab, words }) =>
  h(
    "a",
    { class: "elsewhere", href: `?tab=${tab}`, title: words },
    h("strong", {}, title),
  );

/** Facts of a family, in words. */
const about = ({ error, title, origin: { authors, year, paper }, about: lines }) => [
  !error && h("h2", {}, title, " ", h("a", { href: paper, target: "_blank", rel: "noopener" }, `${authors} ${year}`)),
  ...lines.map((line) => h("p", {}, line)),
];

export default {
  hint: () => canPoint() ? "Point at a family and it draws; tap it to open its tab" : "Tap a family to open its tab",
  create: (ctx) => new TheMap(ctx),
};
