/** The field of a prompt, and words to press. What is typed is told at once; it is asked about when typing rests. */

import { button, fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { rove } from "../kit/base/rove.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { isKnown, pressed, wordsIn } from "./phrase.js";

const REST_MS = 700; // in typing, after which the prompt is asked about

/**
 * A field for the prompt of a key of the state. Returns its element, the words to press, `typed`, the text as it is
 * typed, whether the networks know it, and `show(problem)` for what the server says of it.
 * @param {import("../kit/panel/mode.js").Self} self @param {{key: string, label: string, word?: () => number | null}} how
 */
export function promptField({ ctx, state }, { key, label, word = () => null }) {
  const { vocabulary } = ctx.value();
  const typed = signal(state[key]);
  let timer = 0;
  const input = h("input", {
    ...{ type: "text", class: "prompt", maxlength: vocabulary.letters, spellcheck: "false", autocomplete: "off" },
    ...{ autocapitalize: "off", "aria-label": label, placeholder: "a red cat left of two blue cars on grass" },
  });
  const rest = () => {
    clearTimeout(timer);
    if (typed.value !== state[key]) ctx.store.commit({ [key]: typed.value, word: null });
  };
  input.addEventListener("input", () => {
    typed.value = input.value;
    clearTimeout(timer);
    timer = setTimeout(rest, REST_MS);
  });
  input.addEventListener("change", rest);
  whenever(() => {
    const text = state[key];
    typed.value = text;
    if (
      input.value !== text && (document.activeElement !== input || wordsIn(input.value).join() !== wordsIn(text).join())
    ) {
      input.value = text;
    }
  });
  /** @param {string} text */
  const take = (text) => ctx.store.commit({ [key]: text });
  const press = (each) => take(pressed(typed.peek(), each, word(), vocabulary));
  const known = computed(() => isKnown(typed.value, vocabulary));
  const problem = h("p", { class: "wanted", role: "status" });
  const clear = button("Clear", () => {
    ctx.store.commit({ [key]: "", word: null });
    input.value = "";
    input.focus();
  });
  const element = h("div", { class: "prompt-field" }, h("div", { class: "prompt-line" }, input, clear), problem);
  const groups = Object.entries(vocabulary.groups).map(([title, words]) =>
    rove(
      h("div", { class: "word-group", role: "group", "aria-label": title }, words.map((each) => wordKey(each, press))),
    )
  );

  /**
   * Shows what is wrong with the prompt; a press on a near word takes the place of the unknown one.
   * @param {{problem: string | null, unknown: Record<string, string[]>} | null} said
   */
  function show(said) {
    const unknown = Object.entries(said?.unknown ?? {});
    if (!unknown.length) return fill(problem, said?.problem ?? "");
    const exchanged = (odd, near) => wordsIn(typed.peek()).map((word) => (word === odd ? near : word)).join(" ");
    const parts = unknown.flatMap(([odd, near]) => [
      h("span", { translate: "no" }, `“${odd.slice(0, 20)}”`),
      " is unknown. Nearest: ",
      ...near.map((each) => wordKey(each, () => take(exchanged(odd, each)))),
    ]);
    fill(problem, parts);
  }
  return {
    element,
    groups: h("details", { class: "word-groups" }, h("summary", {}, "Words to press"), groups),
    typed,
    known,
    show,
  };
}

/** A word to press. @param {string} word @param {(word: string) => void} press */
const wordKey = (word, press) =>
  h("button", { type: "button", class: "button plain word-key", translate: "no", onclick: () => press(word) }, word);
