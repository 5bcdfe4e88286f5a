/** The visitor's own sign of this page: the server keeps its drawings under a key, which no other page knows. */

import { signal } from "../kit/base/vendor/signals-core.js";
import { fromBase64 } from "../kit/plane/tensors.js";

const ADDRESS = `${globalThis.gradio_config?.root}/explorer/signs`;
const UNANSWERED = "The server did not answer. Try again in a moment.";

/** @typedef {{key: string, of: string | null, words: string, error: string, trained: boolean}} OwnSign */

/** @type {OwnSign} */
const UNKNOWN = { key: "", of: null, words: "", error: "", trained: false };

/** What the server keeps now. */
export const keptSign = signal(UNKNOWN);

/** Drawings of each example sign, as bytes, once the server has sent them. @type {import("../kit/base/vendor/signals-core.js").Signal<Record<string, Uint8Array>>} */
export const examples = signal({});

/** @type {string[]} */
const signKeys = [];
let newest = 0;

/**
 * Sends drawings of 784 bytes each, or asks for an example by its name; `of` is what it was sent for. What was kept
 * before is forgotten.
 * @param {string} of @param {Uint8Array<ArrayBuffer> | null} drawings
 */
export async function keepSign(of, drawings) {
  const number = ++newest;
  keptSign.value = { ...UNKNOWN, of };
  if (signKeys.length) forget();
  const found = await sentSign(drawings ? "" : of, drawings);
  if (found.key) rememberSign(found.key);
  if (found.drawings) examples.value = { ...examples.peek(), [of]: fromBase64(found.drawings) };
  const { key = "", words = "", error = "" } = found;
  if (number === newest) keptSign.value = { ...UNKNOWN, of, key, words, error };
}

/** A training on the drawings has ended. @param {string} key */
export function noteLearned(key) {
  if (keptSign.peek().key === key) keptSign.value = { ...keptSign.peek(), trained: true };
}

/** Another sign is drawn: the one that was kept is no longer meant. */
export function dropSign() {
  newest++;
  keptSign.value = UNKNOWN;
}

/** @param {string} example @param {Uint8Array<ArrayBuffer> | null} drawings @returns {Promise<Partial<OwnSign> & {drawings?: string}>} */
async function sentSign(example, drawings) {
  const header = new TextEncoder().encode(JSON.stringify({ example }));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, header.length);
  try {
    const body = new Blob([length, header, drawings ?? ""]);
    const headers = { "content-type": "application/octet-stream" };
    return await (await fetch(ADDRESS, { method: "POST", headers, body })).json();
  } catch {
    return { error: UNANSWERED };
  }
}

/** @param {string} key */
function rememberSign(key) {
  if (!signKeys.length) addEventListener("pagehide", forget, { once: true });
  signKeys.push(key);
}

/** The server forgets what this page sent. */
function forget() {
  const body = new Blob([JSON.stringify({ keys: signKeys })], { type: "application/json" });
  navigator.sendBeacon(`${ADDRESS}/close`, body);
  signKeys.length = 0;
}
