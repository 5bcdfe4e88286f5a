/** The blind spot: what naively stacked masked kernels can never read, beside two stacks of kernels as large. */

import { Answered } from "../kit/shell/answered.js";
import { h, setText } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { segmented } from "../kit/shell/parts.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { placeOf } from "../kit/image/board.js";
import { cellOf, chosenPixel, countOf, createLayers, MaskPart, underlay } from "./masks_common.js";

const TELLING = 4;
const countRows = (...counts) =>
  ["plain masks reach", "two stacks reach", "blind"].map((name, i) => [name, counts[i] ?? "–", "pixels"]);

export class Blind extends MaskPart {
  /** One layer has no blind spot: who opens this part is shown a few. */
  static opening({ layer }) {
    return { layer: Math.max(layer, TELLING) };
  }

  constructor(ctx) {
    super(ctx, "Blind spot");
    this.asked = new Answered(ctx, "blind", () => this.show());
    const { commit } = ctx.store;
    this.sizes = segmented(
      "Kernel",
      ctx.fields.kernel.choices.map((size) => [size, `${size} × ${size}`]),
      (kernel) => commit({ kernel, taps: [] }),
    );
    this.layers = createLayers(ctx, "Layers", { low: 1, high: ctx.fields.layer.high });
    this.numbers = headline(countRows(), 2);
    this.panel = h("div", { class: "mode-body" }, this.sizes, this.layers.element, this.numbers, this.seen.element);
  }

  /** At least one layer. */
  get argument() {
    const { kernel, layer } = this.ctx.store.get();
    return { kernel, layers: Math.max(1, layer), pixel: chosenPixel(this.ctx) };
  }

  update() {
    const { kernel, layers } = this.argument;
    this.sizes.set(kernel);
    this.layers.set(layers);
    this.asked.want(this.argument);
    this.show();
  }

  /** The pixels that are reached and that are not, of what is asked for now; null until they are there. */
  get answer() {
    const { isCurrent, value, asked } = this.asked;
    if (!isCurrent) return null;
    const [naive, seen] = [value.naive, value.seen].map((bits) => unpackBits(fromBase64(bits)));
    return { naive, seen, missing: seen.map((bit, pixel) => bit & ~naive[pixel]), ...asked };
  }

  show() {
    const { pixel } = this.argument;
    const { answer } = this;
    const blind = answer && countOf(answer.missing);
    const veil = answer && Float32Array.from(answer.naive, (bit) => 0.7 * bit);
    const words = answer ? `${blind} pixels are in the blind spot of ${placeOf(pixel)}` : `pixel at ${placeOf(pixel)}`;
    this.board.show({
      values: underlay(this.ctx),
      known: pixel,
      ring: pixel,
      veil,
      marks: answer?.missing,
      outline: answer?.seen,
      words,
    });
    setText(
      this.caption,
      `Predicted: ${placeOf(pixel)}. Blue: reached by plain masks. Outlined: reached by two stacks. ` +
        "Dotted: the blind spot.",
    );
    if (!answer) return;
    this.numbers.set(countRows(countOf(answer.naive), countOf(answer.seen), blind));
    this.seen(sentence(answer, blind));
    this.ctx.describe(this.board.canvas.getAttribute("aria-label"));
  }

  table() {
    const { answer } = this;
    if (!answer) return null;
    const { naive, seen, missing, kernel, layers } = answer;
    const rows = [...seen].map((
      bit,
      pixel,
    ) => [...cellOf(pixel), naive[pixel], bit, missing[pixel]]);
    return {
      name: `blind-spot-${kernel}x${kernel}-${layers}-layers`,
      rows: [["row", "column", "plain_masks", "two_stacks", "blind"], ...rows],
    };
  }
}

function sentence({ kernel, layers, pixel }, blind) {
  const half = (kernel - 1) / 2;
  const slope = half === 1 ? "one column" : `${half} columns`;
  if (layers === 1) {
    return "One layer of mask A has no blind spot: it reads its whole kernel above and to the left. Add layers.";
  }
  if (!blind) return `Nothing is missing at ${placeOf(pixel)}: what plain masks cannot turn to lies outside the image.`;
  return (
    `With a ${kernel} × ${kernel} mask a path of taps gains at most ${slope} to the right for each ` +
    "row that it goes up, as along a row it may only go left. " +
    `So ${blind} ${blind === 1 ? "pixel" : "pixels"} above at the right ` +
    `${blind === 1 ? "stays" : "stay"} unseen. A vertical stack reads whole rows above and a ` +
    "horizontal one its own row: nothing is left out, and nothing leaks. " +
    "The networks here are built that way."
  );
}
