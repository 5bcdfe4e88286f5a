/** What one prediction can depend on, as Python answers it: after so many blocks, and of naively stacked masks. */

import { placeOf } from "../kit/image/board.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { Answered } from "../kit/shell/answered.js";
import { button, fill, h, setText } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { empty, numberTable, segmented } from "../kit/shell/parts.js";
import { cellOf, chosenPixel, createLayers, MaskPart, underlay } from "./masks_common.js";

const OF_MADE = "MADE has no kernels: each of its outputs may read every earlier pixel, with one layer or with " +
  "many. Choose MNIST or Fashion-MNIST above, or the part MADE.";

/** A subclass says what is asked, `argument`; null where there is nothing to ask. */
class Reach extends MaskPart {
  constructor(ctx, { label, ask, slider, low, above = [], below = [] }) {
    super(ctx, label);
    this.asked = new Answered(ctx, ask, () => this.show());
    this.layers = createLayers(ctx, slider, { low, high: ctx.fields.layer.high });
    this.numbers = headline(ctx.value().masks[ask].map((name) => [name, "–", ""]), 0);
    this.details = h("div");
    this.none = empty(OF_MADE);
    this.full = h("div", { class: "mode-body" }, above, this.layers.element, this.numbers, this.seen.element, below);
    this.full.append(this.details);
    this.panel = h("div", { class: "mode-body" }, this.none, this.full);
  }

  get pixel() {
    return chosenPixel(this.ctx);
  }

  update() {
    const { argument } = this;
    this.none.hidden = argument !== null || Boolean(this.ctx.net().error);
    this.full.hidden = argument === null;
    if (argument) this.layers.set(argument.layer);
    this.asked.want(argument);
    this.show();
  }

  /** The sets of pixels of the answer, by name; none until it is to what is asked for now. */
  get sets() {
    const { isCurrent, value } = this.asked;
    if (!isCurrent) return {};
    value.flags ??= Object.fromEntries(
      Object.entries(value.sets).map(([name, bits]) => [name, unpackBits(fromBase64(bits))]),
    );
    return value.flags;
  }

  show() {
    const { pixel: ring, sets, asked } = this;
    const value = asked.isCurrent ? asked.value : {};
    const veil = sets[value.veil] && Float32Array.from(sets[value.veil], (bit) => 0.7 * bit);
    const [marks, outline] = [sets[value.marks], sets[value.outline]];
    const words = value.said ?? `pixel at ${placeOf(ring)}`;
    this.board.show({ values: underlay(this.ctx), known: ring, ring, veil, marks, outline, words });
    setText(this.caption, value.caption ?? `Predicted: ${placeOf(ring)}.`);
    if (!value.words) return;
    this.layers.input.max = value.most;
    this.layers.set(this.argument.layer);
    this.numbers.set(value.numbers);
    this.seen(value.words);
    if (value.details) fill(this.details, numberTable("Pixels reached", value.details.head, value.details.rows));
    this.ctx.describe(this.board.canvas.getAttribute("aria-label"));
  }

  table() {
    const names = Object.keys(this.sets);
    if (!names.length) return null;
    const columns = Object.values(this.sets);
    const rows = Array.from(columns[0], (_, pixel) => [...cellOf(pixel), ...columns.map((bits) => bits[pixel])]);
    return { name: `${this.asked.name}-${this.pixel}`, rows: [["row", "column", ...names], ...rows] };
  }
}

/** The receptive field as gated blocks are added, as the kernels state it. */
export class Growth extends Reach {
  constructor(ctx) {
    const ask = () => ctx.store.commit({ mode: "ask", pixel: chosenPixel(ctx) });
    super(ctx, {
      ...{ label: "Receptive field", ask: "growth", slider: "Gated blocks", low: 0 },
      below: [h("div", { class: "row" }, button("Its gradient in “One pixel”", ask))],
    });
  }

  get argument() {
    const { name: net, error, dilations } = this.ctx.net();
    if (error || !dilations.length) return null;
    return { net, pixel: this.pixel, layer: Math.min(this.ctx.store.get().layer, dilations.length) };
  }
}

/** What naively stacked masked kernels can never read, beside two stacks of kernels as large. */
export class Blind extends Reach {
  /** One layer has no blind spot: who opens this part is shown a few. */
  static opening({ layer }) {
    return { layer: Math.max(layer, 4) };
  }

  constructor(ctx) {
    const names = ctx.fields.kernel.choices.map((size) => [size, `${size} × ${size}`]);
    const sizes = segmented("Kernel", names, (kernel) => ctx.store.commit({ kernel, taps: [] }));
    super(ctx, { label: "Blind spot", ask: "blind", slider: "Layers", low: 1, above: [sizes] });
    this.sizes = sizes;
  }

  /** At least one layer. */
  get argument() {
    const { kernel, layer } = this.ctx.store.get();
    return { kernel, layer: Math.max(1, layer), pixel: this.pixel };
  }

  update() {
    this.sizes.set(this.argument.kernel);
    super.update();
  }
}
