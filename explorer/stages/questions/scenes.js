/**
 * Scenes as the questions draw them: four tiles with what is read in them, a test scene or two prompts to choose, and a
 * rectangle to hide.
 */

import { button, fill, h, isBrowsers, numberBox, setName, setText } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { signal, untracked } from "../kit/base/vendor/signals-core.js";
import { captioned } from "../kit/panel/parts.js";
import { fromBase64, packBits } from "../kit/plane/tensors.js";
import { COLOUR_SIDE, drawScene, sceneOf } from "../spaces/colour.js";

const SCENE_PIXELS = COLOUR_SIDE * COLOUR_SIDE;
const SCENE_VALUES = 3 * SCENE_PIXELS;
const SCENE_CELLS = 12; // codes on a side of a scene
const CELL_PIXELS = COLOUR_SIDE / SCENE_CELLS;
const HOLE_SCALE = 8; // of the scene in which a part is hidden
const VEIL = "rgb(20 20 24 / 0.82)";
const BETWEEN = "between"; // the mode whose ends are words
const HOLE_MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @typedef {{x: Uint8Array, words: string}} TestScene */

/** What is known of the scenes that were asked for, by what was asked. @type {WeakMap<object, {news: any, known: Map<string, TestScene | null>}>} */
const asked = new WeakMap();

/**
 * A scene with its words; null until the server has drawn it.
 * @param {Ctx} ctx @param {Record<string, any>} picture @returns {TestScene | null}
 */
function sceneAt(ctx, picture) {
  if (!asked.has(ctx.root)) asked.set(ctx.root, { news: signal(0), known: new Map() });
  const { news, known } = asked.get(ctx.root);
  void news.value;
  const key = JSON.stringify(picture);
  if (!known.has(key)) {
    known.set(key, null);
    untracked(() => read(ctx, picture, key));
  }
  return known.get(key);
}

/** @param {Ctx} ctx @param {Record<string, any>} picture @param {string} key */
async function read(ctx, picture, key) {
  const { news, known } = asked.get(ctx.root);
  const answer = await ctx.ask("test_scene", { picture }, { own: key });
  if (!answer) return void known.delete(key);
  known.set(key, { x: fromBase64(answer.x), words: answer.words });
  news.value++;
}

const tileCanvas = () => h("canvas", { width: COLOUR_SIDE, height: COLOUR_SIDE, class: "crisp tile" });

/** The scenes of one network as tiles, each with a line of words below. */
class SceneTiles {
  /** @param {string} name @param {{count: number}} options */
  constructor(name, { count }) {
    this.name = name;
    /** @type {HTMLCanvasElement | null} */
    this.drawn = null;
    this.tiles = Array.from({ length: count }, () => {
      const canvas = tileCanvas();
      const link = h("span", { class: "tile-link", role: "img" }, canvas);
      return { canvas, link };
    });
    this.reading = h("ul", { class: "readings", hidden: true });
    this.element = h("div", { class: `tiles${count > 4 ? " path" : ""}` }, this.tiles.map(({ link }) => link));
    this.element.style.setProperty("--count", count);
    this.legend = { element: this.reading };
  }

  /** @param {Uint8Array | null} x @param {unknown} _ @param {string} words */
  show(x, _, words) {
    this.drawn = x && this.tiles[0].canvas;
    const count = x ? x.length / SCENE_VALUES : this.tiles.length;
    this.tiles.forEach(({ canvas, link }, k) => {
      link.hidden = k >= count;
      if (x && k < count) drawScene(canvas, sceneOf(x, k));
      else canvas.getContext("2d").clearRect(0, 0, COLOUR_SIDE, COLOUR_SIDE);
      setName(link, `${this.name}, scene ${k + 1}: ${words}`);
    });
  }

  lead() {}

  /** What is read in each scene; null of none. @param {{words: string, wrong: string[] | null}[] | null} readings */
  read(readings) {
    this.reading.hidden = !readings;
    fill(
      this.reading,
      (readings ?? []).map(({ words, wrong }) => {
        const isWrong = Boolean(wrong?.length);
        const told = wrong === null ? words : isWrong ? `✗ ${words}` : "✓ as asked";
        return h(
          "li",
          { class: isWrong ? "misread" : "", title: isWrong ? `Differs: ${wrong.join(", ")}` : words },
          told,
        );
      }),
    );
  }
}

