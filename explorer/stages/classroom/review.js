/** Drawings that wait for the lecturer, in a window of their own, which the projector does not show. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { drawImage, imageCanvas, toBytes } from "../kit/image/pixels.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";

const SIZE = 140;
const STATES = ["waits", "on the wall", "kept back"];

export class Review {
  /**
   * @param {(which: string, drawing: string, on: boolean) => void} judge
   * @param {() => void} all lets all through that are displayed
   */
  constructor(judge, all) {
    this.judge = judge;
    /** @type {[string, string, number][]} */
    this.drawings = [];
    this.says = h("p", { role: "status" });
    this.grid = h("div", { class: "review-grid" });
    const head = h("h1", {}, "Drawings of the class");
    this.element = h("main", { class: "review" }, head, this.says, button("Let all through", all), this.grid);
    /** @type {Window | null} */
    this.window = null;
  }

  /** Opens the window; false if the browser does not, because on this page the wall would show them. */
  open() {
    this.window = globalThis.open("", "explorer-review", "popup,width=520,height=820");
    if (!this.window) return false;
    const { document } = this.window;
    document.title = "Drawings of the class";
    const style = h("link", { rel: "stylesheet", href: new URL("review.css", import.meta.url) });
    document.head.replaceChildren(style);
    document.body.replaceChildren(this.element);
    return true;
  }

  /** @param {[string, string, number][]} drawings the name, packed bits in base64, and the state of each */
  show(drawings) {
    this.drawings = drawings;
    const waiting = drawings.filter(([, , state]) => state === 0);
    setText(this.says, `${waiting.length} waiting, ${drawings.length - waiting.length} seen`);
    const first = [...drawings].sort((one, other) => one[2] - other[2]);
    fill(this.grid, first.map((each) => this.card(each)));
  }

  /** @param {[string, string, number]} drawing */
  card([which, bits, state]) {
    const canvas = imageCanvas("A drawing", SIZE);
    drawImage(canvas, toBytes(unpackBits(fromBase64(bits))));
    const acts = [
      state !== 1 && button("Let through", () => this.judge(which, bits, true)),
      state !== 2 && button("Keep back", () => this.judge(which, bits, false)),
    ];
    return h("figure", {}, canvas, h("figcaption", {}, STATES[state]), h("div", { class: "row" }, acts));
  }

  close() {
    this.window?.close();
  }
}
