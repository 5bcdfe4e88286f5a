/**
 * Score: the exact log p(x) of any picture, where it comes from, whom it would flag, and the classifier that it makes.
 */

import { fill, h } from "../kit/shell/dom.js";
import { dim, segmented } from "../kit/shell/parts.js";
import { nameOf } from "../kit/image/picture.js";
import { PictureAnswer } from "../kit/image/picture_answer.js";
import { toBytes } from "../kit/image/pixels.js";
import { Bayes } from "./bayes.js";
import { Histograms } from "./histograms.js";
import { SurpriseMap } from "./surprise_map.js";
import { Trace } from "./trace.js";

const PARTS = [["map", "Map"], ["histograms", "Histograms"], ["bayes", "Bayes"]];
const PIECES = { map: SurpriseMap, histograms: Histograms, bayes: Bayes };
const NOTHING = {
  test: "Choose a test image, a blank page or noise: its exact log p(x) appears here.",
  draw: "Draw something on the pad: its exact log p(x) appears here.",
};

class Score extends PictureAnswer {
  constructor(ctx) {
    super(ctx, "score", { all: true });
    const { commit } = ctx.store;
    this.choice = segmented("What to show", PARTS, (part) => commit({ part: part === PARTS[0][0] ? null : part }));
    this.pieces = Object.fromEntries(Object.entries(PIECES).map(([id, Piece]) => [id, new Piece(ctx)]));
    this.side = h("div", { class: "score-side" });
    this.open(h("div", { class: "stand" }), this.chooser.element, this.choice);
    this.seen.element.after(this.side);
  }

  get part() {
    const { part } = this.ctx.store.get();
    return part in this.pieces ? part : PARTS[0][0];
  }

  get piece() {
    return this.pieces[this.part];
  }

  update(changed) {
    this.choice.set(this.part);
    if (changed.has("part") || changed.has("mode")) this.pieces.histograms.retry();
    super.update(changed);
  }

  show() {
    const { value, side, screen } = this;
    screen.hidden = side.hidden = !value;
    if (!value) this.chooser.fed(null);
    super.show();
    dim(side, !this.answer.isCurrent);
    if (!value) this.seen(this.answer.failed ? "The score did not arrive." : NOTHING[this.chooser.kind] ?? "");
  }

  draw(value) {
    const { piece, screen, side } = this;
    const { asked: request, isCurrent } = this.answer;
    if (value !== this.scored?.value) {
      const net = { name: request.net, ...this.ctx.value().nets[request.net] };
      this.scored = { ...value, value, request, net, trace: new Trace(value, net), name: nameOf(request.picture) };
    }
    const { trace, net } = this.scored;
    this.chooser.fed(isCurrent ? toBytes(trace.grey()) : null, net.levels);
    if (screen.firstChild !== piece.main) {
      fill(screen, piece.main);
      fill(side, piece.side);
    }
    piece.show({ ...this.scored, label: this.trueLabel });
  }

  words(value) {
    return this.piece.words?.() ?? value.words;
  }

  /** The true class where it is one of those that the network knows. */
  get trueLabel() {
    const { request, net } = this.scored;
    return this.answer.isCurrent && request.picture.set === net.dataset ? this.chooser.label : null;
  }

  hasResult() {
    return this.answer.isCurrent;
  }

  picture() {
    return this.hasResult() ? this.piece.picture() : null;
  }

  table() {
    return this.hasResult() ? this.piece.table() : null;
  }
}

export default {
  hint: "One pass gives the exact log p(x) of any picture",
  create: (ctx) => new Score(ctx),
};