/** The choice of a test scene by its number; a mode whose ends are words has nothing to choose. */
class SceneChooser {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    this.kind = "test";
    const choose = (/** @type {number} */ img) => ctx.store.commit({ img });
    this.canvas = h("canvas", {
      class: "crisp image scene-chosen",
      width: COLOUR_SIDE,
      height: COLOUR_SIDE,
      role: "img",
    });
    this.number = numberBox("Test scene", { field: ctx.fields.img, onchange: choose });
    this.words = h("p", { class: "note", translate: "no" });
    const any = button("any", () => choose(Math.floor(Math.random() * (ctx.fields.img.high + 1))));
    const side = h("div", { class: "source-side" }, h("div", { class: "row" }, this.number, any), this.words);
    this.element = h("div", { class: "source" }, this.canvas, side);
  }

  update() {
    const { mode, img } = this.ctx.store.get();
    this.element.hidden = mode === BETWEEN;
    if (mode === BETWEEN || img === null) return;
    const scene = sceneAt(this.ctx, scenes.picked(this.ctx));
    this.number.set(img);
    setText(this.words, scene ? `“${scene.words}”` : "");
    setName(this.canvas, "The test scene", scene?.words ?? "");
    if (!scene) return;
    drawScene(this.canvas, scene.x);
    this.ctx.show("x", this.canvas);
  }
}

/** The two ends of a path as the data set draws their words; the controls of the panel choose them. */
class SceneEnds {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    this.canvases = [tileCanvas(), tileCanvas()];
    const names = ["scene of the first prompt", "scene of the second"];
    this.element = h("div", { class: "scene-ends" }, this.canvases.map((each, k) => captioned(each, names[k])));
  }

  start() {}

  get picked() {
    const { prompt2, seed2 } = this.ctx.store.get();
    return { words: prompt2, seed: seed2 };
  }

  fed() {
    return sceneAt(this.ctx, this.picked)?.x ?? null;
  }

  update() {
    const ends = [scenes.picked(this.ctx), this.picked].map((each) => sceneAt(this.ctx, each));
    ends.forEach((scene, k) => scene && drawScene(this.canvases[k], scene.x));
    this.element.hidden = ends.includes(null);
  }
}

