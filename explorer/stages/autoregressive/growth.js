/** The receptive field of one prediction as gated blocks are added, as the kernels state it. */

import { Answered } from "../kit/shell/answered.js";
import { button, fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { empty, numberTable } from "../kit/shell/parts.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { placeOf } from "../kit/image/board.js";
import { cellOf, chosenPixel, countOf, createLayers, MaskPart, underlay } from "./masks_common.js";

const HEAD = ["block", "dilation", "reached", "share"];
const OF_MADE = "MADE has no kernels: each of its outputs may read every earlier pixel, with one layer or with " +
  "many. Choose MNIST or Fashion-MNIST above, or the part MADE.";

export class Growth extends MaskPart {
  constructor(ctx) {
    super(ctx, "Receptive field");
    this.asked = new Answered(ctx, "growth", () => this.show());
    const { commit } = ctx.store;
    this.blocks = createLayers(ctx, "Gated blocks", { low: 0, high: ctx.fields.layer.high });
    this.blocksTable = h("div");
    this.ask = button("Its gradient in “One pixel”", () => commit({ mode: "ask", pixel: chosenPixel(ctx) }));
    this.none = empty(OF_MADE);
    this.full = h(
      "div",
      { class: "mode-body" },
      this.blocks.element,
      this.blocksTable,
      this.seen.element,
      h("div", { class: "row" }, this.ask),
    );
    this.panel = h("div", { class: "mode-body" }, this.none, this.full);
  }

  /** As many blocks as are shown: all of them at most. */
  get layer() {
    return Math.min(this.ctx.store.get().layer, this.ctx.net().dilations.length);
  }

  get isMade() {
    return this.ctx.net().family === "made";
  }

  update() {
    const { isMade } = this;
    const { name: net, error } = this.ctx.net();
    this.none.hidden = !isMade;
    this.full.hidden = isMade;
    this.asked.want(isMade || error ? null : { net, pixel: chosenPixel(this.ctx) });
    this.show();
  }

  /** What can be reached after each block, of what is asked for now; null until it is there. */
  get answer() {
    const { isCurrent, value, asked } = this.asked;
    return isCurrent ? { ...asked, layers: value.layers.map((bits) => unpackBits(fromBase64(bits))) } : null;
  }

  show() {
    const { answer, layer } = this;
    const ring = chosenPixel(this.ctx);
    const reach = answer && answer.layers[layer];
    const words = reach
      ? `${layer} blocks: ${countOf(reach)} of ${ring} earlier pixels can matter to ${placeOf(ring)}`
      : `pixel at ${placeOf(ring)}`;
    this.board.show({
      values: underlay(this.ctx),
      known: ring,
      ring,
      veil: reach && Float32Array.from(reach, (bit) => 0.7 * bit),
      words,
    });
    setText(
      this.caption,
      `Predicted: ${placeOf(ring)}. Blue: what it can depend on. Tap another pixel. Later ones do not exist yet.`,
    );
    if (answer) this.showPanel(answer, reach, ring);
  }

  showPanel({ layers }, reach, ring) {
    const { layer } = this;
    this.blocks.input.max = layers.length - 1;
    this.blocks.set(layer);
    const rows = layers.map((bits, block) => this.row(block, countOf(bits), ring));
    const table = numberTable("Pixels reached, block by block", HEAD, rows);
    table.classList.add("growth");
    table.tBodies[0].rows[layer].classList.add("is-current");
    fill(this.blocksTable, table);
    this.seen(sentence(layer, countOf(reach), ring, layers));
    this.ctx.describe(this.board.canvas.getAttribute("aria-label"));
  }

  row(block, reached, before) {
    const dilation = block ? String(this.ctx.net().dilations[block - 1]) : "–";
    return [block ? String(block) : "none", dilation, String(reached), share(reached, before)];
  }

  table() {
    const { answer } = this;
    if (!answer) return null;
    const { layers, pixel, net } = answer;
    const rows = layers.flatMap((bits, blocks) => [...bits].map((bit, other) => [blocks, ...cellOf(other), bit]));
    return { name: `${net}-receptive-field-${pixel}`, rows: [["blocks", "row", "column", "reached"], ...rows] };
  }
}

const share = (reached, before) => (before ? `${num((100 * reached) / before, 0)} %` : "–");

function sentence(layer, reached, before, layers) {
  if (before === 0) {
    return "The first pixel has nothing before it: its prediction depends on no pixel, only on the class.";
  }
  const all = countOf(layers.at(-1));
  const whole = all === before
    ? "all blocks together see every earlier pixel"
    : `all blocks together see ${all}, and never the other ${before - all}`;
  if (layer === 0) {
    return `Without a block a prediction sees its first kernel only: ${reached} pixels at its left. What ` +
      `lies above comes in through the blocks; ${whole}.`;
  }
  return `After ${layer} ${layer === 1 ? "block" : "blocks"} it can see ${reached} of ${before} earlier ` +
    `pixels; ${whole}. Whether it uses them is another question: the gradient tells.`;
}
