/** The bundled images: sprite sheets of 28×28 images in several files, cut one image at a time. */

import { PIXELS, SIDE } from "./pixels.js";

export const COLUMNS = 50;
const ROWS = 4; // of images in a file
const FILES = 10;

/** The address of a file of a data set, whose own is told with its version: `…/mnist?v=…`. */
export const addressOf = (told, ending) => told.replace(/(?=\?|$)/, ending);

export async function readJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

/** In which file an image is. */
export const fileOf = (i) => Math.floor(i / (COLUMNS * ROWS));

/** Grey levels of all images, row by row: those of a file are black until it is read. */
export class Sheet {
  /** `told` is the address of the data set, `kind` what follows its name. */
  constructor(told, kind = "") {
    Object.assign(this, { told, kind, width: COLUMNS * SIDE, read: new Set() });
    this.grey = new Uint8Array(FILES * ROWS * COLUMNS * PIXELS);
  }

  has(i) {
    return this.read.has(fileOf(i));
  }

  /** Reads one of the files. */
  async readFile(file) {
    const image = new Image();
    image.src = addressOf(this.told, `${this.kind}-${file}.png`);
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const from = file * width * height;
    for (let i = 0; i < width * height; i++) this.grey[from + i] = data[4 * i];
    this.read.add(file);
  }

  /** Reads all files that are not here yet. */
  async readRest() {
    const files = Array.from({ length: FILES }, (_, file) => file).filter((file) => !this.read.has(file));
    await Promise.all(files.map((file) => this.readFile(file)));
    return this;
  }
}

/** The grey levels of image `i` of a sheet, as bytes. */
export function cut({ grey, width }, i) {
  const [left, top] = [(i % COLUMNS) * SIDE, Math.floor(i / COLUMNS) * SIDE];
  const out = new Uint8Array(PIXELS);
  for (let row = 0; row < SIDE; row++) {
    const from = (top + row) * width + left;
    out.set(grey.subarray(from, from + SIDE), row * SIDE);
  }
  return out;
}
