/** A mode whose answer brings a file, and that shows the picture of a file which is opened. */

import { drawImage, imageCanvas } from "../image/pixels.js";
import { h } from "../base/dom.js";
import { captioned } from "../panel/parts.js";
import { createCodeFile } from "./code_file.js";

/**
 * The elements of the panel, and `read(bytes)`, which shows a picture of 784 bytes, or none for null.
 * @param {Ctx} ctx @param {import("./code_file.js").Coded} how
 */
export function createFiled(ctx, how) {
  const canvas = imageCanvas("The picture of the file", 84);
  const back = captioned(canvas, "read back");
  back.hidden = true;
  const read = (bytes) => {
    back.hidden = bytes === null;
    if (bytes) drawImage(canvas, bytes);
  };
  return { elements: [createCodeFile(ctx, how), h("div", { class: "row" }, back)], read };
}
