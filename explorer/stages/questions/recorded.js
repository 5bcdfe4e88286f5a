/** Recorded films of the questions that the comparison opens with: the networks drew them before, as they do when asked. */

import { awaited } from "../kit/ask/awaited.js";
import { cut, readJson, readSheet } from "../kit/image/sheets.js";
import { PIXELS } from "../kit/image/pixels.js";
import { fromBase64, toBase64, unpackBits } from "../kit/plane/tensors.js";

/**
 * @typedef {{index: number, total: number, time: number, known: string | null, evaluations: number, mean: boolean}} Kept
 * @typedef {{label: string, distance: number}[]} Near the training images nearest to the last x
 * @typedef {{net: string, space: string, count: number, planned: number, frames: Kept[], near: Near}} KeptFilm
 * @typedef {{mode: string, asked: Record<string, any>, films: KeptFilm[]}} Recording
 */

/** A film that has ended; nobody measured its seconds here. @param {KeptFilm} kept @param {Frame[]} frames @returns {Film} */
const filmOf = ({ space, count, planned }, frames) => ({
  ...{ id: null, space, count, planned, frames, total: frames.length, done: true },
  ...{ evaluations: planned, seconds: 0, waiting: 0, left: 0, error: null },
});

/** A frame with its images. @param {Kept} kept @param {Uint8Array} x @returns {Frame} */
const frameOf = ({ known, evaluations, mean, ...place }, x) => /** @type {Frame} */ ({
  ...{ ...place, x, pictures: mean ? { mean: x } : {}, numbers: { evaluations, seconds: null } },
  known: known && unpackBits(fromBase64(known)),
});

/** The films of a recording, whose images are on the sheet from a number on; by network. */
function filmsOf({ films }, sheet, from) {
  let at = from;
  const next = (/** @type {number} */ count) => {
    const x = new Uint8Array(count * PIXELS);
    for (let k = 0; k < count; k++) x.set(cut(sheet, at++), k * PIXELS);
    return x;
  };
  return new Map(films.map((kept) => {
    const film = filmOf(kept, kept.frames.map((frame) => frameOf(frame, next(kept.count))));
    const near = kept.near.map((each) => ({ ...each, image: toBase64(next(1)) }));
    return [kept.net, near.length ? { ...film, near } : film];
  }));
}

/** Number of images of a recording. @param {Recording} recording */
const sizeOf = ({ films }) =>
  films.reduce((sum, { count, frames, near }) => sum + count * frames.length + near.length, 0);

/**
 * The recording of a mode: what was `asked` of every network, and the `films` by network; null where none is there.
 * @param {string} path @param {string} mode
 */
async function readRecording(path, mode) {
  try {
    /** @type {[{recordings: Recording[]}, Sheet]} */
    const [{ recordings: all }, sheet] = await Promise.all([readJson(`${path}.json`), readSheet(`${path}.png`)]);
    const place = all.findIndex((each) => each.mode === mode);
    const before = all.slice(0, place).reduce((sum, each) => sum + sizeOf(each), 0);
    return place < 0 ? null : { asked: all[place].asked, films: filmsOf(all[place], sheet, before) };
  } catch (error) {
    console.warn(error.message);
    return null;
  }
}

/**
 * What is recorded of a mode's questions: whether that `isPending`, and `filmOf(request)`, null where none is. The seconds
 * of a server are not recorded: on their clock the networks draw now.
 * @param {import("../kit/panel/mode.js").Self} self
 */
export function recordedOf(self) {
  const { ctx, state } = self;
  const { mode } = state;
  const there = () => ctx.value().recorded?.[ctx.net().name];
  const path = () => there()?.path ?? null;
  const { value, isCurrent, isPending } = awaited(self, path, () => readRecording(`${ctx.base}${path()}`, mode));
  return {
    isPending,
    /** @param {Record<string, any>} request @returns {Film | null} */
    filmOf({ net, ...request }) {
      const known = isCurrent.value && state.clock !== "seconds" ? value.value : null;
      const isAsked = known &&
        Object.keys({ ...known.asked, ...request }).every((key) =>
          JSON.stringify(known.asked[key]) === JSON.stringify(request[key])
        );
      return isAsked && there().nets.includes(net) ? known.films.get(net) ?? null : null;
    },
  };
}
