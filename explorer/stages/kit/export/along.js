/** Networks to take along: the one on screen as a zip of its weights, recipe, card and a script that draws with it. */

import { fileAt } from "../shell/opened.js";
import { download } from "./export.js";
import { zipOf } from "./zip.js";

const UNREAD = "The weights could not be fetched. Try again in a moment.";
const SILENT = "The server did not answer. Try again in a moment.";
const FOLDER = `${globalThis.gradio_config?.root}/gradio_api/file=pretrained/`;

/** Bytes of a file of a network. @param {string} address below the folder of checkpoints @param {string} version */
async function bytesAt(address, version) {
  const own = fileAt(`pretrained/${address}`);
  if (own) return new Uint8Array(await own.arrayBuffer());
  const response = await fetch(`${FOLDER}${address}?v=${version}`);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * Saves the zip of a network; returns what is wrong, or an empty text. The script draws what `asked` asks for.
 * @param {Server} server @param {string} net @param {{name: string, argument: unknown} | null} asked
 */
export async function saveNetwork(server, net, asked) {
  const found = await server.take_along({ net, asked });
  if (!found || found.error) return found?.error ?? SILENT;
  const { name, texts, weights } = found;
  const version = JSON.parse(texts["card.json"]).sha256.slice(0, 12);
  try {
    const files = { ...texts };
    for (const [file, address] of Object.entries(weights)) files[file] = await bytesAt(address, version);
    download(zipOf(files), `${name}.zip`);
    return "";
  } catch (error) {
    console.warn(error);
    return UNREAD;
  }
}

/**
 * Saves the networks that a mode has trained, as a zip; returns what is wrong, or an empty text.
 * @param {{along(onWait: (seconds: number) => void): Promise<{name?: string, files?: Record<string, string | Uint8Array<ArrayBuffer>>, error?: string}>}} mode
 * @param {(seconds: number) => void} onWait
 */
export async function saveTrained(mode, onWait) {
  const { name, files, error } = await mode.along(onWait);
  if (error) return error;
  download(zipOf(files), `${name}.zip`);
  return "";
}
