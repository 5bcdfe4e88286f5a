/** Between two: the way from one x to another, as each family makes it from what lies behind them. */

import { h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { moreControls } from "../kit/panel/more.js";
import { captioned, createSeen, empty, fillPanel } from "../kit/panel/parts.js";
import { createTries } from "../kit/lesson/tries.js";
import { bySpace } from "./by_space.js";
import { known } from "./complete.js";
import { drawerOf, whose } from "./drawers.js";
import { Race } from "./race.js";
import { costOf, whyNot } from "./race_words.js";

const ASK_AGAIN = ["data", "net", "img", "draw", "source", "img2", "x", "y", "mode"];
const ROWS = ["error at start, L2", "error at end, L2", "evaluations", "server time, s"];
const PLACES = 9;
const END = 84; // pixels of an end; who presents sees both larger, beside the path

class Interpolate {
  constructor(ctx) {
    Object.assign(this, { ctx, drawer: drawerOf(ctx) });
    this.chooser = this.drawer.chooser(ctx);
    this.second = this.drawer.second(ctx);
    this.race = new Race(ctx, {
      name: "ask_interpolate",
      doing: "goes from one to the other",
      label: `Nine places along the way, by ${whose(ctx)}`,
      rows: ROWS,
      count: PLACES,
      requestOf: ({ net }) => this.request && { net, ...this.request },
      whyNot: whyNot("interpolate"),
      figuresOf: (found) => this.figuresOf(found),
      onChange: () => this.tell(false),
      tell: (moving) => this.tell(moving),
    });
    this.ends = [["From here", "the first"], ["To here", "the second"]].map(([label, name]) => {
      const canvas = imageCanvas(label, END);
      return { canvas, element: captioned(canvas, name) };
    });
    this.race.families.after(h("div", { class: "both-ends" }, this.ends.map(({ element }) => element)));
    this.empty = empty();
    this.seen = createSeen();
    this.race.fill(ctx.main, this.empty);
    this.race.head.append(this.race.all);
    const choosers = [this.chooser.element, this.second.element];
    const parts = [choosers, moreControls(this.race.clock.element), this.seen.element, createTries(ctx)];
    fillPanel(ctx, this.race.head, ...parts);
  }

  enter() {
    this.drawer.start(this.ctx);
    this.second.start();
  }

  leave() {
    this.race.leave();
  }

  key(event) {
    return this.race.key(event);
  }

  /** The two pictures as Python is asked; null while one is missing. */
  get request() {
    const [picture, other] = [this.drawer.picked(this.ctx), this.second.picked];
    return picture && other && { picture, other };
  }

  update(changed) {
    this.chooser.update();
    this.second.update();
    const { request, drawer } = this;
    this.empty.hidden = request !== null;
    this.race.element.hidden = request === null;
    setText(this.empty, `${drawer.nothing[this.chooser.kind]}: ${whose(this.ctx)} goes from it to the second one.`);
    if (changed.has("assets") || ASK_AGAIN.some((key) => changed.has(key))) this.drawEnds();
    if (ASK_AGAIN.some((key) => changed.has(key))) this.race.ask();
    else if (["at", "clock", "all", "assets"].some((key) => changed.has(key))) this.race.show();
  }

  /** The two given images as the first network is fed them; a point of the plane stands in the picture already. */
  drawEnds() {
    const [first] = this.ctx.columns();
    const given = first ? [this.drawer.fed(this.ctx, first.space), this.second.fed(first.space)] : [];
    this.ends.forEach(({ canvas, element }, k) => {
      const bytes = given[k];
      element.hidden = bytes?.length !== PIXELS;
      if (!element.hidden) drawImage(canvas, bytes);
    });
  }

  /** Distance of both ends from their targets, in L2. */
  endsOf({ space }, { x }) {
    const { drawer, ctx, second } = this;
    const wanted = [drawer.fed(ctx, space), second.fed(space)];
    return [0, PLACES - 1].map((k, i) => wanted[i] && drawer.distance(x, k, wanted[i], 0));
  }

  figuresOf({ family, film, frame }) {
    const over = film?.done && frame === film.frames.at(-1);
    const [start, end] = over ? this.endsOf(family, frame) : [];
    return [[ROWS[0], known(start)], [ROWS[1], known(end)], ...costOf({ film, frame })];
  }

  tell(moving) {
    const sentenceOf = ({ family, film }, at) => {
      const [start, end] = this.endsOf(family, film.frames.at(-1)).map((away) => num(away));
      return at
        ? `${family.title}’s ${start} and ${end}`
        : `${family.title}’s path starts ${start} from the first and ends ${end} from the second (L2)`;
    };
    const all = () => {
      const { finished } = this.race;
      return finished.length ? `${finished.map(sentenceOf).join("; ")}. Zero is exact.` : "";
    };
    this.seen(this.request ? this.race.wordsOf(all) : "", moving);
  }

  hasResult(what) {
    return what === "table" ? this.race.finished.length > 0 : this.race.hasResult();
  }

  table() {
    const { finished } = this.race;
    if (!finished.length) return null;
    const head = ["network", "evaluations", "seconds", "L2 of the start", "L2 of the end"];
    const rows = finished.map(({ family, film }) => {
      const frame = film.frames.at(-1);
      return [family.net, film.planned, frame.numbers.seconds, ...this.endsOf(family, frame)];
    });
    return { name: `${this.ctx.net().name}-interpolate`, rows: [head, ...rows] };
  }
}

export default bySpace({
  hint: "Choose two ends: what lies between them?",
  create: (ctx) => new Interpolate(ctx),
});
