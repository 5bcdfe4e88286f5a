/** The GAN has no likelihood to show; instead the nearest image to a picture is searched for, as a film. */

import { ReportFilm } from "../kit/film/report_film.js";
import { Board } from "../kit/image/board.js";
import { createNearest } from "../kit/image/nearest.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { h, setText } from "../kit/base/dom.js";
import { createSentences } from "../kit/panel/more.js";

const SIZE = 232;
/** Refusal that stands where other families show a likelihood. */
const NO_LIKELIHOOD =
  "A GAN draws images and defines no density, so no likelihood. It has no encoder either: the code " +
  "of the nearest image must be searched for.";
const NOTHING = {
  test: "Choose a test image: the nearest image that the generator can make is searched for.",
  draw: "Draw something on the pad: the nearest image that the generator can make is searched for.",
};
const BOARDS = { target: "the picture", found: "nearest image", left: "difference" };

const shares = (bytes) => Float32Array.from(bytes, (value) => value / 255);

class Cannot extends ReportFilm {
  constructor(ctx) {
    super(ctx, "cannot");
    const boards = Object.entries(BOARDS).map(([key, label]) => [key, new Board({ label, size: SIZE })]);
    this.boards = Object.fromEntries(boards);
    const figures = boards.map(([key, { element }]) => h("figure", {}, element, h("figcaption", {}, BOARDS[key])));
    this.chooser = new Picture(ctx);
    this.nearest = createNearest(ctx);
    this.open({
      nameOf: () => "Searching for a code",
      screen: h("div", { class: "search result" }, h("div", { class: "search-boards" }, figures), this.curves.element),
      label: "The search, step by step",
      filename: "gan-search.gif",
      framesPerSecond: 8,
      above: [this.numbers, this.chooser.element],
      below: [this.nearest.element],
    });
    const why = createSentences({});
    why.set(NO_LIKELIHOOD);
    ctx.main.prepend(h("div", { class: "cannot" }, why.element, why.more));
  }

  enter() {
    super.enter();
    startWithExample(this.ctx);
  }

  wanted() {
    const picture = drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset);
    return picture && { ...super.wanted(), picture };
  }

  update(changed) {
    this.chooser.update();
    super.update(changed);
    this.empty.hidden = this.request !== null;
    this.film.host.hidden = this.request === null;
    setText(this.empty, this.ctx.net().error ?? NOTHING[this.chooser.kind]);
  }

  /** The newest frame is shown while the search goes on. */
  begin() {
    this.film.index = this.at;
    this.film.setSteps(this.steps());
  }

  arrived() {
    super.arrived();
    const done = this.current?.done ? this.current : null;
    this.nearest.meet(done && `${done.id}`, done && shares(done.frames.at(-1).x), this.ctx.net().dataset);
  }

  /** Sentence once the search is over. */
  words() {
    return this.drawn.frames.at(-1).report.words;
  }

  draw(at) {
    super.draw(at);
    const { x, pictures: { target, left }, report } = this.drawn.frames[at];
    const images = { target, found: x, left };
    for (const [key, board] of Object.entries(this.boards)) {
      board.show({ values: shares(images[key]), words: report.caption });
    }
    this.ctx.show("out", shares(x));
  }
}

export default {
  create: (ctx) => new Cannot(ctx),
};
