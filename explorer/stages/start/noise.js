/** One noise and the images that several families turn it into, on one clock, again and again until it is touched. */

import { fill, h, setName, sightOf, signButton } from "../kit/base/dom.js";
import { PAUSE, PLAY } from "../kit/film/player.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";

const TICK_MS = 110;
const REST = 32; // ticks that the images stay before they begin anew
const FIRST = 4; // ticks that they stand when the page opens
const SHOWN = 196; // pixels of an image

export class OneNoise {
  /**
   * `frameOf(net, at)` gives 784 bytes or null; `onMove(at)` gets the time of the clock.
   * @param {Ctx} ctx
   * @param {{frameOf: (net: string, at: number) => Uint8Array | null, onMove: (at: number) => void}} acts
   */
  constructor(ctx, { frameOf, onMove }) {
    const last = ctx.value().frames - 1; // step that the clock ends at; at 0 there is the noise
    this.ctx = ctx;
    this.frameOf = frameOf;
    this.onMove = onMove;
    this.last = last;
    this.at = last;
    this.timer = 0;
    this.touched = false;
    this.tiles = [];
    this.noise = imageCanvas("The noise that all begin with", SHOWN);
    this.playButton = signButton(PLAY, "Play", () => this.timer ? this.end() : this.play());
    this.playButton.classList.add("play");
    this.clock = h("input", { type: "range", min: 0, max: last, value: last, "aria-label": "From noise to image" });
    this.clock.addEventListener("input", () => this.hold(Number(this.clock.value)));
    this.row = h("div", { class: "noise-tiles" });
    this.isSeen = sightOf(ctx.root);
    const range = h("label", { class: "noise-range" }, "noise", this.clock, "image");
    this.controls = h("div", { class: "film-controls noise-clock" }, this.playButton, range);
    this.element = h(
      "section",
      { class: "noise", "aria-label": "One noise, several families" },
      this.row,
      this.controls,
    );
  }

  /** Takes the families that turn the same noise into an image; false where they are too few to be compared. */
  take(families) {
    const shown = families.length > 1;
    this.element.hidden = !shown;
    this.tiles = families.map(({ net, title, tab, noise }) => {
      const part = noise < PIXELS && h("span", { class: "under" }, `its first ${noise} numbers`);
      const canvas = imageCanvas(`What ${title} makes of it`, SHOWN);
      const element = h("a", { class: "noise-tile", href: `?tab=${tab}` }, canvas, h("strong", {}, title), part);
      return { net, canvas, element };
    });
    const noise = h("div", { class: "noise-tile from" }, this.noise, h("strong", {}, "One noise"));
    fill(this.row, noise, this.tiles.map(({ element }) => element));
    this.draw();
    return shown;
  }

  /** Shows every family where the clock stands. */
  draw() {
    for (const { net, canvas, element } of this.tiles) {
      const bytes = this.frameOf(net, this.at);
      if (bytes) drawImage(canvas, bytes);
      element.classList.toggle("waits", !bytes);
    }
    const noise = this.tiles[0] && this.frameOf(this.tiles[0].net, 0); // of the one that uses most of it
    if (noise) drawImage(this.noise, noise);
  }

  /** @param {number} at */
  move(at) {
    this.at = at;
    this.clock.value = String(at);
    this.clock.setAttribute("aria-valuetext", `${Math.round((100 * at) / this.last)} %`);
    this.draw();
    this.onMove(at);
  }

  /** Plays from its end or from where it stands: for ever, or once after somebody has touched it. */
  play() {
    let tick = this.touched ? (this.at < this.last ? this.at : 0) : this.last + REST - FIRST;
    this.stop();
    this.sign(PAUSE, "Pause");
    this.timer = setInterval(() => {
      if (!this.element.clientWidth || !this.isSeen()) return;
      this.move(Math.min(tick, this.last));
      if (this.touched && tick >= this.last) return this.stop();
      tick = (tick + 1) % (this.last + REST);
    }, TICK_MS);
  }

  /** Begins by itself, unless it was touched or motion is unwanted: then it stands at its end. */
  begin() {
    this.rest();
    if (!this.touched && !this.ctx.prefersReducedMotion()) this.play();
  }

  /** A visitor moves the clock. @param {number} at */
  hold(at) {
    this.end();
    this.move(at);
  }

  /** Somebody has touched the page: nothing plays by itself any more. */
  end() {
    this.touched = true;
    this.stop();
  }

  /** Stands at its end. */
  rest() {
    this.stop();
    this.move(this.last);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.sign(PLAY, "Play");
  }

  /** @param {string} sign @param {string} name */
  sign(sign, name) {
    this.playButton.dataset.sign = sign;
    setName(this.playButton, name);
  }
}
