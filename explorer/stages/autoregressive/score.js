/**
 * Score: the exact log p(x) of any picture, where it comes from, whom it would flag, and the classifier that it makes.
 */

import { Answered } from "../kit/shell/answered.js";
import { fill, h, setText, tryAgain } from "../kit/shell/dom.js";
import { createSeen, dim, empty, fillPanel, segmented } from "../kit/shell/parts.js";
import { toBytes } from "../kit/image/pixels.js";
import { Bayes } from "./bayes.js";
import { Histograms } from "./histograms.js";
import { nameOf, Picture, pictureOf, startWithExample } from "../kit/image/picture.js";
import { SurpriseMap } from "./surprise_map.js";
import { Trace } from "./trace.js";
import { createTries } from "../kit/lesson/tries.js";

const PARTS = [["map", "Map"], ["histograms", "Histograms"], ["bayes", "Bayes"]];
const PIECES = { map: SurpriseMap, histograms: Histograms, bayes: Bayes };
const ASK_AGAIN = ["net", "img", "draw", "source", "set", "kind", "seed", "mode", "again"];
const TEST = { kind: "test", source: null, draw: null };
const TRIES = [
  ["A boot, to the digits' network", {
    ...TEST,
    net: "pixelcnn-mnist",
    set: "fashion-mnist",
    img: 30,
    part: "histograms",
  }],
  ["A digit, to Fashion's", { ...TEST, net: "pixelcnn-fashion-mnist", set: "mnist", img: 33, part: "histograms" }],
  ["Nothing at all", { kind: "blank", part: "histograms" }],
  ["Which class is noise?", { kind: "noise", net: "pixelcnn-mnist", part: "bayes" }],
];
const NOTHING = {
  test: "Choose a test image, a blank page or noise: its exact log p(x) appears here.",
  draw: "Draw something on the pad: its exact log p(x) appears here.",
};
const FAILED = "The score did not arrive.";

class Score {
  constructor(ctx) {
    this.ctx = ctx;
    this.answer = null;
    this.scored = new Answered(ctx, "score", () => this.arrived());
    const { commit } = ctx.store;
    this.chooser = new Picture(ctx, { all: true });
    this.choice = segmented("What to show", PARTS, (part) => commit({ part: part === PARTS[0][0] ? null : part }));
    this.pieces = Object.fromEntries(Object.entries(PIECES).map(([id, Piece]) => [id, new Piece(ctx)]));
    this.empty = empty();
    this.failed = h("p", { class: "row", hidden: true }, FAILED, tryAgain(() => ctx.refresh("again")));
    this.full = h("div");
    this.side = h("div", { class: "score-side" });
    this.seen = createSeen();
    fill(ctx.main, h("div", { class: "stand" }, this.empty, this.failed, this.full));
    fillPanel(ctx, this.chooser.element, this.choice, this.seen.element, this.side, createTries(ctx, TRIES));
  }

  enter() {
    startWithExample(this.ctx);
  }

  get part() {
    const { part } = this.ctx.store.get();
    return part in this.pieces ? part : PARTS[0][0];
  }

  get piece() {
    return this.pieces[this.part];
  }

  /** What Python is asked; null while nothing is chosen. */
  get request() {
    const state = this.ctx.store.get();
    const picture = pictureOf(state, this.ctx.net().dataset);
    return picture && { net: state.net, picture };
  }

  get isCurrent() {
    return this.answer !== null && JSON.stringify(this.answer.request) === JSON.stringify(this.request);
  }

  update(changed) {
    this.chooser.update();
    this.choice.set(this.part);
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    if (changed.has("part") || changed.has("mode")) this.pieces.histograms.retry();
    this.show();
  }

  ask() {
    this.scored.want(this.ctx.net().error ? null : this.request);
  }

  /** The score is here, or did not come. */
  arrived() {
    const { isCurrent, value, asked: request } = this.scored;
    const net = this.ctx.net();
    if (isCurrent) {
      this.answer = { ...value, request, net, trace: new Trace(value, net), name: nameOf(request.picture) };
    }
    this.show();
  }

  show() {
    const { request, answer, isCurrent, piece } = this;
    const { error } = this.ctx.net();
    setText(this.empty, error ?? (request ? "Scoring…" : NOTHING[this.chooser.kind]));
    const shown = request !== null && answer !== null && !error;
    this.failed.hidden = !this.scored.failed;
    this.empty.hidden = shown || !this.failed.hidden;
    this.full.hidden = !shown;
    this.side.hidden = !shown;
    this.chooser.fed(isCurrent ? toBytes(answer.trace.grey()) : null, answer?.net.levels);
    if (!shown) return this.seen("");
    for (const element of [this.full, this.side, this.seen.element]) dim(element, !isCurrent);
    if (this.full.firstChild !== piece.main) {
      fill(this.full, piece.main);
      fill(this.side, piece.side);
    }
    piece.show({ ...answer, label: this.trueLabel });
    this.seen(piece.words());
  }

  /** The true class where it is one of those that the network knows. */
  get trueLabel() {
    const { answer } = this;
    return this.isCurrent && answer.request.picture.set === answer.net.dataset ? this.chooser.label : null;
  }

  hasResult() {
    return Boolean(this.isCurrent);
  }

  picture() {
    return this.isCurrent ? this.piece.picture() : null;
  }

  table() {
    return this.isCurrent ? this.piece.table() : null;
  }
}

export default {
  hint: "One pass gives the exact log p(x) of any picture",
  create: (ctx) => new Score(ctx),
};
