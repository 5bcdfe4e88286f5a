/** One image through the encoder: q(z|x), a draw from it, what it costs, and what is exact in two dimensions. */
import { Answered } from "../kit/ask/answered.js";
import { button, fill, h, setText } from "../kit/base/dom.js";
import { captioned, dim, dimAnswer, empty, fillPanel, numberTable, whileBusy } from "../kit/panel/parts.js";
import { codeImage, drawImage, imageCanvas, toBytes } from "../kit/image/pixels.js";
import { drawnOrTest, startWithExample } from "../kit/image/picture.js";
import { nextSeed } from "../kit/panel/seed.js";
import { Source } from "../kit/image/source.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { codeOf } from "./codes.js";
import { OnMap } from "./on_map.js";
import { paintDot, paintEllipse } from "./paint.js";
import { PosteriorView } from "./posterior_view.js";

const LARGE = 168;

class Encode extends OnMap {
  constructor(ctx) {
    super(ctx, "encode");
    this.encoded = new Answered(ctx, this.declared.ask, () => this.arrived());
    this.posterior = new PosteriorView(ctx, this.declared, () => this.describe());
    this.build();
  }

  build() {
    this.fed = imageCanvas("What the network was fed", LARGE);
    this.decoded = imageCanvas("Reconstruction", LARGE);
    this.pictures = h(
      "div",
      { class: "pictures" },
      this.fedFigure = captioned(this.fed, this.words({}, "img")),
      captioned(this.decoded, "decoded"),
    );
    this.source = new Source(this.ctx, this.pictures);
    this.resample = button("Resample ε", () => this.drawAgain(), { title: "Another draw z = μ + σ ⊙ ε" });
    this.body = h("div", { class: "part shown" });
    this.dims = [this.body];
    this.empty = empty(this.declared.shows.waits);
    this.full = h("div", { class: "mode-body" }, this.controls.element, this.note, this.body);
    fillPanel(this.ctx, this.numbers, this.source.element, this.empty, this.full, this.seen.element);
  }

  enter() {
    startWithExample(this.ctx);
    this.ctx.images(this.ctx.net().dataset);
  }

  drawAgain() {
    this.ctx.store.commit({ eps: nextSeed(this.ctx, "eps") });
  }

  get asked() {
    const state = this.ctx.store.get();
    return { ...super.asked, image: drawnOrTest(state, state.data) };
  }

  /** True if an image is chosen. */
  get isChosen() {
    return this.asked.image !== null;
  }

  /** True if the answer is of the image chosen now. */
  get isCurrent() {
    const about = ({ dataset, image }) => JSON.stringify([dataset, image]);
    return Boolean(this.answer) && about(this.answer.request) === about(this.asked);
  }

  asksAgain(changed) {
    return super.asksAgain(changed) || changed.has("img") || changed.has("draw");
  }

  update(changed) {
    this.source.update();
    this.controls.update();
    if (this.asksAgain(changed)) this.ask();
    this.show();
    if (["part", "source", "mode"].some((key) => changed.has(key))) this.showPart();
  }

  show() {
    const { isChosen } = this;
    this.empty.hidden = isChosen;
    this.full.hidden = this.numbers.hidden = !isChosen;
    this.pictures.hidden = !isChosen || !this.answer;
    if (!isChosen) this.seen("");
    const { isCurrent, answer } = this;
    const ofBeta = isCurrent && answer.request.beta !== this.ctx.store.get().beta;
    this.earlier(ofBeta ? answer.request.beta : null);
    dimAnswer(this, !isCurrent || ofBeta || !this.encoded.isCurrent);
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
    if (this.isChosen && this.request) whileBusy(this.resample, () => this.encoded.want(this.request));
  }

  arrived() {
    if (!this.encoded.isCurrent) return;
    const { value, asked: { seed, ...request } } = this.encoded;
    this.answer = { ...value, request, seed };
    this.numbers.set([value.headline]);
    drawImage(this.fed, toBytes(unpackBits(fromBase64(value.bits))));
    setText(this.fedFigure.caption, this.words({}, request.image.bits ? "draw" : "img"));
    this.show();
    this.showPart();
    this.ctx.refresh("overlay");
  }

  showPart() {
    const { answer } = this;
    if (!answer || !this.isChosen) return;
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
    this.seen(part === "posterior" ? this.posterior.words : this.answer.parts[part].words);
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
    if (!this.isChosen || !this.ctx.model.ready) return;
    const { code, answer } = this;
    if (!code) return;
    const { ctx2d, toScreen, colours } = layer;
    const { you, ground } = colours;
    const { part, beta } = this.ctx.store.get();
    if (part === "posterior" && this.isCurrent && answer.request.beta === beta) {
      this.posterior.draw(layer, answer.request);
    }
    if (code.sigma) paintEllipse(ctx2d, code, toScreen, { colour: you });
    paintDot(ctx2d, toScreen(code.mu), 4, { fill: you, stroke: ground });
    if (code.z) paintDot(ctx2d, toScreen(code.z), 6, { stroke: you });
  }
}

export default {
  create: (ctx) => new Encode(ctx),
};
