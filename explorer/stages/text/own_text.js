/** The visitor's own text of this page: the server keeps it under a key, which no other page knows, until the page goes. */

import { signal } from "../kit/base/vendor/signals-core.js";

const ADDRESS = `${globalThis.gradio_config?.root}/explorer/texts`;
const MOST_BYTES = 900_000; // of a file in any encoding; the server says what a text may have
const SILENT = "The server did not answer. Try again in a moment.";

/** @typedef {{key: string, of: string | null, words: string, error: string, text: string, trained: boolean}} OwnText */

/** @type {OwnText} */
const NOTHING = { key: "", of: null, words: "", error: "", text: "", trained: false };

/** What the server keeps now. */
export const kept = signal(NOTHING);

/** @type {string[]} */
const keys = [];
let latest = 0;

/**
 * Sends a text, or asks for an example by its name; `of` is what it was sent for.
 * @param {string} of @param {Blob | null} text
 */
export async function keep(of, text) {
  const number = ++latest;
  kept.value = { ...NOTHING, of };
  const found = await sent(text ? "" : of, text);
  if (found.key) remember(found.key);
  if (number === latest) kept.value = { ...NOTHING, of, ...found };
}

/** A training on the text has ended. @param {string} key */
export function noteTrained(key) {
  if (kept.peek().key === key) kept.value = { ...kept.peek(), trained: true };
}

/** @param {string} example @param {Blob | null} text @returns {Promise<Partial<OwnText>>} */
async function sent(example, text) {
  if (text && text.size > MOST_BYTES) return { error: "This file is larger than 200 kB. Choose a part of it." };
  const header = new TextEncoder().encode(JSON.stringify({ example }));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, header.length);
  try {
    const body = new Blob([length, header, text ?? ""]);
    const headers = { "content-type": "application/octet-stream" };
    return await (await fetch(ADDRESS, { method: "POST", headers, body })).json();
  } catch {
    return { error: SILENT };
  }
}

/** @param {string} key */
function remember(key) {
  if (!keys.length) addEventListener("pagehide", close);
  keys.push(key);
}

/** The server forgets the texts of a page that goes. */
function close() {
  navigator.sendBeacon(`${ADDRESS}/close`, new Blob([JSON.stringify({ keys })], { type: "application/json" }));
}
