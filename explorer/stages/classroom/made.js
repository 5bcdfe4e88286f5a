/**
 * What the class makes, on the lecturer's page: points for the Playground, drawings that the lecturer lets through,
 * judgements of images, and guesses of characters. Drawings wait in a window of their own, off the wall.
 */

import { button, h, setText, styled } from "../kit/base/dom.js";
import { contextOf } from "../kit/image/pixels.js";
import { fromBase64, toBase64Url } from "../kit/plane/tensors.js";
import { lead } from "../course/leading.js";
import { drawGuesses, drawTrials } from "./results.js";
import { Review } from "./review.js";
import { Wall } from "./wall.js";

/** What a class can make: the words of its button, and those above what it has sent. @type {Record<MadeKind, [string, string]>} */
const MAKINGS = {
  points: ["Collect points", "One data set: spray points on your phone."],
  drawing: ["Collect drawings", "Draw a digit on your phone."],
  trials: ["Real or made?", "Real or made? Judge twenty pictures on your phone."],
  guesses: ["Guess the next character", "Guess the next character on your phone."],
};
const [PLANE, DOT, LEVELS] = [300, 2.5, 256];
const NINE = "0,1,2,3,4,5,6,7,8"; // families of the Playground that train at once
const LET = 1;

/** A question of a kind. @param {MadeKind} kind @param {string} name @returns {ClassQuestion} */
export function makingOf(kind, name, passage = 0) {
  return { asked: { name, kind, passage }, title: MAKINGS[kind][1], reasons: [], reveal() {} };
}

export class Making {
  /**
   * `look(kind)` fetches what the class has made, `judge(body)` lets a drawing through, `ask(question)` asks for more.
   * @param {{look(kind: MadeKind): Promise<any>, judge(body: object): Promise<boolean>, ask(question: ClassQuestion): void,
   *   tell(words: string): void}} how
   */
  constructor({ look, judge, ask, tell }) {
    styled("made.css", import.meta.url);
    this.look = look;
    this.tell = tell;
    this.seen = "";
    this.found = null;
    /** @type {[string, string, number][]} */
    this.drawings = [];
    this.asked = this.change = 0;
    this.isOnMap = false;
    this.passages = 0;
    this.canvas = h("canvas", { class: "made-plane", role: "img" });
    this.says = h("p", { class: "number" });
    this.train = button("Train on these points", () => this.trains());
    this.wall = new Wall();
    const let_ = async (/** @type {object} */ more) => {
      await judge({ do: "let", asked: this.asked, ...more });
      if (this.kind !== "drawing") this.read("drawing");
    };
    this.review = new Review(
      (which, drawing, on) => let_({ which, drawing, on }),
      () => let_({ change: this.change }),
    );
    this.reviews = button("Review drawings", () =>
      this.review.open() || tell(
        "This browser blocked the window. Allow windows of this page, and press again.",
      ));
    this.shows = button("Show the wall", () => {
      this.wall.turn(!["trials", "guesses"].includes(this.kind));
      this.wall.open();
    });
    this.maps = button("Show the codes on the VAE’s map", () => this.onMap());
    const buttons = h("div", { class: "row" }, this.train, this.reviews, this.shows, this.maps);
    this.element = h("div", { class: "room-made", hidden: true }, this.says, this.canvas, buttons);
    this.menu = h(
      "details",
      {},
      h("summary", {}, "Made by the class"),
      h(
        "div",
        { class: "row made-menu" },
        Object.entries(MAKINGS).map(([kind, [words]]) =>
          button(words, () => ask(makingOf(/** @type {MadeKind} */ (kind), `${kind} ${Date.now()}`, this.passages++)))
        ),
      ),
    );
    this.read("drawing"); // after a reload, drawings that were let through are there again
  }

  /** @param {MadeKind} kind */
  async read(kind) {
    const found = await this.look(kind);
    if (!found) return;
    if (kind === "drawing") {
      [this.drawings, this.asked, this.change] = [found.drawings, found.asked, found.change];
      this.wall.show(this.through);
      this.review.show(this.drawings);
      document.dispatchEvent(new Event("explorer-drawings"));
    }
    this.found = found;
    this.draw();
  }

  /** Packed bits of the drawings that were let through, in base64. */
  get through() {
    return this.drawings.filter(([, , state]) => state === LET).map(([, bits]) => bits);
  }

  /** Follows what the room tells. @param {RoomWall} wall @param {boolean} isOn */
  follow({ kind, made, phase }, isOn) {
    this.kind = isOn ? kind : "";
    this.element.hidden = !this.kind && !this.drawings.length;
    const seen = JSON.stringify([kind, made, phase]);
    if (kind && seen !== this.seen) this.read(kind);
    this.seen = seen;
    this.draw();
  }

  draw() {
    const { kind, found, drawings } = this;
    const isOf = (/** @type {MadeKind} */ each) => kind === each && found?.kind === each;
    const waiting = drawings.filter(([, , state]) => state === 0).length;
    this.canvas.hidden = this.train.hidden = !isOf("points") || !found.points;
    this.reviews.hidden = !drawings.length;
    this.shows.hidden = kind === "points" || !(drawings.length || (found?.kind === kind && this.hasResults));
    this.maps.hidden = !this.through.length || (kind && kind !== "drawing");
    if (isOf("points")) this.drawPoints();
    else if (isOf("trials") || isOf("guesses")) this.drawResults();
    else if (kind === "drawing" || !kind) {
      setText(this.says, drawings.length ? `${this.through.length} on the wall, ${waiting} waiting` : "");
    }
  }

  get hasResults() {
    return Boolean(this.found?.families ?? this.found?.characters);
  }

  drawPoints() {
    const { points, count, phones } = this.found;
    if (!points) return setText(this.says, phones ? "Points are displayed once five phones have sent some." : "");
    setText(this.says, `${count.toLocaleString("en")} points of ${phones} phones`);
    const context = contextOf(this.canvas, PLANE);
    const style = getComputedStyle(this.canvas);
    context.clearRect(0, 0, PLANE, PLANE);
    context.fillStyle = style.color;
    const bytes = fromBase64(points);
    for (let k = 0; k < bytes.length; k += 2) {
      const [x, y] = [(bytes[k] + 0.5) / LEVELS, 1 - (bytes[k + 1] + 0.5) / LEVELS];
      context.beginPath();
      context.arc(x * PLANE, y * PLANE, DOT, 0, 2 * Math.PI);
      context.fill();
    }
    this.canvas.setAttribute("aria-label", `${count} points on the plane`);
  }

  drawResults() {
    const { found } = this;
    setText(this.says, `${found.values.toLocaleString("en")} answers`);
    if (!this.hasResults) return;
    const drawn = JSON.stringify(found);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.wall.fill(found.families ? drawTrials(found) : drawGuesses(found));
    this.wall.open();
  }

  /** Takes the points to the Playground, as a drawing of the lecturer's. */
  trains() {
    const { count, board } = this.found;
    const most = fromBase64(board).length / 2;
    if (count > most) {
      this.tell(`${most} of the ${count.toLocaleString("en")} points are used, of each phone the same share.`);
    }
    this.wall.close();
    lead(`tab=playground&data=drawing&board=${toBase64Url(fromBase64(board))}&learn=${NINE}`, [], false);
  }

  onMap() {
    this.isOnMap = true;
    this.wall.close();
    lead("tab=vae&mode=explore", [], false);
    document.dispatchEvent(new Event("explorer-drawings"));
  }

  close() {
    this.wall.close();
    this.review.close();
  }
}
