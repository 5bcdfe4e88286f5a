/** The board and a tile for each family, in a grid whose squares are as large as the window allows. */

import { contextOf, onSize } from "../kit/image/pixels.js";
import { courseHeight, h, setName, setText, zoomOf } from "../kit/base/dom.js";
import { huesOf, paintCurve, paintFamily } from "./paint.js";
import { FIGURES, figureWords, shownWords, smallestOf } from "./figures.js";

const [GAP, CAPTION] = [12, 26]; // a caption is under its tile unless the style sheet's `--caption` is another height
const PLAYER = 58; // in one line
const BELOW = 64; // the player, under the grid
const [WRAPS, LINE] = [640, 40]; // width from which on it has one line, and the room of a second
const NARROW = 560;
const [NAMED, SECOND] = [150, 16]; // side from which on a name has one line, and the room of a second
const [LEAST, COLUMNS] = [330, [3, 4, 5, 6]];

/** The number of columns and the side of a square for tiles beside a board of 2 × 2 squares. */
export function gridOf(tiles, width, height, caption = CAPTION) {
  if (width < NARROW) return { columns: 2, side: Math.floor((width - GAP) / 2) };
  const sized = COLUMNS.map((columns) => {
    const rows = Math.max(2, Math.ceil((tiles + 4) / columns));
    const [wide, high] = [(width - GAP * (columns - 1)) / columns, (height - GAP * (rows - 1)) / rows - caption];
    return { columns, side: Math.floor(Math.min(wide, high)) };
  });
  const best = sized.reduce((best, each) => (each.side > best.side ? each : best));
  return best.side < NAMED && caption === CAPTION ? gridOf(tiles, width, height, CAPTION + SECOND) : best;
}

export class Arena {
  /** `learners` in their order, with {name, title, group, mark}; `board` draws itself at the `size` that it is given. */
  constructor(ctx, { learners, view, board }) {
    this.ctx = ctx;
    this.learners = learners;
    this.view = view;
    this.board = board;
    this.scene = null;
    this.side = 0;
    this.count = h("span", { class: "number" });
    const caption = h("figcaption", {}, h("b", {}, "Your points"), this.count);
    this.shows = h("p", { class: "note result" });
    this.yours = h("figure", { class: "yours" }, board.canvas, caption, this.shows);
    this.tiles = learners.map((learner) => tileOf(learner));
    this.element = h("div", { class: "arena" }, this.yours, this.tiles.map(({ element }) => element));
    onSize(this.element, () => this.fit());
    addEventListener("resize", () => this.fit());
    document.addEventListener("explorer-present", () => this.fit());
  }

  get shown() {
    return this.tiles.filter(({ element }) => !element.hidden);
  }

  /** Families that have a tile. */
  choose(indices) {
    this.tiles.forEach(({ element }, index) => (element.hidden = !indices.includes(index)));
    this.fit();
  }

  fit() {
    const width = this.element.clientWidth;
    if (!width) return;
    const [top, zoom] = [this.element.getBoundingClientRect().top + scrollY, zoomOf(this.element)];
    const below = BELOW + (width < WRAPS ? LINE : 0);
    const height = Math.max(LEAST, (innerHeight - courseHeight() - Math.min(top, innerHeight / 3)) / zoom - below);
    const caption = Number(getComputedStyle(this.element).getPropertyValue("--caption") || CAPTION);
    const grid = gridOf(this.shown.length, width, height, caption);
    const whole = Math.floor((innerHeight / zoom - PLAYER - GAP) / 2); // of a low window
    const [columns, side] = [grid.columns, Math.min(grid.side, whole)];
    this.side = side;
    this.element.classList.toggle("small", side < NAMED);
    for (const { canvas } of this.tiles) canvas.style.width = canvas.style.height = `${side}px`;
    this.element.style.gridTemplateColumns = `repeat(${columns}, ${side}px)`;
    this.board.size = 2 * side + GAP;
    this.board.draw();
    this.draw();
  }

  /**
   * @typedef {Record<string, Floats | Uint8Array>} ByFamily
   * @typedef {{looks: Record<string, any>, samples: ByFamily}} Former the ends of trainings that others took the place of
   * @param {{frame: any, points: Floats, held: Floats, figure: string, shade: boolean, samples: ByFamily,
   *   shades: ByFamily, former: Former, frames: any[], at: number}} scene
   */
  show(scene) {
    this.scene = scene;
    this.draw();
  }

  draw() {
    const { scene, side } = this;
    if (!scene || !side) return;
    const [colours, hues] = [this.ctx.colours(), huesOf()];
    setText(this.shows, shownWords(scene.figure));
    const smallest = smallestOf(scene.figure, scene.frame);
    for (const tile of this.shown) this.drawTile(tile, { colours, hues, smallest });
  }

  drawTile(tile, { colours, hues, smallest }) {
    const { name, title, group, mark } = tile.learner;
    const { frame, figure, former } = this.scene;
    const look = frame.looks[name];
    this.paintTile(contextOf(tile.canvas, this.side), this.side, tile.learner, { colours, hue: hues[group] });
    const words = look ? figureWords(figure, look, mark) : "";
    const before = former.looks[name] && figureWords(figure, former.looks[name], mark);
    setText(tile.figure, before && !look?.broken ? `${before} → ${words}` : words);
    tile.element.classList.toggle("near", smallest.includes(name));
    setName(tile.canvas, title, look ? `${look.steps} steps, ${FIGURES[figure].name} ${words}` : "not trained yet");
    const cost = look && `${look.steps.toLocaleString("en")} steps of ${(1000 * look.cost).toFixed(1)} ms`;
    const recorded = frame.recorded.includes(name) ? ", recorded" : "";
    tile.element.title = look ? `${title}: ${cost}${recorded}` : title;
  }

  paintTile(context, size, { name }, { colours, hue }) {
    const { samples, points, held, shades, shade, former, frames, at, figure } = this.scene;
    paintFamily(context, {
      size,
      view: this.view,
      points,
      held,
      samples: samples[name],
      ghost: former.samples[name],
      shade: shade && shades[name],
      hue,
      colours,
    });
    const values = frames.map(({ looks }) => looks[name] && FIGURES[figure].of(looks[name]));
    paintCurve(context, { size, values, at, colours });
  }

  clear() {
    this.scene = null;
    for (const { canvas, figure, element } of this.tiles) {
      element.classList.remove("near");
      setText(figure, "");
      canvas.width = 0;
    }
  }

  setCount(count) {
    setText(this.count, `${count.toLocaleString("en")} points`);
  }
}

function tileOf(learner) {
  const canvas = h("canvas", { role: "img", "aria-label": learner.title });
  const figure = h("span", { class: "number result" });
  const element = h("figure", { class: "learner" }, canvas, h("figcaption", {}, h("b", {}, learner.title), figure));
  element.dataset.group = learner.group;
  return { learner, canvas, figure, element };
}
