/** Compress: a picture becomes a file of about −log₂ p(x) bits, which the same network reads back pixel by pixel. */

import { createHeatLegend } from "../kit/chart/heat.js";
import { createFiled } from "../kit/export/filed.js";
import { Board } from "../kit/image/board.js";
import { LARGE, toBytes } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { moreControls } from "../kit/panel/more.js";

class Compress extends Exhibit {
  add() {
    this.plain = new Board({ label: "The picture", size: LARGE });
    this.board = new Board({ label: "Bits of every pixel", size: LARGE });
    this.legend = createHeatLegend("bits");
    const bits = h("div", {}, this.board.element, this.legend.element);
    return [h("div", { class: "compress-pictures result" }, this.plain.element, bits)];
  }

  below() {
    this.filed = createFiled(this);
    return [moreControls(...this.filed.elements)];
  }

  /** Shows the picture of a file. */
  opened({ net, values, levels }, bytes) {
    this.filed.read(toBytes(Float32Array.from(fromBase64(values), (level) => level / (levels - 1))));
    return `${bytes} bytes of ${net} were read back as 784 pixels. The checksum is right.`;
  }

  draw(value) {
    super.draw(value);
    const values = Float32Array.from(this.bytesOf(value.pictures.x), (byte) => byte / 255);
    this.plain.show({ values, words: "as the network was given it" });
    this.board.show({ values, heat: value.bits, words: "bright pixels cost many bits" });
    this.legend.show(value.bits);
  }
}

export default {
  hint: "Better predictions, shorter files",
  create: (ctx) => new Compress(ctx, "compress"),
};