/** The rectangle of codes that is hidden, as the store's `hole` says. */
class Hole {
  /** @param {Ctx} ctx @param {(ended: boolean) => void} onKeep */
  constructor(ctx, onKeep) {
    this.ctx = ctx;
    this.onKeep = onKeep;
    const size = HOLE_SCALE * COLOUR_SIDE;
    const help = "Drag over the part to hide, or move it by the arrow keys, with Shift its corner.";
    this.small = h("canvas", { width: COLOUR_SIDE, height: COLOUR_SIDE });
    this.canvas = h("canvas", {
      ...{ class: "scene-hole", role: "application", tabindex: 0, title: help, width: size, height: size },
    });
    this.beside = h("figure", { class: "kept" }, this.canvas, h("figcaption", {}, "drag over what is hidden"));
    this.control = null;
    onDrag(this.canvas, {
      take: (event) => this.cellOf(event),
      move: (event, from) => this.span(from, this.cellOf(event), false),
      end: (event, from) => this.span(from, this.cellOf(event), true),
      cancel: () => this.onKeep(true),
    }, { atOnce: true });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  get hole() {
    return this.ctx.store.get().hole.map(Math.round);
  }

  /** @returns {[column: number, row: number]} */
  cellOf({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const cell = (value, span) => Math.max(0, Math.min(SCENE_CELLS - 1, Math.floor((SCENE_CELLS * value) / span)));
    return [cell(clientX - left, width), cell(clientY - top, height)];
  }

  /** Hides the rectangle of two cells. */
  span([x, y], [toX, toY], ended) {
    this.set([Math.min(x, toX), Math.min(y, toY), Math.max(x, toX) + 1, Math.max(y, toY) + 1], ended);
  }

  set(hole, ended) {
    this.ctx.store.set({ hole }, { commit: ended });
    this.onKeep(ended);
  }

  key(event) {
    if (!(event.key in HOLE_MOVES) || isBrowsers(event)) return;
    const [dx, dy] = HOLE_MOVES[event.key];
    const [left, top, right, bottom] = this.hole;
    const within = (value, least, most) => Math.max(least, Math.min(most, value));
    const corner = [within(right + dx, left + 1, SCENE_CELLS), within(bottom + dy, top + 1, SCENE_CELLS)];
    const [x, y] = [within(left + dx, 0, SCENE_CELLS - right + left), within(top + dy, 0, SCENE_CELLS - bottom + top)];
    this.set(event.shiftKey ? [left, top, ...corner] : [x, y, x + right - left, y + bottom - top], true);
    event.preventDefault();
    event.stopPropagation();
  }

  get name() {
    return "hidden codes";
  }

  get value() {
    return this.hole.join(" ");
  }

  isKept(i) {
    const [x, y] = [i % COLOUR_SIDE, Math.floor((i % SCENE_PIXELS) / COLOUR_SIDE)].map((each) =>
      Math.floor(each / CELL_PIXELS)
    );
    const [left, top, right, bottom] = this.hole;
    return x < left || x >= right || y < top || y >= bottom;
  }

  /** A bit for each pixel that is kept. */
  get bits() {
    return packBits(Uint8Array.from({ length: SCENE_PIXELS }, (_, i) => (this.isKept(i) ? 1 : 0)));
  }

  get words() {
    const [left, top, right, bottom] = this.hole;
    return `${right - left} of ${SCENE_CELLS} columns and ${bottom - top} of ${SCENE_CELLS} rows of codes are hidden`;
  }

  get sentence() {
    const [left, top, right, bottom] = this.hole;
    return `All but ${(right - left) * (bottom - top)} of ${SCENE_CELLS * SCENE_CELLS} codes are kept`;
  }

  update() {
    const scene = sceneAt(this.ctx, scenes.picked(this.ctx));
    setName(this.canvas, "What is hidden of the scene", this.words);
    if (!scene) return;
    drawScene(this.small, scene.x);
    const context = this.canvas.getContext("2d");
    const [left, top, right, bottom] = this.hole.map((each) => each * CELL_PIXELS * HOLE_SCALE);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.small, 0, 0, HOLE_SCALE * COLOUR_SIDE, HOLE_SCALE * COLOUR_SIDE);
    context.fillStyle = VEIL;
    context.fillRect(left, top, right - left, bottom - top);
    Object.assign(context, { strokeStyle: this.ctx.colours().you, lineWidth: HOLE_SCALE / 2 });
    context.strokeRect(left, top, right - left, bottom - top);
  }
}

/** Distance (L2) of two scenes with values from 0 to 1. @param {Uint8Array} a @param {Uint8Array} b */
const farApart = (a, b) => Math.sqrt(a.reduce((sum, value, i) => sum + ((value - b[i]) / 255) ** 2, 0));

export const scenes = {
  count: 4,
  many: "Four scenes",
  each: "scenes",
  x: "scene",
  kin: false,
  size: SCENE_VALUES,
  nothing: { test: "Choose a test scene" },
  part: { one: "pixel", kept: "the part outside the rectangle is kept" },
  wall: (name, options) => new SceneTiles(name, options),
  chooser: (ctx) => new SceneChooser(ctx),
  picked({ store, net }) {
    const { mode, img, prompt, seed } = store.get();
    if (mode === BETWEEN) return { words: prompt, seed };
    return img === null ? null : { test: img, set: net().dataset };
  },
  /** The first visit finds a scene. */
  start({ store }) {
    if (store.get().img === null) store.set({ img: 8 });
  },
  second: (ctx) => new SceneEnds(ctx),
  kept: (ctx, onKeep) => new Hole(ctx, onKeep),
  isSame: (a, b) => Math.abs(a - b) <= 1,
  nameOf: () => "the test scene",
  chosenName: ({ store }) => `test scene ${store.get().img}`,
  fed: (ctx) => sceneAt(ctx, scenes.picked(ctx))?.x ?? null,
  distance: (a, k, b, j) => farApart(sceneOf(a, k), sceneOf(b, j)),
  /** A canvas with one scene. @param {string} label @param {Uint8Array} bytes @param {number} size */
  pictured(label, bytes, size) {
    const canvas = h("canvas", {
      class: "crisp",
      role: "img",
      "aria-label": label,
      width: COLOUR_SIDE,
      height: COLOUR_SIDE,
    });
    canvas.style.width = `${size}px`;
    drawScene(canvas, bytes);
    return canvas;
  },
};
