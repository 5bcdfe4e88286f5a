/** A film as a GIF. */
import { h } from "../base/dom.js";
import { download } from "./export.js";
import { applyPalette, GIFEncoder, quantize } from "./vendor/gifenc.js";

/**
 * Bytes of an animated GIF that loops for ever, of `count` pictures at half their size; null where one is missing.
 * `pictureOf(index)` comes when it is drawn.
 * @param {number} count @param {(index: number) => Promise<HTMLCanvasElement | null>} pictureOf @param {GifOptions}
 * options
 */
async function filmToGif(count, pictureOf, { delay = 200, onProgress = undefined } = {}) {
  const gif = GIFEncoder();
  const ends = [await pictureOf(0), await pictureOf(count - 1)];
  if (ends.includes(null)) return null;
  const [width, height] = ["width", "height"].map((side) => Math.ceil(Math.max(...ends.map((each) => each[side])) / 2));
  const context = h("canvas", { width, height }).getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  for (let index = 0; index < count; index++) {
    const picture = await pictureOf(index);
    if (!picture) return null;
    context.drawImage(picture, 0, 0, 1, 1, 0, 0, width, height); // its ground
    context.drawImage(picture, 0, 0, picture.width / 2, picture.height / 2);
    const { data } = context.getImageData(0, 0, width, height);
    const palette = quantize(data, 256);
    gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay, repeat: 0 });
    onProgress?.(index + 1, count);
  }
  gif.finish();
  return gif.bytes();
}

/**
 * Saves a film as a GIF.
 * @param {number} count @param {(index: number) => Promise<HTMLCanvasElement | null>} pictureOf
 * @param {string} filename @param {GifOptions} options
 */
export async function saveGif(count, pictureOf, filename, options) {
  const bytes = await filmToGif(count, pictureOf, options);
  if (bytes) download(new Blob([bytes], { type: "image/gif" }), filename);
}
