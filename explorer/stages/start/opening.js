/** The recorded films of the first page: what every family draws from one seed, step by step. */

import { cut, readJson, readSheet } from "../kit/image/sheets.js";

/** @typedef {{seed: number, nets: string[], frames: number, sheet: Sheet}} Opening */

/**
 * The film of a data set; null where none is recorded.
 * @param {Pick<Ctx, "base" | "value">} ctx @param {string} dataset @returns {Promise<Opening | null>}
 */
export async function readOpening({ base, value }, dataset) {
  const path = value().opening[dataset];
  if (!path) return null;
  try {
    const [facts, sheet] = await Promise.all([readJson(`${base}${path}.json`), readSheet(`${base}${path}.png`)]);
    return { ...facts, sheet };
  } catch (error) {
    console.warn(error.message);
    return null;
  }
}

/** A frame of a network, as 784 bytes; null where none is recorded. @param {Opening} film @param {string} net @param {number} at */
export function frameOf({ nets, frames, sheet }, net, at) {
  const row = nets.indexOf(net);
  return row < 0 ? null : cut(sheet, row * frames + at);
}
