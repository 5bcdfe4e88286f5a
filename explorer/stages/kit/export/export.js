/** Files for a visitor to keep, and a film as a GIF. */
import { say } from "../base/dom.js";
import { cell } from "./csv.js";
import { applyPalette, GIFEncoder, quantize } from "./vendor/gifenc.js";

const CAPTION_HEIGHT = 26;

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

function frameWithCaption(source, caption, colours) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(source.width, 240);
  canvas.height = source.height + CAPTION_HEIGHT;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, Math.round((canvas.width - source.width) / 2), 0);
  context.fillStyle = colours.text;
  context.font = "13px system-ui, sans-serif";
  context.textAlign = "center";
  context.fillText(say(caption), canvas.width / 2, source.height + 18, canvas.width - 8);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Draws every step of a film and returns the bytes of an animated GIF that loops for ever. */
async function filmToGif(steps, { delay = 200, colours = { ground: "#fff", text: "#111" }, onProgress } = {}) {
  const gif = GIFEncoder();
  const canvas = document.createElement("canvas");
  for (let index = 0; index < steps.length; index++) {
    steps.draw(canvas, index);
    const { data, width, height } = frameWithCaption(canvas, steps.caption(index), colours);
    const palette = quantize(data, 256);
    gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay, repeat: 0 });
    onProgress?.(index + 1, steps.length);
    await new Promise((resolve) => setTimeout(resolve));
  }
  gif.finish();
  return gif.bytes();
}

export async function saveGif(steps, filename, options) {
  download(new Blob([await filmToGif(steps, options)], { type: "image/gif" }), filename);
}
