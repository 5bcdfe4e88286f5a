/** Between two: the way from one x to another, as each family makes it from what lies behind them. */

import { h } from "../kit/base/dom.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { captioned } from "../kit/panel/parts.js";
import { bySpace } from "./by_space.js";
import { Drawn } from "./drawn.js";
import { costOf, whyNot } from "./race_words.js";

const PLACES = 9;
const END = 84; // pixels of an end; who presents sees both larger, beside the path

class Interpolate extends Drawn {
  constructor(ctx) {
    super(ctx, { count: PLACES, whyNot: whyNot("interpolate") });
    this.ends = [["From here", "the first"], ["To here", "the second"]].map(([label, name]) => {
      const canvas = imageCanvas(label, END);
      return { canvas, element: captioned(canvas, name) };
    });
    this.race.families.after(h("div", { class: "both-ends" }, this.ends.map(({ element }) => element)));
  }

  tune() {
    super.tune();
    this.drawEnds();
  }

  /** The two given x as a network of this space is fed them. */
  givenTo(space) {
    return [this.drawer.fed(this.ctx, space), this.second.fed(space)];
  }

  /** The two given images as the first network is fed them; a point of the plane stands in the picture already. */
  drawEnds() {
    const [first] = this.ctx.columns();
    const given = first ? this.givenTo(first.space) : [];
    this.ends.forEach(({ canvas, element }, k) => {
      const bytes = given[k];
      element.hidden = bytes?.length !== PIXELS;
      if (!element.hidden) drawImage(canvas, bytes);
    });
  }

  /** Distance of both ends from their targets, in L2. */
  endsOf({ space }, { x }) {
    const wanted = this.givenTo(space);
    const [start, end] = [0, PLACES - 1].map((k, i) => wanted[i] && this.drawer.distance(x, k, wanted[i], 0));
    return { start, end };
  }

  figuresOf({ family, film, frame }) {
    const over = film?.done && frame === film.frames.at(-1);
    const found = over ? this.endsOf(family, frame) : { start: "", end: "" };
    return this.figures({ ...found, ...costOf({ film, frame }) });
  }

  tell(moving) {
    const all = () => {
      const said = this.race.finished.map(({ family, film }, at) =>
        this.say({ title: family.title, ...this.endsOf(family, film.frames.at(-1)) }, at ? "other" : "first")
      );
      return said.length ? `${said.join("; ")}. ${this.say({}, "zero")}` : "";
    };
    this.seen(this.isLacking ? "" : this.race.wordsOf(all), moving);
  }

  table() {
    const { finished } = this.race;
    if (!finished.length) return null;
    const head = ["network", "evaluations", "seconds", "L2 of the start", "L2 of the end"];
    const rows = finished.map(({ family, film }) => {
      const frame = film.frames.at(-1);
      const { start, end } = this.endsOf(family, frame);
      return [family.net, film.planned, frame.numbers.seconds, start, end];
    });
    return { name: `${this.ctx.net().name}-interpolate`, rows: [head, ...rows] };
  }
}

export default bySpace((ctx) => new Interpolate(ctx));
