/** The bundled test images of a data set: grey, and binarised as binary networks are fed them. */

import { cut, readJson, readSheet } from "./sheets.js";

const RETRY_MS = 3_000;
/** The test images of a data set that has none. */
const NONE = { ready: false, load: async () => {} };
const SENTENCE = "The test images cannot be read; everything else works without them. Choose this again to retry.";

class Images {
  /** `base` is where static files lie, `path` the data set's name among them, without an ending. */
  constructor(base, path) {
    this.path = `${base}${path}`;
    this.sheets = null;
    this.labels = null;
    this.classes = [];
  }

  get ready() {
    return this.sheets !== null;
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
    const { path } = this;
    const [facts, ...sheets] = await Promise.all([
      readJson(`${path}.json`),
      readSheet(`${path}.png`),
      readSheet(`${path}-binary.png`),
    ]);
    this.labels = Uint8Array.from(facts.labels, Number);
    this.classes = facts.classes;
    this.sheets = sheets;
    return this;
  }

  /** The 784 grey levels of an image, 0…255. */
  sprite(i) {
    return this.sheets && cut(this.sheets[0], i);
  }

  /** The image as a binary network is fed it: 0 or 1 a pixel. */
  bits(i) {
    return this.sheets && cut(this.sheets[1], i).map((value) => (value > 127 ? 1 : 0));
  }
}

/**
 * The test images of the data sets whose paths are `bundled`, by name: `of(name)`, and `read(name)`, which resolves to
 * them, or says that they cannot be read, and resolves to null.
 */
export function createSets(ctx, bundled) {
  const sets = Object.fromEntries(
    Object.entries(bundled).map(([name, path]) => [name, new Images(ctx.base, path)]),
  );
  const of = (name) => sets[name] ?? NONE;
  async function read(name) {
    const images = of(name);
    if (images.ready) return images;
    try {
      await images.load();
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
