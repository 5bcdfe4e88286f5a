/** A compressed file: saved, and opened again by the network that wrote it. */

import { fromBase64, toBase64 } from "../plane/tensors.js";
import { button, h } from "../shell/dom.js";
import { download } from "./export.js";

/**
 * `answerOf()` is the answer with the file, null for none; `nameOf()` names it; `save` is the
 * button's label; `open` is the server function that reads a file of at most `largest` bytes; `onOpen(answer)` shows what was in it and returns a sentence.
 */
export function createCodeFile(ctx, { answerOf, nameOf, save: label = "Download the file", open, largest, onOpen }) {
  const says = h("p", { class: "code-file-says", role: "status" });
  const input = h("input", { type: "file", accept: ".expl", hidden: true, "aria-label": "A compressed file" });
  const save = button(label, () => {
    const answer = answerOf();
    if (answer) download(new Blob([fromBase64(answer.file)]), `${nameOf()}.expl`);
  });
  const choose = button("Open a compressed file", () => input.click(), { title: "Decode a file that was saved here" });

  async function read(file) {
    says.textContent = "";
    if (file.size > largest) {
      says.textContent = `This file is larger than ${largest.toLocaleString("en")} bytes, so it was not saved here.`;
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const answer = await ctx.ask(open, { file: toBase64(bytes) }, { again: () => input.click() });
    if (answer) says.textContent = onOpen(answer, bytes.length);
  }

  input.addEventListener("change", () => {
    const [chosen] = input.files;
    input.value = "";
    if (chosen) read(chosen);
  });
  return h("div", { class: "code-file" }, save, choose, input, says);
}
