/** The box of the visitor's own text: paste, type, open or drop a text; then three models learn it. */

import { button, h, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { untracked } from "../kit/base/vendor/signals-core.js";
import { textOf } from "../kit/shell/opened.js";
import { keep, kept } from "./own_text.js";

const STAYED = "The text of a link stays on the page that made it. Paste or open one.";
const PRIVATE = "Your text is not part of the address. The server forgets it with this page.";
const UNREADABLE = "This file cannot be read.";

/**
 * The box, with its buttons. `isLost()` is true if the server no longer has what it kept.
 * @param {import("../kit/panel/mode.js").Self} self @param {() => boolean} isLost
 */
export function createOwnGiven({ ctx, state, visits }, isLost) {
  const box = h("textarea", {
    class: "own-box",
    spellcheck: "false",
    translate: "no",
    "aria-label": "Your text",
    placeholder: "Paste 2 to 200 kB of text in any script",
  });
  const file = h("input", { type: "file", hidden: true, "aria-label": "A text file" });
  const says = h("p", { class: "quiet", role: "status" });
  /** @type {Blob | null} */
  let own = null; // the visitor's text as it was given
  let isSent = false;

  /** A text of the visitor's own, as typed or as a file. @param {Blob} text */
  function take(text) {
    own = text;
    isSent = false;
    ctx.store.commit({ example: "own", go: false });
    kept.value = { ...kept.peek(), of: "own", text: "", key: "", words: "", error: "", trained: false };
  }
  /** @param {Blob} chosen */
  async function open(chosen) {
    try {
      box.value = (await textOf(chosen)).slice(0, 250_000);
    } catch {
      box.value = "";
      setText(says, UNREADABLE);
    }
    take(chosen);
  }
  async function train() {
    const { example } = state;
    if (example === "own" && !own) return setText(says, STAYED);
    if (example === "own" && !isSent) {
      isSent = true;
      await keep("own", own);
    } else if (isLost()) await keep(example, example === "own" ? own : null);
    if (kept.peek().key) ctx.store.commit({ go: true, at: null });
  }

  box.addEventListener("input", () => take(new Blob([box.value])));
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    const [dropped] = event.dataTransfer.files;
    if (!dropped) return;
    event.preventDefault();
    open(dropped);
  });
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) open(chosen);
  });
  whenever(() => {
    const [{ example }, { of }] = [state, kept.value];
    if (!visits.value || example === "own" || of === example) return;
    if (ctx.store.get().example === example) untracked(() => keep(example, null)); // else the state is about to change
  });
  whenever(() => {
    const { of, text } = kept.value;
    if (of && of !== "own" && text) box.value = text;
  });
  whenever(() => {
    const { words, error } = kept.value;
    const isNone = state.example === "own" && !own;
    setText(says, error || words || (isNone ? STAYED : ""));
    says.classList.toggle("own-refused", Boolean(error));
  });
  whenever(() => (box.rows = state.go ? 3 : 12));
  const start = button("Train", train, { kind: "primary" });
  const row = h("div", { class: "row" }, start, button("Open a text file", () => file.click()), says, file);
  return h("div", { class: "own-given" }, row, box, h("p", { class: "quiet" }, PRIVATE));
}
