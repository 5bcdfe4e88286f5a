/** Compress: a picture becomes a file of about −log₂ p(x) bits, which the same network reads back pixel by pixel. */

import { createHeatLegend } from "../kit/chart/heat.js";
import { Sizes } from "../kit/chart/sizes.js";
import { createCodeFile } from "../kit/export/code_file.js";
import { barsOf } from "../kit/export/compressed.js";
import { Board } from "../kit/image/board.js";
import { nameOf } from "../kit/image/picture.js";
import { PictureAnswer } from "../kit/image/picture_answer.js";
import { drawImage, imageCanvas, toBytes } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { h } from "../kit/shell/dom.js";
import { moreControls } from "../kit/shell/more.js";
import { captioned } from "../kit/shell/parts.js";

const SIZE = 350;

/** The 784 values of an answer, from 0 to 1. */
const greyOf = ({ values, levels }) => Float32Array.from(fromBase64(values), (level) => level / (levels - 1));

class Compress extends PictureAnswer {
  constructor(ctx) {
    super(ctx, "compress", { all: true });
    this.plain = new Board({ label: "The picture", size: SIZE });
    this.board = new Board({ label: "Bits of every pixel", size: SIZE });
    this.legend = createHeatLegend("bits");
    this.sizes = new Sizes("Sizes of the same picture");
    this.read = imageCanvas("The picture of the file", 84);
    this.back = captioned(this.read, "read back");
    this.back.hidden = true;
    const file = createCodeFile(this);
    const bits = h("div", {}, this.board.element, this.legend.element);
    const pictures = h("div", { class: "compress-pictures result" }, this.plain.element, bits);
    const screen = h("div", { class: "compress-screen" }, pictures, this.sizes.element);
    this.open(screen, this.chooser.element, moreControls(file, h("div", { class: "row" }, this.back)));
  }

  /** Shows the picture of a file. */
  opened(found, bytes) {
    this.back.hidden = false;
    drawImage(this.read, toBytes(greyOf(found)));
    return `${bytes} bytes of ${found.net} were read back as 784 pixels. The checksum is right.`;
  }

  draw(value) {
    const { bits, levels } = value;
    const grey = greyOf(value);
    this.plain.show({ values: grey, words: nameOf(this.answer.asked.picture) });
    this.board.show({ values: grey, heat: bits, words: "bright pixels cost many bits" });
    this.legend.show(bits);
    this.chooser.fed(this.answer.isCurrent ? toBytes(grey) : null, levels);
    this.ctx.show("out", grey);
    this.sizes.show(barsOf(value, this.answer.asked.net.startsWith("made") ? "MADE" : "PixelCNN"));
  }

  shown({ told }) {
    return told;
  }

  picture() {
    return this.value && this.board.copy();
  }

  table() {
    const { value } = this;
    if (!value) return null;
    const levels = fromBase64(value.values);
    const rows = value.bits.map((bits, pixel) => [Math.floor(pixel / 28) + 1, (pixel % 28) + 1, levels[pixel], bits]);
    return { name: "compressed", rows: [["row", "column", "level", "bits"], ...rows] };
  }
}

export default {
  hint: "Better predictions make shorter files",
  create: (ctx) => new Compress(ctx),
};
