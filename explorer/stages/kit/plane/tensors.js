/** Typed arrays: base64, half precision, bits, and safetensors read by HTTP Range. */

import { fileAt } from "../shell/opened.js";

/** @param {string} text */
export function fromBase64(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** @param {Iterable<number>} bytes */
export function toBase64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Unpadded and safe in an address. @param {Iterable<number>} bytes */
export const toBase64Url = (bytes) => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** Little-endian floats from base64. @param {string} text */
export const floats32 = (text) => new Float32Array(fromBase64(text).buffer);
/** The same of half precision. @param {string} text */
export const floats16 = (text) => widen(new Uint16Array(fromBase64(text).buffer));

/** Bits, most significant first, to one 0 or 1 a pixel. @param {Uint8Array} bytes */
export function unpackBits(bytes, length = bytes.length * 8) {
  const bits = new Uint8Array(length);
  for (let i = 0; i < length; i++) bits[i] = (bytes[i >> 3] >> (7 - (i & 7))) & 1;
  return bits;
}

/** @param {ArrayLike<number>} bits */
export function packBits(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) if (bits[i]) bytes[i >> 3] |= 128 >> (i & 7);
  return bytes;
}

/** Half precision to single, by a table of all 65,536 values made on first use. */
function widen(halves) {
  table ??= makeTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = table[halves[i]];
  return out;
}

/** @type {Float32Array | undefined} */
let table;

function makeTable() {
  const values = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) values[bits] = fraction ? NaN : sign * Infinity;
    else values[bits] = sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
  }
  return values;
}

/**
 * Opens a safetensors file without reading it: one request for the header's length and the header.
 *
 * `read` fetches the smallest span of bytes that holds its tensors.
 * @param {string} url @returns {Promise<Safetensors>}
 */
export async function openSafetensors(url) {
  const readPart = inTurn(url);
  const first = await readPart(0, HEADER_GUESS);
  const length = Number(new DataView(first).getBigUint64(0, true));
  if (length > MAX_HEADER) throw new Error(`${url} does not start like a safetensors file`);
  const text = 8 + length <= first.byteLength ? first.slice(8, 8 + length) : await readPart(8, 8 + length);
  const header = JSON.parse(new TextDecoder().decode(text));
  delete header.__metadata__;
  const start = 8 + length;

  /** @type {Safetensors["read"]} */
  async function read(names, onShare) {
    const spans = names.map((name) => header[name].data_offsets);
    const low = Math.min(...spans.map(([from]) => from));
    const high = Math.max(...spans.map(([, to]) => to));
    const block = await readPart(start + low, start + high, onShare);
    return Object.fromEntries(
      names.map((name, i) => [name, decode(block.slice(spans[i][0] - low, spans[i][1] - low), header[name].dtype)]),
    );
  }

  /** @type {Safetensors["rows"]} */
  async function rows(name, from, to) {
    const { data_offsets: [low, high], shape, dtype } = header[name];
    const row = (high - low) / shape[0];
    return decode(await readPart(start + low + from * row, start + low + to * row), dtype);
  }

  return { names: Object.keys(header), shape: (name) => header[name].shape, read, rows };
}

const HEADER_GUESS = 4096;
const MAX_HEADER = 1 << 20;

/** @param {ArrayBuffer} buffer @param {string} dtype */
function decode(buffer, dtype) {
  if (dtype === "F32") return new Float32Array(buffer);
  if (dtype === "F16") return widen(new Uint16Array(buffer));
  throw new Error(`tensors of type ${dtype} are not read in the browser`);
}

/** Reader of one file's parts, one after the other: a browser does not keep parts that come at the same time. */
function inTurn(url) {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (from, to, onShare = null) => {
    const part = last.then(() => readRange(url, from, to, onShare));
    last = part.catch(() => {});
    return part;
  };
}

/** Bytes `from` (included) to `to` (excluded); a server that ignores Range still gives the right bytes. */
async function readRange(url, from, to, onShare = null) {
  const own = fileAt(url);
  if (own) return own.slice(from, to).arrayBuffer();
  const response = await fetch(url, { headers: { Range: `bytes=${from}-${to - 1}` } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const buffer = await (onShare ? countedBuffer(response, onShare) : response.arrayBuffer());
  return response.status === 206 ? buffer : buffer.slice(from, to);
}

/** The bytes of a response; `onShare` gets the progress after each piece. */
async function countedBuffer(response, onShare) {
  const total = Number(response.headers.get("content-length"));
  const pieces = [];
  let length = 0;
  for await (const piece of piecesOf(response.body.getReader())) {
    pieces.push(piece);
    length += piece.length;
    if (total) onShare(length / total);
  }
  return new Blob(pieces).arrayBuffer();
}

async function* piecesOf(reader) {
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value;
}
