/** The bundled test images of a data set: grey, and binarised as binary networks are fed them. */

import { COLUMNS, cut, readJson, readSheet } from "./sheets.js";

const RETRY_MS = 3_000;
/**
 * The test images of a data set that has none.
 * @type {TestImages}
 */
const NONE = { ready: false, has: () => false, sprite: () => null, load: async () => {}, loadFirst: async () => {} };
const SENTENCE = "The test images cannot be read; everything else works without them. Choose this again to retry.";

const FIRST = COLUMNS; // images of the small sheet, which is read before the large one

class Images {
  /**
   * `base` is the address of the static files, `path` the data set's name there, without an ending. `onFirst()` is
   * called when the first images have arrived.
   * @param {string} base @param {string} path @param {() => void} onFirst
   */
  constructor(base, path, onFirst) {
    this.path = `${base}${path}`;
    this.onFirst = onFirst;
    /** @type {Sheet[] | null} */
    this.first = null;
    /** @type {Sheet[] | null} */
    this.sheets = null;
    /** @type {Uint8Array | null} */
    this.labels = null;
    /** @type {string[]} */
    this.classes = [];
  }

  get ready() {
    return this.sheets !== null;
  }

  /** True if an image and its label are here. @param {number} i */
  has(i) {
    return this.ready || (this.first !== null && i < FIRST);
  }

  /** Resolves to these images once they are read; asked for once, and again some time after a failure. */
  load() {
    this.loading ??= this.read().catch((error) => {
      setTimeout(() => (this.loading = null), RETRY_MS);
      throw error;
    });
    return this.loading;
  }

  async read() {
    await this.loadFirst();
    this.sheets = await this.readSheets("");
    return this;
  }

  /** Resolves to these images once the first ones are read: on a slow line long before the others. */
  loadFirst() {
    this.loadingFirst ??= this.readFirst().catch((error) => {
      this.loadingFirst = null;
      throw error;
    });
    return this.loadingFirst;
  }

  /** Resolves once the classes of all images are read. */
  async loadLabels() {
    this.loadingLabels ??= readJson(`${this.path}.json`);
    try {
      const { labels, classes } = await this.loadingLabels;
      this.labels = Uint8Array.from(labels, Number);
      this.classes = classes;
    } catch (error) {
      this.loadingLabels = null;
      throw error;
    }
  }

  async readFirst() {
    [this.first] = await Promise.all([this.readSheets("-first"), this.loadLabels()]);
    this.onFirst();
    return this;
  }

  readSheets(part) {
    return Promise.all(["", "-binary"].map((kind) => readSheet(`${this.path}${part}${kind}.png`)));
  }

  /** @param {0 | 1} kind @param {number} i */
  cut(kind, i) {
    return this.has(i) ? cut((this.sheets ?? this.first)[kind], i) : null;
  }

  /** The 784 grey levels of an image, 0…255; null while it is not here. @param {number} i */
  sprite(i) {
    return this.cut(0, i);
  }

  /** The image as a binary network is fed it: 0 or 1 a pixel; null while it is not here. @param {number} i */
  bits(i) {
    return this.cut(1, i)?.map((value) => (value > 127 ? 1 : 0)) ?? null;
  }
}

/**
 * The test images of the data sets whose paths are `bundled`, by name: `of(name)`, and `read(name, img)`. It resolves
 * to the images, or reports that they cannot be read and resolves to null. For the image `img` alone, it reads no more
 * than necessary.
 * @param {Ctx} ctx @param {Record<string, string>} bundled
 */
export function createSets(ctx, bundled) {
  const sets = Object.fromEntries(
    Object.entries(bundled).map(([name, path]) => [name, new Images(ctx.base, path, () => ctx.refresh("assets"))]),
  );
  const of = (/** @type {string} */ name) => sets[name] ?? NONE;
  /** @type {Ctx["images"]} */
  async function read(name, img = Infinity) {
    const images = of(name);
    if (images.ready || images.has(img)) return images;
    try {
      await (img < FIRST ? images.loadFirst() : images.load());
      ctx.refresh("assets");
      return images;
    } catch (error) {
      console.warn(error.message);
      ctx.say(SENTENCE, "error");
      return null;
    }
  }
  return { of, read };
}
