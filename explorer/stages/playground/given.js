/** Points that a visitor gives: a table of two columns from a file, or a curve x(t), y(t). */

import { button, h, setText } from "../kit/base/dom.js";
import { fromBase64 } from "../kit/plane/tensors.js";

const LONGEST = 14_000; // characters of a table, as the server takes them
const MOST_BYTES = 20e6; // of a file
const MOST_LINES = 500;

/**
 * The head of a table and evenly spaced lines of it, which fit into one question.
 * @param {string} text
 */
export function thinned(text) {
  const [head, ...lines] = text.split(/\r\n|\r|\n/).filter((line) => line.trim());
  if (text.length <= LONGEST && lines.length < MOST_LINES) return text;
  const longest = Math.max(1, ...lines.map((line) => line.length + 1));
  const count = Math.min(lines.length, MOST_LINES, Math.floor((LONGEST - (head?.length ?? 0) - 1) / longest));
  const step = (lines.length - 1) / Math.max(1, count - 1);
  return [head, ...Array.from({ length: Math.max(0, count) }, (_, k) => lines[Math.round(k * step)])].join("\n");
}

/**
 * A box for a curve and a button for a table; `onGiven(bytes)` gets the points as those of a drawing.
 * @param {Ctx} ctx @param {(bytes: number[]) => void} onGiven
 */
export function createGiven(ctx, onGiven) {
  const says = h("p", { class: "quiet given-says", role: "status" });
  const file = h("input", { type: "file", accept: ".csv,.tsv,.txt", hidden: true, "aria-label": "A table of points" });
  const curve = h("input", {
    type: "text",
    class: "letters curve",
    maxlength: 200,
    placeholder: "cos(t), sin(2*t)",
    title: "A curve x(t), y(t) for t from 0 to 2π",
    spellcheck: "false",
    "aria-label": "A curve x(t), y(t) as points",
  });
  const open = button("Open CSV", () => file.click(), { title: "Open a table of two columns", kind: "more" });

  /** @param {"table" | "curve"} form @param {string} text */
  async function take(form, text, words = "") {
    setText(says, "");
    const found = await ctx.ask("given_points", { form, given: text });
    if (!found) return;
    onGiven([...fromBase64(found.bytes)]);
    setText(says, `${words} ${found.words}`.trim());
  }

  async function read(chosen) {
    if (chosen.size > MOST_BYTES) return setText(says, `${chosen.name} is larger than 20 MB.`);
    const whole = await chosen.text();
    const text = thinned(whole);
    const words = text === whole ? "" : "The table is long: evenly spaced lines of it are used.";
    if (text.length > LONGEST) setText(says, "The lines of this table are too long.");
    else if (text.trim()) await take("table", text, words);
    else setText(says, `${chosen.name} is empty.`);
  }

  curve.addEventListener("change", () => curve.value.trim() && take("curve", curve.value.trim()));
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) read(chosen);
  });
  return h("div", { class: "given-points" }, h("div", { class: "given-row" }, curve, open, file), says);
}
