/** Watermark: a text whose green characters are coloured, and a copy of it to edit: the evidence follows. */

import { button, fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { plainText } from "../kit/base/plain_text.js";
import { mode } from "../kit/panel/mode.js";
import { legend } from "./letters.js";
import { textual } from "./texts.js";

const PAUSE_MS = 400; // in typing, after which a text is tested

/** @type {Record<string, [name: string, tints: [tint: number, words: string][]]>} */
const LEGENDS = {
  green: ["Watermark:", [[0, "not green"], [1, "green"]]],
  gumbel: ["Score:", [[0, "0"], [0.5, "2.5"], [1, "5"]]],
};

/** @param {import("../kit/panel/mode.js").Self} self */
function watermark(self) {
  const { ctx, state } = self;
  const { shown, letters: [letters], room, key, show } = textual(self, { isOwn: true });
  const edit = createEdit(ctx.store);
  const undo = button("Undo edits", () => ctx.store.commit({ own: "", changed: 0 }));
  whenever(() => {
    if (!shown.value) return;
    const [text] = shown.value.texts;
    const characters = [...text.characters];
    letters.show(characters, { ...text, chosen: state.tap < characters.length ? state.tap : null });
    const [name, tints] = LEGENDS[state.mark];
    fill(key, legend(tints, name));
    edit.set(text.characters);
  });
  whenever(() => (undo.disabled = !state.own && !state.changed));
  const below = [h("div", { class: "control" }, h("span", { class: "label" }, "Edit the text"), edit.element, undo)];
  return show({ add: [room], below }).mode;
}

/** A box with the tested text; what a visitor types there is tested instead. */
function createEdit(store) {
  const attributes = { rows: 5, maxlength: 500, spellcheck: "false", "aria-label": "Edit the text", translate: "no" };
  const element = h("textarea", attributes);
  let typing;
  function choose() {
    clearTimeout(typing);
    store.commit({ own: plainText(element.value), changed: 0 });
  }
  element.addEventListener("change", choose);
  element.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(choose, PAUSE_MS);
  });
  /** Shows a text, unless a visitor types just now. */
  function set(text) {
    if (document.activeElement !== element) element.value = text;
  }
  return { element, set };
}

export default mode(watermark);
