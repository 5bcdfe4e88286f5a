/** The training image nearest to a finished one. */

import { fill, h, setText } from "../base/dom.js";
import { num } from "../base/format.js";
import { captioned, withArticle } from "../panel/parts.js";
import { drawImage, imageCanvas, toBytes } from "./pixels.js";
import { fromBase64, toBase64 } from "../plane/tensors.js";

const SIZE = 64;
/** Four pixels turned from black to white. */
const COPY = 2;
const NONE = "it is no copy pixel by pixel";
const ALMOST = 1.2; // times as far as an image's own draws

/** Distance from a grey image to its own black-and-white draws: the root of the mean squared one, Σ x (1 − x). */
const ownDraws = ({ image }) =>
  Math.sqrt(fromBase64(image).reduce((sum, level) => sum + (level / 255) * (1 - level / 255), 0));

/** Words on the training image nearest to a finished one; `ownDraws` is null for grey ones. */
function nearestWords({ label, distance, of }, ownDraws) {
  const found = `Nearest of ${of.toLocaleString("en")} training images: ${withArticle(label)}, ${num(distance)} ` +
    "away (L2)";
  if (ownDraws === null) return `${found}: ${distance < COPY ? "the image is close to a copy of it" : NONE}.`;
  const verdict = distance < ALMOST * ownDraws ? "the image may be a copy of it" : NONE;
  return `${found}. Its own black-and-white draws lie about ${num(ownDraws)} away: ${verdict}.`;
}

/** @param {Ctx} ctx */
export function createNearest(ctx) {
  const pictures = h("div", { class: "pictures" });
  const words = h("p", { class: "note with-words" });
  const element = h("div", { class: "nearest" }, pictures, words);
  element.hidden = true;
  let asked = null;

  /**
   * Looks for it once per `key` in the images of `dataset`; a null key hides what was found.
   * @param {string | null} key @param {Float32Array} [grey] @param {string} [dataset]
   */
  async function meet(key, grey, dataset) {
    if (key === asked) return;
    asked = key;
    element.hidden = true;
    if (key === null) return;
    const again = () => meet(key, grey, dataset);
    const found = await ctx.ask("nearest", { dataset, pixels: toBase64(toBytes(grey)) }, { again });
    if (key !== asked) return;
    if (!found) asked = null;
    else show(grey, found);
  }

  function show(grey, found) {
    const picture = (values, text) => {
      const canvas = imageCanvas(text, SIZE);
      drawImage(canvas, values);
      return captioned(canvas, text);
    };
    fill(pictures, picture(grey, "this one"), picture(fromBase64(found.image), `nearest: ${found.label}`));
    setText(words, nearestWords(found, grey.every((value) => value === 0 || value === 1) ? ownDraws(found) : null));
    element.hidden = false;
  }

  return { element, meet };
}
