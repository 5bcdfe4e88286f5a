/** A compressed file: saved, and opened again by the network that wrote it. */

import { fromBase64, toBase64 } from "../plane/tensors.js";
import { button, h, setText } from "../base/dom.js";
import { whenever } from "../base/live.js";
import { download } from "./export.js";

/**
 * @typedef {object} Coded
 * @property {{value: any, peek: () => any}} answer the answer with the file, if there is one
 * @property {() => string} nameOf names it
 * @property {(answer: any, bytes: number) => string} opened shows what the server's `decompress` finds in a file, and
 * says it
 * @property {string} [save] label of the button
 * @property {(file: string) => Promise<any>} [decode] asks the server to decode a file in base64
 */

/**
 * The buttons that save a file and open one, of a mode that compresses.
 * @param {Ctx} ctx @param {Coded} coded
 */
export function createCodeFile(ctx, { answer, nameOf, opened, save: label = "Download the file", decode = undefined }) {
  const { largest } = ctx.value(); // bytes
  const says = h("p", { class: "code-file-says", role: "status" });
  const input = h("input", { type: "file", accept: ".expl", hidden: true, "aria-label": "A compressed file" });
  const save = button(label, () => {
    const made = answer.peek();
    if (made) download(new Blob([fromBase64(made.file)]), `${nameOf()}.expl`);
  });
  const choose = button("Decode a file", () => input.click(), { title: "Decode a file that was saved here" });

  async function read(file) {
    setText(says, "");
    if (file.size > largest) {
      setText(says, `This file is larger than ${largest.toLocaleString("en")} bytes, so it was not saved here.`);
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const ask = decode ?? ((file) => ctx.ask("decompress", { file }, { again: () => input.click() }));
    const found = await ask(toBase64(bytes));
    if (found) says.textContent = opened(found, bytes.length);
  }

  whenever(() => (save.hidden = answer.value?.file === null)); // what cannot be saved
  input.addEventListener("change", () => {
    const [chosen] = input.files;
    input.value = "";
    if (chosen) read(chosen);
  });
  return h("div", { class: "code-file" }, save, choose, input, says);
}
