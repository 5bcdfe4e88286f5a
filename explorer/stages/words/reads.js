/** Which words?: a picture, its caption with one open slot, and what three networks read there. */

import { fill, h, setName, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { rove } from "../kit/base/rove.js";
import { Bars } from "../kit/chart/bars.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { captioned } from "../kit/panel/parts.js";
import { fromBase64, toBase64, toBase64Url } from "../kit/plane/tensors.js";
import { COLOUR_SIDE, drawScene } from "../spaces/colour.js";
import { promptField } from "./field.js";
import { isKnown } from "./phrase.js";
import { PaintPad } from "./paint.js";

const READERS = ["Tokens in order", "Diffusion", "The judge"];

/** A picture with its caption. @param {string} text */
function framed(text) {
  const canvas = h("canvas", { class: "crisp image", width: COLOUR_SIDE, height: COLOUR_SIDE, role: "img" });
  return { canvas, figure: captioned(canvas, text) };
}

/** @param {import("../kit/panel/mode.js").Self} self */
function reads(self) {
  const { ctx, state } = self;
  const { vocabulary, paints } = ctx.value();
  const field = promptField(self, { key: "prompt", label: "Caption" });
  const isTest = () => state.of === "test";
  const isAsked = () => isTest() || isKnown(state.prompt, vocabulary);
  const about = exhibit(self, {
    question: (_, usual) => {
      const asked = isAsked() ? usual() : null;
      const paint = state.of === "own" && state.paint ? toBase64(fromBase64(state.paint)) : null;
      return asked && { ...asked, paint };
    },
    lacks: () => "A word of this caption is unknown.",
  });
  whenever(() =>
    field.show(
      isKnown(field.typed.value, vocabulary) ? null : { problem: "A word of this caption is unknown.", unknown: {} },
    )
  );
  const pad = new PaintPad(paints, (bytes) => ctx.store.commit({ paint: bytes && toBase64Url(bytes) }));
  whenever(() => pad.show(state.paint && fromBase64(state.paint)));

  const picture = framed("the picture");
  const evidence = framed("");
  const chips = rove(h("div", { class: "word-group", role: "group", "aria-label": "Words of the caption" }));
  const bars = READERS.map((label) => new Bars(label));
  whenever(() => {
    const answer = about.shown.value;
    if (!answer?.x) return;
    drawScene(picture.canvas, about.bytesOf(answer.x));
    const text = answer.words_of.map(([word]) => word).join(" ");
    setName(picture.canvas, "The picture that is read", isTest() ? text : "");
    picture.figure.hidden = state.of === "own"; // the pad shows it
    evidence.figure.hidden = !answer.evidence;
    if (answer.evidence) drawScene(evidence.canvas, about.bytesOf(answer.evidence));
    setText(evidence.figure.caption, answer.legend);
    setName(evidence.canvas, "Evidence of the tokens", answer.legend);
    fill(chips, answer.words_of.map(([word, slot]) => wordOf(word, slot, answer.slot, ctx)));
    answer.lists.forEach((list, k) => bars[k].show(list));
    ctx.show("x", picture.canvas);
  });
  const own = h("div", { hidden: () => state.of !== "own" }, pad.element);
  const typed = h("div", { hidden: isTest }, field.element);
  const pictures = h("div", { class: "read-pictures" }, picture.figure, evidence.figure);
  const lists = h("div", { class: "readers" }, bars.map(({ element }) => element));
  const made = about.show({ add: [h("div", { class: "reads" }, pictures, h("div", {}, chips, lists))] });
  return { ...made.mode, main: [typed, own, made.mode.main].flat(), pad };
}

/** A word of the caption: a button that opens its slot. */
function wordOf(word, slot, open, ctx) {
  if (!slot) return h("span", { translate: "no" }, word);
  return h("button", {
    ...{ type: "button", class: "button plain word-key", translate: "no", "aria-pressed": String(slot === open) },
    onclick: () => ctx.store.commit({ slot }),
  }, word);
}

export default mode(reads);
