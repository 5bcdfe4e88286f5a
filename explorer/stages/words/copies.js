/** Copies: emoji from the same names and noise for every number of training pictures, each beside the nearest of them. */

import { askedAnswers } from "../kit/ask/asked.js";
import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { dim } from "../kit/panel/parts.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { drawScene, GLYPH_SIDE, sceneOf } from "../spaces/colour.js";

const WAITS = "The network draws eight emoji…";
const FAILED = "The pictures did not arrive.";
const UNTRAINED = "This network is not trained yet.";

/**
 * @typedef {object} Emoji a drawn picture beside the nearest training picture
 * @property {string} name its name; empty if the network had none
 * @property {string} nearest the name of the training picture
 * @property {string} ratio its distance from that picture, over its distance from the nearest held-out glyph
 * @property {boolean} copy
 */

/** @param {import("../kit/panel/mode.js").Self} self */
function copies(self) {
  const { state } = self;
  const { show } = exhibit(self);
  const asked = askedAnswers(self, "emoji_drawn", () => {
    const { pictures, named, seed } = state;
    return { pictures, named, seed };
  });
  const cells = h("div", { class: "emoji-pairs", role: "list", "aria-label": "Drawn emoji, and the nearest" });
  const said = () => asked.failed.value ? FAILED : asked.value.value ? UNTRAINED : WAITS;
  const waits = h("p", { class: "empty awaited", hidden: () => Boolean(asked.value.value?.drawn) }, said);
  whenever(() => {
    const found = asked.value.value;
    if (!found) return;
    const [drawn, nearest] = [found.drawn, found.nearest].map((each) => each && fromBase64(each));
    fill(cells, drawn ? found.said.map((each, k) => pairOf(each, sceneAt(drawn, k), sceneAt(nearest, k))) : []);
  });
  whenever(() => dim(cells, !asked.isCurrent.value));
  return { ...show({ add: [h("div", { class: "emoji-frame" }, waits, cells)] }).mode, drawn: asked.value };
}

const sceneAt = (bytes, k) => sceneOf(bytes, k, GLYPH_SIDE);

/** A drawn emoji, the nearest training picture, and whether it is a copy. @param {Emoji} each @param {Uint8Array} drawn @param {Uint8Array} near */
function pairOf({ name, nearest, ratio, copy }, drawn, near) {
  const both = [
    [drawn, "drawn", name || "no name"],
    [near, "nearest training picture", nearest],
  ].map(([bytes, title, words]) => {
    const label = `${title}: ${words}`;
    const canvas = h("canvas", { class: "crisp image", role: "img", "aria-label": label, title: label });
    drawScene(canvas, /** @type {Uint8Array} */ (bytes), GLYPH_SIDE);
    return h("div", {}, canvas, h("span", { class: "quiet" }, title === "drawn" ? "drawn" : "nearest"));
  });
  const verdict = copy ? "✓ copy" : "✗ no copy";
  return h(
    "figure",
    { role: "listitem", "data-copy": String(copy) },
    h("div", { class: "emoji-pair" }, both),
    h(
      "figcaption",
      {},
      h("p", {}, h("b", {}, verdict), h("span", { class: "quiet" }, ` · ratio ${ratio}`)),
      h("p", { class: "quiet emoji-name", translate: "no" }, name ? `“${name}”` : "no name"),
    ),
  );
}

export default mode(copies);
