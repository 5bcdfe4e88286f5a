/** The film from one image of the grid to another along the sphere: its frame, nine of its images, and the player. */

import { createFilm } from "../kit/film/player.js";
import { h, setName } from "../kit/base/dom.js";
import { drawImage, imageCanvas, imageOf, PIXELS } from "../kit/image/pixels.js";
import { Strip } from "../kit/film/strip.js";

const SHOWN = 9;
const TILE = 64;
const LARGE = 84;

export class Path {
  /**
   * `onStep(at, { rest })` is called when a visitor moves; `captionOf(at)` stands under a frame.
   * @param {{onStep: (at: number, how: {rest: boolean}) => void, captionOf: (at: number) => string}} how
   */
  constructor({ onStep, captionOf }) {
    /** @type {(at: number) => string} */
    this.captionOf;
    /** @type {Uint8Array | null} */
    this.bytes;
    Object.assign(this, { captionOf, bytes: null });
    this.canvas = imageCanvas("The frame of the film", LARGE);
    this.strip = new Strip("From A to B along the sphere", SHOWN, TILE);
    this.strip.element.classList.add("result");
    this.strip.canvas.addEventListener(
      "click",
      (event) => this.bytes && this.film.go(this.strip.placeAt(event) * this.every),
    );
    this.film = createFilm({
      screen: h("div", { class: "path" }, this.canvas, this.strip.element),
      label: "From A to B",
      filename: "gan-path.gif",
      framesPerSecond: 10,
      places: () => ["at"],
      onStep,
    });
  }

  get length() {
    return this.bytes ? this.bytes.length / PIXELS : 0;
  }

  /** Number of frames between two of the strip. */
  get every() {
    return (this.length - 1) / (SHOWN - 1);
  }

  /** `bytes` n · 784, or null for none. */
  show(bytes, at) {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.film.index = at;
      this.film.setSteps(bytes ? this.steps() : { length: 0 });
      if (bytes) this.strip.show(this.nine(), "nine images");
    } else if (bytes && this.film.index !== at) this.film.show(at);
  }

  nine() {
    const row = new Uint8Array(SHOWN * PIXELS);
    for (let k = 0; k < SHOWN; k++) row.set(imageOf(this.bytes, k * this.every), k * PIXELS);
    return row;
  }

  steps() {
    return {
      length: this.length,
      show: (at) => this.draw(at),
      place: (at) => `${at}/${this.length - 1}`,
      caption: (at) => this.captionOf(at),
    };
  }

  draw(at) {
    drawImage(this.canvas, imageOf(this.bytes, at));
    setName(this.canvas, "The frame of the film", this.captionOf(at));
    this.strip.mark(Math.round(at / this.every));
  }
}
