/** Never seen: measured shares by kind of prompt, and a few prompts of one kind, drawn and read while you watch. */

import { askedAnswers } from "../kit/ask/asked.js";
import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { dim } from "../kit/panel/parts.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { COLOUR_SIDE, drawScene, sceneOf } from "../spaces/colour.js";

const WAITS = "The network draws four prompts of this kind…";
const FAILED = "The pictures did not arrive.";

/**
 * @typedef {object} Judged a prompt with what the judge reads in its picture
 * @property {[string, boolean][]} words its words, and whether each is wrong
 * @property {boolean} right
 * @property {string} says
 * @property {string} reading what the judge reads, if that is something else
 */

/** @param {import("../kit/panel/mode.js").Self} self */
function unseen(self) {
  const { ctx, state } = self;
  const { shown, parts, show } = exhibit(self);
  const drawn = askedAnswers(self, "unseen_drawn", () => {
    const { by, guided, prompts, seed } = state;
    return ctx.net().error ? null : { by, guided, prompts, seed };
  });
  const pictures = h("div", { class: "judged", role: "list", "aria-label": "Prompts of this kind, drawn and read" });
  const told = () => drawn.failed.value ? FAILED : drawn.value.value?.words ?? WAITS;
  const waits = h("p", { class: "empty awaited", hidden: () => Boolean(drawn.value.value?.images) }, told);
  whenever(() => {
    if (!drawn.value.value) return;
    const { images, prompts } = drawn.value.value;
    if (!images) return fill(pictures);
    const bytes = fromBase64(images);
    fill(pictures, prompts.map((each, place) => figureOf(each, sceneOf(bytes, place))));
  });
  whenever(() => dim(pictures, !drawn.isCurrent.value));
  whenever(() => (parts.matrix.hidden = !shown.value?.matrix));
  return { ...show({ add: [h("div", { class: "judged-frame" }, waits, pictures)] }).mode, drawn: drawn.value };
}

/** A picture above its prompt; the words that it does not show are marked. @param {Judged} judged @param {Uint8Array} bytes */
function figureOf({ words, right, says, reading }, bytes) {
  const prompt = words.map(([word, wrong]) => wrong ? h("mark", { translate: "no" }, word) : word);
  const canvas = h("canvas", {
    ...{ class: "crisp image", width: COLOUR_SIDE, height: COLOUR_SIDE, role: "img" },
    "aria-label": reading || words.map(([word]) => word).join(" "),
  });
  drawScene(canvas, bytes);
  const verdict = [h("b", {}, `${right ? "✓" : "✗"} ${says}`), reading ? `. The judge reads “${reading}”.` : ""];
  return h(
    "figure",
    { role: "listitem", "data-right": String(right) },
    canvas,
    h("figcaption", {}, h("p", {}, prompt.flatMap((each) => [each, " "])), h("p", { class: "quiet" }, verdict)),
  );
}

export default mode(unseen);
