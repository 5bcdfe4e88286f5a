/** Zips: written with stored files, since weights hardly compress, and read where the server has checked them before. */

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [LOCAL_BYTES, CENTRAL_BYTES, END_BYTES] = [30, 46, 22];
const [VERSION, UTF8, DEFLATED] = [20, 0x0800, 8];
const DAY = 0x21; // 1 January 1980: a zip of the same files has the same bytes

const TABLE = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value;
});

/** CRC-32 of some bytes. @param {Uint8Array} bytes */
function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ TABLE[(value ^ byte) & 255];
  return ~value >>> 0;
}

/**
 * A record of numbers, each with its bytes, little end first.
 * @param {[number, number][]} numbers value and size
 */
function record(numbers) {
  const view = new DataView(new ArrayBuffer(numbers.reduce((sum, [, size]) => sum + size, 0)));
  let at = 0;
  for (const [value, size] of numbers) {
    if (size === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

/** @param {Uint8Array} bytes @param {Uint8Array} name @returns {[number, number][]} */
const described = (bytes, name) => {
  const sum = checksum(bytes);
  const size = bytes.length;
  return [[VERSION, 2], [UTF8, 2], [0, 2], [0, 2], [DAY, 2], [sum, 4], [size, 4], [size, 4], [name.length, 2], [0, 2]];
};

/**
 * A zip of these files.
 * @param {Record<string, string | Uint8Array<ArrayBuffer>>} files
 */
export function zipOf(files) {
  const encoder = new TextEncoder();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const directory = [];
  let at = 0;
  for (const [file, content] of Object.entries(files)) {
    const [name, bytes] = [encoder.encode(file), typeof content === "string" ? encoder.encode(content) : content];
    const about = described(bytes, name);
    const local = record([[LOCAL, 4], ...about]);
    directory.push(record([[CENTRAL, 4], [VERSION, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]]), name);
    parts.push(local, name, bytes);
    at += local.length + name.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = directory.length / 2;
  const end = record([[END, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [at, 4], [0, 2]]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

/**
 * The files of a zip by their names.
 * @param {Blob} zip @returns {Promise<Record<string, File>>}
 */
export async function unzipped(zip) {
  const buffer = await zip.arrayBuffer();
  const view = new DataView(buffer);
  const end = view.byteLength - END_BYTES;
  if (end < 0 || view.getUint32(end, true) !== END) throw new Error("no zip");
  /** @type {Record<string, File>} */
  const found = {};
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + CENTRAL_BYTES, lengths[0]));
    const [size, local] = [view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
    const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const packed = new Blob([new Uint8Array(buffer, start, size)]);
    found[name] = new File([view.getUint16(at + 10, true) === DEFLATED ? await inflated(packed) : packed], name);
    at += CENTRAL_BYTES + lengths[0] + lengths[1] + lengths[2];
  }
  return found;
}

/** @param {Blob} packed */
const inflated = (packed) => new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
