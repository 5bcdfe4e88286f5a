/** One image through the encoder: q(z|x), a draw from it, what it costs, and what is exact in two dimensions. */
import { Answered } from "../kit/ask/answered.js";
import { button, fill, h, setText } from "../kit/base/dom.js";
import { headline, NOTHING } from "../kit/panel/more.js";
import {
  captioned,
  createSeen,
  dim,
  dimAnswer,
  empty,
  fillPanel,
  keySegments,
  numberTable,
  whileBusy,
} from "../kit/panel/parts.js";
import { codeImage, drawImage, imageCanvas, toBytes } from "../kit/image/pixels.js";
import { drawnOrTest, startWithExample } from "../kit/image/picture.js";
import { nextSeed } from "../kit/panel/seed.js";
import { Source } from "../kit/image/source.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { codeOf } from "./codes.js";
import { createEarlier } from "./earlier.js";
import { OnMap } from "./on_map.js";
import { paintDot, paintEllipse } from "./paint.js";
import { PosteriorView } from "./posterior_view.js";

const LARGE = 168;
const PARTS = [["code", "Bounds"], ["posterior", "Exact posterior"], ["gradients", "Gradients"]];
const ASK_AGAIN = ["data", "rest", "img", "draw", "eps", "assets", "mode"];
const FED = { img: "fed: binarised", draw: "fed: ink above half" };

class Encode extends OnMap {
  constructor(ctx) {
    super(ctx);
    this.asked = new Answered(ctx, "encode", () => this.arrived());
    this.posterior = new PosteriorView(ctx, () => this.describe());
    this.build();
  }

  build() {
    this.fed = imageCanvas("What the network was fed", LARGE);
    this.decoded = imageCanvas("Reconstruction", LARGE);
    this.pictures = h(
      "div",
      { class: "pictures" },
      this.fedFigure = captioned(this.fed, FED.img),
      captioned(this.decoded, "decoded"),
    );
    this.source = new Source(this.ctx, this.pictures);
    this.resample = button("Resample ε", () => this.drawAgain(), { title: "Another draw z = μ + σ ⊙ ε" });
    this.part = keySegments(this.ctx, "part", "What to show", PARTS);
    this.body = h("div", { class: "part shown" });
    this.seen = createSeen();
    this.numbers = headline([["−ELBO = D + R, this image", NOTHING]], 0);
    this.dims = [this.body];
    this.earlier = createEarlier();
    this.empty = empty("Click a point on the map, choose a test image, or draw one of your own.");
    this.full = h("div", { class: "mode-body" }, this.part, this.earlier.element, this.body);
    fillPanel(this.ctx, this.numbers, this.source.element, this.empty, this.full, this.seen.element);
  }

  enter() {
    startWithExample(this.ctx);
    this.ctx.images(this.ctx.net().dataset);
  }

  drawAgain() {
    this.ctx.store.commit({ eps: nextSeed(this.ctx, "eps") });
  }

  /** Question to Python, at the β that last lay still; null while nothing is chosen. */
  get request() {
    const state = this.ctx.store.get();
    const image = drawnOrTest(state, state.data);
    return image && { dataset: state.data, beta: this.ctx.restingBeta, image };
  }

  /** True if the answer is of the image chosen now. */
  get isCurrent() {
    const { answer, request } = this;
    const about = ({ dataset, image }) => JSON.stringify([dataset, image]);
    return Boolean(answer && request) && about(answer.request) === about(request);
  }

  update(changed) {
    this.source.update();
    const { part } = this.ctx.store.get();
    this.part.set(part);
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    this.show();
    if (["part", "source", "mode"].some((key) => changed.has(key))) this.showPart();
  }

  show() {
    const chosen = this.request !== null;
    this.empty.hidden = chosen;
    this.full.hidden = this.numbers.hidden = !chosen;
    this.pictures.hidden = !chosen || !this.answer;
    if (!chosen) this.seen("");
    const { isCurrent, answer } = this;
    const ofBeta = isCurrent && answer.request.beta !== this.ctx.store.get().beta;
    this.earlier(ofBeta ? answer.request.beta : null);
    dimAnswer(this, !isCurrent || ofBeta || !this.asked.isCurrent);
    dim(this.fed, !isCurrent);
    this.showDecoded();
  }

