/** Files for a visitor to keep, and a film as a GIF. */
import { h } from "../base/dom.js";
import { cell } from "./csv.js";
import { applyPalette, GIFEncoder, quantize } from "./vendor/gifenc.js";

export function download(blob, filename) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = filename;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Saves rows as a table that other programs read. */
export function saveTable(name, rows) {
  const text = [...rows.map((row) => row.map(cell).join(",")), ""].join("\n");
  download(new Blob([text], { type: "text/csv" }), `${name}.csv`);
}

/**
 * Bytes of an animated GIF that loops for ever, of `count` pictures at half their size; null where one is missing.
 * `pictureOf(index)` comes when it is drawn.
 */
async function filmToGif(count, pictureOf, { delay = 200, onProgress } = {}) {
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

export async function saveGif(count, pictureOf, filename, options) {
  const bytes = await filmToGif(count, pictureOf, options);
  if (bytes) download(new Blob([bytes], { type: "image/gif" }), filename);
}
