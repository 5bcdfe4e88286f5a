/** The images of one family as small tiles, each with a place for what it is compared with. */

import { h, setName } from "../kit/base/dom.js";
import { drawKnown, imageOf, PIXELS, SIDE } from "../kit/image/pixels.js";

/** Draws those of 784 bytes that are flagged in `there`, which is null for all; nothing where there are no bytes. */
const paint = (canvas, bytes, there) => drawKnown(canvas, bytes, (i) => bytes !== null && (!there || there[i]));

/** Images of 784 bytes each. */
export const split = (x) => Array.from({ length: x.length / PIXELS }, (_, k) => imageOf(x, k));

const tileCanvas = () => h("canvas", { width: SIDE, height: SIDE, class: "crisp tile", "aria-hidden": "true" });

export class Tiles {
  /**
   * `name` is the owner of these images; with `pairs` each has a place for a second image beside it. The canvas of the
   * first image is `drawn`, null before it.
   * @param {string} name @param {{count: number, pairs?: boolean}} options
   */
  constructor(name, { count, pairs = false }) {
    this.name = name;
    this.pairs = pairs;
    /** @type {HTMLCanvasElement | null} */
    this.drawn = null;
    this.tiles = Array.from({ length: count }, () => this.tile());
    this.element = h(
      "div",
      { class: `tiles${pairs ? " pairs" : ""}${count > 4 ? " path" : ""}` },
      this.tiles.map(({ link, kin }) => [link, pairs && kin]).flat(),
    );
    this.element.style.setProperty("--count", count);
  }

  tile() {
    const canvas = tileCanvas();
    const near = tileCanvas();
    return {
      canvas,
      near,
      link: h("a", { class: "tile-link", role: "img" }, canvas),
      kin: h("span", { class: "tile-kin", role: "img" }, near),
    };
  }

  /** `x` is 784 bytes an image, or null where nothing is drawn; `words` says how far they are. */
  show(x, there, words) {
    const images = x && split(x);
    this.drawn = x && this.tiles[0].canvas;
    this.element.classList.toggle("single", images?.length === 1);
    this.tiles.forEach(({ canvas, link, kin }, k) => {
      link.hidden = kin.hidden = images !== null && k >= images.length;
      paint(canvas, images?.[k] ?? null, there);
      setName(link, `${this.name}, image ${k + 1}: ${words}${link.hasAttribute("href") ? ". Open it in its tab" : ""}`);
    });
  }

  /** Links of the images, which open when an image is tapped; null is none. */
  lead(addresses) {
    this.tiles.forEach(({ link }, k) => {
      const address = addresses?.[k];
      link.toggleAttribute("href", Boolean(address));
      if (address) Object.assign(link, { href: address, title: "Opens it in its tab" });
      link.setAttribute("role", address ? "link" : "img");
    });
  }

  /** The second images: a list of {bytes, words}, with null for what is not known. */
  compare(found) {
    this.tiles.forEach(({ near, kin }, k) => {
      paint(near, found[k]?.bytes ?? null, null);
      kin.title = found[k]?.words ?? "";
      setName(kin, found[k]?.words ?? "nearest training image: not looked for yet");
    });
  }
}