  /** The draw decoded: Python's picture at its β, the browser's own while β moves. */
  showDecoded() {
    const { answer, isCurrent } = this;
    const code = isCurrent ? this.code : null;
    this.ctx.show("code", code?.z ? codeImage(code.z) : null);
    dim(this.decoded, !isCurrent);
    if (!isCurrent) return this.ctx.show("out", null);
    const { beta, eps } = this.ctx.store.get();
    const pixels = answer.request.beta === beta
      ? fromBase64(answer.reconstruction)
      : code?.z && this.ctx.decode(code.z);
    dim(this.decoded, !pixels || answer.seed !== eps);
    if (pixels) drawImage(this.decoded, pixels);
    this.ctx.show("out", this.decoded);
  }

  ask() {
    const { request } = this;
    if (!request || !this.ctx.model.ready || this.ctx.net().error) return;
    const wanted = { ...request, seed: this.ctx.store.get().eps };
    whileBusy(this.resample, () => this.asked.want(wanted));
  }

  arrived() {
    if (!this.asked.isCurrent) return;
    const { value, asked: { seed, ...request } } = this.asked;
    this.answer = { ...value, request, seed };
    this.numbers.set([value.headline]);
    drawImage(this.fed, toBytes(unpackBits(fromBase64(value.bits))));
    setText(this.fedFigure.caption, request.image.bits ? FED.draw : FED.img);
    this.show();
    this.showPart();
    this.ctx.refresh("overlay");
  }

  showPart() {
    const { answer } = this;
    if (!answer || !this.request) return;
    const { part } = this.ctx.store.get();
    if (part === "posterior") {
      fill(this.body, this.posterior.element);
      this.posterior.update(answer);
    } else fill(this.body, this.tables(part, answer.parts[part]));
    this.describe();
  }

  tables(part, { tables, formulas, cannot }) {
    const [first, ...others] = tables.map((each) => numberTable(...each));
    const isDrawn = part === "code" && !cannot;
    if (isDrawn) { for (const table of [first, ...others]) table.classList.add("with-numbers"); }
    const lead = first && h("div", { class: "draw-of-z" }, first, isDrawn && this.resample);
    return [
      formulas && h("p", { class: "formulas" }, formulas),
      h("div", { class: "code-view" }, lead, others),
      cannot && h("p", { class: "cannot" }, cannot),
    ];
  }

  describe() {
    const { part } = this.ctx.store.get();
    this.seen(part === "posterior" ? this.posterior.words() : this.answer.parts[part].words);
  }

  hasResult(what) {
    return what === "table" ? this.isCurrent : super.hasResult(what);
  }

  table() {
    return this.isCurrent ? { name: "encoded", rows: this.answer.table } : null;
  }

  pointer({ type, nearest }) {
    if (type !== "tap" || nearest < 0) return false;
    this.ctx.store.commit({ img: nearest, draw: null, source: null });
    return true;
  }

  /** The posterior to draw: Python's, or the measured one while β moves and a test image is chosen. */
  get code() {
    const { beta, img } = this.ctx.store.get();
    const { answer, isCurrent } = this;
    if (isCurrent && answer.request.beta === beta) return answer;
    if (img === null) return null;
    const points = this.ctx.model.atlas.points(beta);
    const mu = codeOf(points.mu, img);
    if (beta === 0) return { mu, sigma: null, z: mu };
    const sigma = codeOf(points.sigma, img);
    const eps = isCurrent ? answer.eps : null;
    return { mu, sigma, z: eps && mu.map((value, axis) => value + sigma[axis] * eps[axis]) };
  }

  draw(layer) {
    if (!this.request || !this.ctx.model.ready) return;
    const { code } = this;
    if (!code) return;
    const { ctx2d, toScreen, colours } = layer;
    const { you, ground } = colours;
    const { part, beta } = this.ctx.store.get();
    if (part === "posterior" && beta === this.ctx.restingBeta) this.posterior.draw(layer, this.request);
    if (code.sigma) paintEllipse(ctx2d, code, toScreen, { colour: you });
    paintDot(ctx2d, toScreen(code.mu), 4, { fill: you, stroke: ground });
    if (code.z) paintDot(ctx2d, toScreen(code.z), 6, { stroke: you });
  }
}

export default {
  hint: "Where does the encoder put an image, and how surely?",
  create: (ctx) => new Encode(ctx),
};
