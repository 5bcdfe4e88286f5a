/** The networks that a visitor has opened in this page; their files stay in the browser, for what it calculates itself. */

/** Address at which the server opens networks. */
export const address = `${globalThis.gradio_config?.root}/explorer/networks`;

const NAME = /-open-[0-9a-f]+$/;
const LOST =
  "The network in this address was open in another page only. Open its files again: View, then Open a network.";

/** The key of this page, which no other page knows. */
export const page = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"))
  .join("");

/** @type {(OpenedNet & {files: Record<string, File>})[]} */
const opened = [];
/** @type {[StageValue, (network: OpenedNet) => void][]} */
const stages = [];

/**
 * Takes a network as Python tells of it: {net, tab, key, title, value, dataset, column}; `files` are its files by name.
 * Every stage on the page takes it too, and so does each that comes later.
 * @param {OpenedNet} network @param {Record<string, File>} files
 */
export function add(network, files) {
  if (!opened.length) addEventListener("pagehide", close);
  opened.push({ ...network, files });
  for (const [value, take] of stages) if (putInto(value, network)) take(network);
}

/**
 * Puts the open networks into what Python tells a stage, now and later; `take(network)` is called for later ones.
 * @template {StageValue} Value @param {Value} value @param {(network: OpenedNet) => void} take @returns {Value}
 */
export function withOpened(value, take) {
  for (const network of opened) putInto(value, network);
  stages.push([value, take]);
  return value;
}

/**
 * Adds a network to the value of a stage, with its choice in the address; returns whether the stage shows it.
 * @param {StageValue} value @param {OpenedNet} network
 */
function putInto({ tab, fields, nets, datasets }, { net, tab: own, key, value, dataset, column }) {
  const columns = tab === "compare" && column && datasets[dataset]?.families;
  if (tab === own) nets[net] = value;
  else if (columns) columns.push(column);
  else return false;
  fields[columns ? "lit" : key].choices.push(net);
  return true;
}

/** The file at an address of the page, if it is one of an open network's; null for all that the server has. @param {string} url */
export function fileAt(url) {
  const [, net, name] = /pretrained\/([^/]+)\/([^/?]+)/.exec(url) ?? [];
  return opened.find((network) => network.net === net)?.files[name] ?? null;
}

const UTF16 = { "255,254": "utf-16le", "254,255": "utf-16be" };

/** The text of a file in UTF-8 or, by its byte-order mark, in UTF-16. @param {Blob} file */
export async function textOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return new TextDecoder(UTF16[bytes.slice(0, 2).join()]).decode(bytes);
}

const POINTER = "version https://git-lfs.github.com/spec/";

/** True for a file that only names the real one, as Git LFS leaves it. @param {Blob} file */
export const isPointer = async (file) => await file.slice(0, POINTER.length).text() === POINTER;

/** Notice where an address names a network of another page; empty if it names none. @param {string} search */
export function lostIn(search) {
  const named = [...new URLSearchParams(search).values()].filter((value) => NAME.test(value));
  return named.some((value) => !opened.some(({ net }) => net === value)) ? LOST : "";
}

/** The server frees the networks of a page that goes. */
function close() {
  const nets = opened.map(({ net }) => net);
  navigator.sendBeacon(`${address}/close`, new Blob([JSON.stringify({ nets })], { type: "application/json" }));
}
