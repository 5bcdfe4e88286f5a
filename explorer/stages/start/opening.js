/** The recorded films of the first page: what every family draws from a few seeds, step by step. */

import { cut, readJson, readSheet } from "../kit/image/sheets.js";

/** @typedef {{seeds: number[], nets: string[], frames: number, sheet: Sheet}} Opening */

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

/**
 * A frame of what a network draws from a seed, as 784 bytes; null where none is recorded.
 * @param {Opening} film @param {number} seed @param {string} net @param {number} at
 */
export function frameOf({ seeds, nets, frames, sheet }, seed, net, at) {
  const [first, row] = [seeds.indexOf(seed), nets.indexOf(net)];
  return first < 0 || row < 0 ? null : cut(sheet, (first * nets.length + row) * frames + at);
}
