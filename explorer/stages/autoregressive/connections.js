/** MADE's masks as the connections that they leave: a small network to look into, and the view of the real one. */

import { Answered } from "../kit/shell/answered.js";
import { h, placeIn, setText } from "../kit/shell/dom.js";
import { createSeen, keySegments } from "../kit/shell/parts.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { Board, placeOf } from "../kit/image/board.js";
import { ORDERS } from "./controls.js";
import { chosenPixel, countOf, underlay } from "./masks_common.js";
import { outputAt, paintMade } from "./small_made.js";

const HEIGHT = 400;
const NET = "made-mnist";
const BLANK = { kind: "blank" };

export class Connections {
  constructor(ctx) {
    this.ctx = ctx;
    this.small = new Map();
    this.real = new Answered(ctx, "receptive", () => this.showReal());
    this.hovered = null;
    const { commit } = ctx.store;
    this.orders = keySegments(ctx, "order", "Pixel order", [...ORDERS.entries()]);
    this.canvas = h("canvas", { class: "small-made", role: "application", tabindex: 0 });
    this.frame = h("div", {}, this.canvas);
    this.listen(commit);
    new ResizeObserver(() => this.paint()).observe(this.frame);
    this.squares = Array.from({ length: 9 }, () => h("span", { class: "number" }));
    this.square = h("div", { class: "small-order", role: "img" }, this.squares);
    this.board = new Board({ label: "What the trained MADE may read", size: 232, onTap: (pixel) => commit({ pixel }) });
    this.caption = h("figcaption", {});
    this.seen = createSeen();
    const order = h(
      "figure",
      {},
      this.square,
      h("figcaption", {}, "Places in the order; filled: what the output may read."),
    );
    const real = h("figure", {}, this.board.element, this.caption);
    const note = h(
      "p",
      { class: "note" },
      "Hover or tap an output, or use the arrow keys. Numbers: m. Solid: paths through hidden units. " +
        "Dotted: straight connections.",
    );
    this.main = h("div", { class: "picture" }, this.frame, note, this.seen.element);
    this.panel = h(
      "div",
      { class: "mode-body" },
      h("div", { class: "row" }, h("span", {}, "Order"), this.orders),
      h("div", { class: "made-beside" }, order, real),
    );
  }

  listen(commit) {
    const { canvas } = this;
    const at = (event) =>
      this.made && outputAt(this.made, canvas.offsetWidth, canvas.offsetHeight, ...placeIn(canvas, event));
    canvas.addEventListener("pointermove", (event) => event.pointerType !== "touch" && this.hover(at(event)));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (event) => {
      const output = at(event);
      if (output !== null && output !== undefined) commit({ output });
    });
    canvas.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.hovered = null;
      commit({ output: (this.ctx.store.get().output + by + 9) % 9 });
    });
  }

  hover(output) {
    if (this.hovered === output) return;
    this.hovered = output;
    this.ctx.refresh("output");
  }

  get made() {
    return this.small.get(this.ctx.store.get().order);
  }

  get output() {
    return this.hovered ?? this.ctx.store.get().output;
  }

  update() {
    const { order } = this.ctx.store.get();
    this.orders.set(order);
    this.fetchSmall(order);
    this.real.want({ net: NET, picture: BLANK, label: null, order, pixel: chosenPixel(this.ctx) });
    this.showSmall();
    this.showReal();
  }

  async fetchSmall(order) {
    if (this.made || this.asking === order) return;
    this.asking = order;
    const answer = await this.ctx.ask("connections", { order });
    if (this.asking === order) this.asking = null;
    if (!answer) return;
    this.small.set(order, answer);
    this.ctx.refresh("connections");
  }

  showSmall() {
    const { made, output } = this;
    if (!made) return;
    const { words, units: [reached] } = made.outputs[output];
    this.canvas.setAttribute("aria-label", `A small MADE over 3 by 3 pixels. ${words}`);
    this.squares.forEach((square, pixel) => {
      setText(square, String(made.places[pixel]));
      square.dataset.state = pixel === output ? "own" : reached[pixel] ? "read" : "";
    });
    this.square.setAttribute("aria-label", `Places of the 9 pixels in the order: ${made.places.join(", ")}`);
    this.paint();
    this.seen(words);
  }

  paint() {
    const width = this.frame.clientWidth;
    if (this.made && width) {
      paintMade(this.canvas, { width, height: HEIGHT }, this.made, this.output, this.ctx.colours());
    }
  }

  showReal() {
    const ring = chosenPixel(this.ctx);
    const reach = this.real.isCurrent ? unpackBits(fromBase64(this.real.value.reach)) : null;
    const first = reach && orderOf(reach, ring);
    this.board.show({
      values: underlay(this.ctx),
      known: reach ? countOf(reach) : 0,
      order: first,
      ring,
      words: placeOf(ring),
    });
    const read = reach
      ? `${countOf(reach)} pixels come before ${placeOf(ring)}, and the masks let it read them all.`
      : `${placeOf(ring)}.`;
    setText(this.caption, `The trained MADE in the same order: ${read} Tap another pixel.`);
  }

  hasResult() {
    return Boolean(this.made);
  }

  picture() {
    return this.made ? this.canvas : null;
  }

  table() {
    const { made } = this;
    if (!made) return null;
    const rows = made.layers.flatMap((layer, i) =>
      layer.flatMap((row, to) => row.map((kept, from) => [i + 1, from, to, Number(kept)]))
    );
    return { name: `made-masks-order-${this.ctx.store.get().order}`, rows: [["layer", "from", "to", "kept"], ...rows] };
  }
}

/** All pixels, those that are read first: as much of an order as a board needs to show them. */
function orderOf(reach, ring) {
  const pixels = Array.from(reach.keys());
  return [
    ...pixels.filter((pixel) => reach[pixel]),
    ring,
    ...pixels.filter((pixel) => !reach[pixel] && pixel !== ring),
  ];
}
