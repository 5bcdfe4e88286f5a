/** The bundled test images of a data set: grey, and binarised as binary networks are fed them. */

import { addressOf, cut, fileOf, readJson, Sheet } from "./sheets.js";

const RETRY_MS = 3_000;

export class Images {
  /** `told` is the address of the data set, with its version and without an ending. */
  constructor(told) {
    Object.assign(this, { told, ready: false, labels: null, classes: [] });
    this.sheets = [new Sheet(told), new Sheet(told, "-binary")];
  }

  /**
   * Resolves to these images once all are read: the file of image `i` before the others, and then `onFirst` is called.
   * They are asked for once, and again some time after a failure.
   */
  load(i = 0, onFirst = () => {}) {
    this.loading ??= this.read(i, onFirst).catch((error) => {
      setTimeout(() => (this.loading = null), RETRY_MS);
      throw error;
    });
    return this.loading;
  }

  async read(i, onFirst) {
    const [facts] = await Promise.all([
      readJson(addressOf(this.told, ".json")),
      ...this.sheets.map((sheet) => sheet.readFile(fileOf(i))),
    ]);
    this.classes = facts.classes;
    this.labels = Uint8Array.from(facts.labels, Number);
    onFirst();
    await Promise.all(this.sheets.map((sheet) => sheet.readRest()));
    this.ready = true;
    return this;
  }

  /** Whether an image can be cut, and its label is known. */
  has(i) {
    return this.labels !== null && this.sheets.every((sheet) => sheet.has(i));
  }

  /** The 784 grey levels of an image, 0…255. */
  sprite(i) {
    return this.has(i) ? cut(this.sheets[0], i) : null;
  }

  /** The image as a binary network is fed it: 0 or 1 a pixel. */
  bits(i) {
    return this.has(i) ? cut(this.sheets[1], i).map((value) => (value > 127 ? 1 : 0)) : null;
  }
}
