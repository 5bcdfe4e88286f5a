/** A compressed file: saved, and opened again by the network that wrote it. */

import { fromBase64, toBase64 } from "../plane/tensors.js";
import { button, h, setText } from "../base/dom.js";
import { download } from "./export.js";

/**
 * For a mode that compresses: `answerOf()` is the answer with the file, if there is one; `nameOf()` names it; `save` is
 * the button's label. The content that the server's `decompress` finds goes to the mode's `opened(answer, bytes)`,
 * which shows it and returns a sentence.
 */
export function createCodeFile(mode, {
  answerOf = () => mode.value,
  nameOf = () => mode.answer.asked.net,
  save: label = "Download the file",
} = {}) {
  const { ctx } = mode;
  const { largest } = ctx.value(); // bytes
  const says = h("p", { class: "code-file-says", role: "status" });
  const input = h("input", { type: "file", accept: ".expl", hidden: true, "aria-label": "A compressed file" });
  const save = button(label, () => {
    const answer = answerOf();
    if (answer) download(new Blob([fromBase64(answer.file)]), `${nameOf()}.expl`);
  });
  const choose = button("Decode a file", () => input.click(), { title: "Decode a file that was saved here" });

  async function read(file) {
    setText(says, "");
    if (file.size > largest) {
      setText(says, `This file is larger than ${largest.toLocaleString("en")} bytes, so it was not saved here.`);
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const answer = await ctx.ask("decompress", { file: toBase64(bytes) }, { again: () => input.click() });
    if (answer) says.textContent = mode.opened(answer, bytes.length);
  }

  input.addEventListener("change", () => {
    const [chosen] = input.files;
    input.value = "";
    if (chosen) read(chosen);
  });
  return h("div", { class: "code-file" }, save, choose, input, says);
}
