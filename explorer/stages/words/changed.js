/** One word changed: two prompts from the same noises, the second with and without the attention of the first. */

import { askedAnswers } from "../kit/ask/asked.js";
import { button, fill, h, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { rove } from "../kit/base/rove.js";
import { signal } from "../kit/base/vendor/signals-core.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { COLOUR_SIDE, drawScene, sceneOf } from "../spaces/colour.js";
import { promptField } from "./field.js";
import { isKnown, wordsIn } from "./phrase.js";

const NOISES = 2;
const HEADS = ["before", "after, attention free", "after, attention kept", "difference, free", "difference, kept"];
const ANSWERED = 3; // columns of pictures, before those of differences
const BRIGHTER = 2; // factor on a difference

/** Absolute difference of two pictures, brighter. @param {Uint8Array} one @param {Uint8Array} other */
const difference = (one, other) => one.map((value, i) => Math.min(255, BRIGHTER * Math.abs(value - other[i])));

/** Pictures in rows of a noise and columns of `HEADS`, with the box of the changed object. */
class Pairs {
  constructor() {
    this.made = Array.from({ length: NOISES * HEADS.length }, (_, place) => {
      const canvas = h("canvas", {
        class: place % HEADS.length < ANSWERED ? "crisp image" : "crisp image difference",
        ...{ width: COLOUR_SIDE, height: COLOUR_SIDE, role: "img" },
      });
      const box = h("span", { class: "change-box" });
      const caption = h("figcaption", { translate: "no" });
      return {
        canvas,
        box,
        caption,
        figure: h("figure", {}, h("div", { class: "change-frame" }, canvas, box), caption),
      };
    });
    const heads = HEADS.map((head) => h("span", {}, head));
    this.element = h("div", { class: "pairs" }, heads, this.made.map(({ figure }) => figure));
  }

  /** @param {{x: string[], boxes: number[][], readings: string[]}} what */
  show({ x, boxes, readings }) {
    const [before, free, kept] = x.map(fromBase64);
    for (let noise = 0; noise < NOISES; noise++) {
      const [first, second, third] = [before, free, kept].map((bytes) => sceneOf(bytes, noise));
      const scenes = [first, second, third, difference(first, second), difference(first, third)];
      scenes.forEach((scene, column) => {
        const { canvas, box, caption } = this.made[noise * HEADS.length + column];
        drawScene(canvas, scene);
        const reading = column < x.length ? readings[column * NOISES + noise] : "";
        setText(caption, reading);
        canvas.setAttribute(
          "aria-label",
          `${HEADS[column]}, noise ${noise + 1}: ${reading || "brighter where more changed"}`,
        );
        place(box, boxes[noise]);
      });
    }
  }
}

/** Lays a frame around a box of pixels. @param {HTMLElement} element @param {number[] | undefined} box */
function place(element, box) {
  element.hidden = !box;
  if (!box) return;
  const [left, top, right, bottom] = box.map((pixel) => `${(100 * pixel) / COLOUR_SIDE}%`);
  Object.assign(element.style, { left, top, width: `calc(${right} - ${left})`, height: `calc(${bottom} - ${top})` });
}

/** @param {import("../kit/panel/mode.js").Self} self */
function changed(self) {
  const { ctx, state } = self;
  const { vocabulary } = ctx.value();
  const chosen = signal(/** @type {number | null} */ (null));
  const first = promptField(self, { key: "prompt", label: "Prompt before" });
  const second = promptField(self, { key: "to", label: "Prompt after", word: () => chosen.peek() });
  const isAsked = () => isKnown(state.prompt, vocabulary) && isKnown(state.to, vocabulary);
  const about = exhibit(self, {
    question: (_, usual) => (isAsked() ? usual() : null),
    lacks: () => "A word of these prompts is unknown.",
  });
  for (const [field, key] of /** @type {[typeof first, string][]} */ ([[first, "prompt"], [second, "to"]])) {
    const { without, guidance, seed } = state;
    const asks = () =>
      isKnown(field.typed.value, vocabulary) ? null : { prompt: field.typed.value, without, guidance, seed };
    const said = askedAnswers(self, "preview", asks, { own: `preview ${key}` });
    whenever(() => field.show(said.current.value));
  }

  const chips = rove(h("div", { class: "word-group", role: "group", "aria-label": "Words of the prompt after" }));
  const out = button("Leave it out", () => {
    const left = wordsIn(state.to).filter((_, at) => at !== chosen.peek());
    chosen.value = null;
    ctx.store.commit({ to: left.join(" ") });
  });
  whenever(() => {
    const pressed = chosen.value;
    const chip = (word, at) =>
      h("button", {
        ...{ type: "button", class: "button plain word-key", translate: "no", "aria-pressed": String(at === pressed) },
        onclick: () => (chosen.value = at === pressed ? null : at),
      }, word);
    fill(chips, wordsIn(state.to).map(chip));
    out.disabled = pressed === null || pressed >= wordsIn(state.to).length;
  });
  const pairs = new Pairs();
  whenever(() => {
    if (!about.shown.value) return;
    pairs.show(about.shown.value);
    ctx.show("x", pairs.made[2].canvas);
  });
  const exchange = h(
    "div",
    { class: "exchange" },
    h("span", { class: "quiet" }, "Exchange a word:"),
    chips,
    out,
  );
  const made = about.show({ add: [pairs.element] });
  const both = h("div", { class: "both-prompts" }, first.element, second.element);
  const main = [both, exchange, made.mode.main, second.groups].flat();
  return { ...made.mode, main, pairs };
}

export default mode(changed);
