/** Compress: a picture becomes a file of about −log₂ p(x) bits, which the same network reads back pixel by pixel. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { createFiled } from "../kit/export/filed.js";
import { Board } from "../kit/image/board.js";
import { LARGE, toBytes } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { moreControls } from "../kit/panel/more.js";
import { fromBase64 } from "../kit/plane/tensors.js";

/** @param {import("../kit/panel/mode.js").Self} self */
function compress(self) {
  const { value, asked, bytesOf, show } = exhibit(self);
  const plain = new Board({ label: "The picture", size: LARGE });
  const board = new Board({ label: "Bits of every pixel", size: LARGE });
  const legend = createHeatLegend("bits");
  whenever(() => {
    if (!value.value) return;
    const { pictures, bits } = value.value;
    const values = Float32Array.from(bytesOf(pictures.x), (byte) => byte / 255);
    plain.show({ values, words: "as the network was given it" });
    board.show({ values, heat: bits, words: "bright pixels cost many bits" });
    legend.show(bits);
  });

  /** Shows the picture of a file. */
  function opened({ net, values, levels }, bytes) {
    filed.read(toBytes(Float32Array.from(fromBase64(values), (level) => level / (levels - 1))));
    return `${bytes} bytes of ${net} were read back as 784 pixels. The checksum is right.`;
  }
  const filed = createFiled(self.ctx, { answer: value, nameOf: () => asked.value.net, opened });
  const costs = h("div", {}, board.element, legend.element);
  const pictures = h("div", { class: "compress-pictures result" }, plain.element, costs);
  return show({ add: [pictures], below: [moreControls(...filed.elements)] }).mode;
}

export default mode(compress, { hint: "Better predictions, shorter files" });
