/** A film as WebM, by the browser's own recorder. */

import { h } from "../base/dom.js";
import { download } from "./export.js";

const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];
const [FRAMES, BITS, SHORTEST_MS] = [15, 5_000_000, 100];

const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** The type of film that this browser records; undefined if it records none. */
export const filmType = () =>
  "MediaRecorder" in globalThis && "captureStream" in HTMLCanvasElement.prototype
    ? TYPES.find((type) => MediaRecorder.isTypeSupported(type))
    : undefined;

/**
 * Saves a film of `count` pictures as WebM, each for `delay` milliseconds; the recorder rests while one is drawn. Fails
 * where the browser records no film.
 * @param {number} count @param {(index: number) => Promise<HTMLCanvasElement | null>} pictureOf
 * @param {string} filename @param {GifOptions} options
 */
export async function saveWebm(count, pictureOf, filename, { delay = 200, onProgress = undefined } = {}) {
  const mimeType = filmType();
  if (!mimeType) throw new Error("This browser records no WebM film.");
  const ends = [await pictureOf(0), await pictureOf(count - 1)];
  if (ends.includes(null)) return;
  const [width, height] = ["width", "height"].map((side) =>
    2 * Math.ceil(Math.max(...ends.map((each) => each[side])) / 4)
  );
  const canvas = h("canvas", { width, height });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  const recorder = new MediaRecorder(canvas.captureStream(FRAMES), { mimeType, videoBitsPerSecond: BITS });
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const ended = new Promise((done) => recorder.addEventListener("stop", done));
  recorder.start();
  recorder.pause();
  let isWhole = true;
  for (let index = 0; index < count; index++) {
    const picture = await pictureOf(index);
    isWhole = picture !== null;
    if (!isWhole) break;
    await show(picture, Math.max(SHORTEST_MS, delay));
    onProgress?.(index + 1, count);
  }
  recorder.stop();
  await ended;
  if (isWhole) download(new Blob(parts, { type: "video/webm" }), filename);

  /** A picture at half its size, in every frame of its time. */
  async function show(picture, ms) {
    recorder.resume();
    for (const until = performance.now() + ms; performance.now() < until; await pause(1000 / FRAMES)) {
      context.drawImage(picture, 0, 0, 1, 1, 0, 0, width, height); // its ground
      context.drawImage(picture, 0, 0, picture.width / 2, picture.height / 2);
    }
    recorder.pause();
  }
}
