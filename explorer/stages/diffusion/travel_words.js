/** What a visitor sees of a travel between two images, said with what was measured of it. */

import { num } from "../kit/shell/format.js";
import { distance } from "../kit/film/strip.js";

/** How many images a path has. */
export const STOPS = 9;

const GREY = [51, 204];

/** The share of pixels that are neither nearly black nor nearly white, of image `k` of a row. */
export function greyShare(bytes, k) {
  const pixels = bytes.subarray((bytes.length / STOPS) * k, (bytes.length / STOPS) * (k + 1));
  return pixels.filter((value) => value > GREY[0] && value < GREY[1]).length / pixels.length;
}

const jumps = (row) => Array.from({ length: STOPS - 1 }, (_, k) => distance(row, k, row, k + 1));

/** What is measured of a finished row of nine images between two originals of 784 bytes. */
export function measure(row, [first, second]) {
  return { ends: [distance(row, 0, first, 0), distance(row, STOPS - 1, second, 0)], jump: Math.max(...jumps(row)) };
}

const degrees = (cosine) => (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;

/** Whether a frame is on the way down from the noises, of which it tells; else it is on the way up to them. */
export const isDecoding = ({ numbers }) => "cosine" in numbers;

/** The angle between the two noises, where the film has come to them. */
export const angleOf = (film) => {
  const { cosine, rms } = film?.frames.findLast(isDecoding)?.numbers ?? {};
  return rms ? { degrees: degrees(cosine), rms } : null;
};

/** Of what is shown in `frame`; where it is the last, also what was measured of the two paths. */
export function travelWords({ frame, isOver, angle, diffusion, vae }) {
  if (!frame) return "";
  if (!isDecoding(frame)) {
    return `Both images are on their way up to noise, at ${
      timeWords(frame.time)
    }. DDIM, run backwards, has added what ` +
      "noise the network saw in them.";
  }
  const turned =
    `The two noises enclose ${num(angle.degrees, 0)}°; two independent ones would enclose 90°. Their root ` +
    `mean square is ${angle.rms.map((value) => num(value)).join(" and ")} (pure noise: 1).`;
  if (!isOver || !diffusion) {
    return `${turned} Nine noises between them are on their way down, at ${timeWords(frame.time)}.`;
  }
  const back = `Decoded again, the two ends lie ${diffusion.ends.map((value) => num(value)).join(" and ")} (L2) ` +
    "from their images";
  if (!vae) return `${turned} ${back}.`;
  const codes = `the VAE's, of two numbers each, ${vae.ends.map((value) => num(value)).join(" and ")}`;
  const even = `The largest change between neighbours is ${num(diffusion.jump)} on the upper path and ` +
    `${num(vae.jump)} on the lower.`;
  return `${turned} ${back}, ${codes}. ${even}`;
}

export const timeWords = (t) => `t = ${t.toLocaleString("en")}`;

/** What is under way in a frame, or done. */
export function frameWords(frame, isLast) {
  if (isLast) return "There: nine noises between the two, decoded.";
  const when = timeWords(frame.time);
  if (isDecoding(frame)) return `Decoding nine noises: ${when}.`;
  return frame.time === 0 ? "The two images, before any step." : `Inverting: both images at ${when}.`;
}
