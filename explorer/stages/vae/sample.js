/** 64 draws from the prior, and why their means are blurry. */
import { ImageGrid } from "../kit/image/grid.js";
import { codeImage, imageOf, PIXELS, toBytes } from "../kit/image/pixels.js";
import { floats32, fromBase64 } from "../kit/plane/tensors.js";
import { Answered } from "../kit/ask/answered.js";
import { h } from "../kit/base/dom.js";
import { dim, dimAnswer, fillPanel } from "../kit/panel/parts.js";
import { OnMap } from "./on_map.js";
import { paintDot } from "./paint.js";

const COLUMNS = 8;
const DRAWS = COLUMNS * COLUMNS;
const PER_FRAME = 16;
const VEIL = 0.6; // opacity of the ground over what the draws stand on

class Sample extends OnMap {
  constructor(ctx) {
    super(ctx, "sample");
    this.drawn = new Answered(ctx, this.declared.ask, () => this.arrived());
    this.met = new Answered(ctx, "nearest_images", () => this.showNear());
    this.moving = null;
    this.grid = new ImageGrid({
      label: "Draw from the prior",
      columns: COLUMNS,
      rows: COLUMNS,
      onChoose: (tap) => this.answer && ctx.store.commit({ tap }),
    });
    this.near = new ImageGrid({ label: "The draw, and what it resembles", columns: 4, rows: 1 });
    this.dims = [this.near.element];
    const shown = h("div", { class: "draws shown" }, this.grid.element, this.near.element);
    fillPanel(ctx, this.numbers, this.controls.element, shown, this.note, this.seen.element);
  }

  update(changed) {
    const { beta } = this.ctx.store.get();
    this.controls.update();
    if (changed.has("pixels") || changed.has("theme") || !this.answer) this.show();
    if (this.answer) this.follow(beta);
    if (this.asksAgain(changed)) this.ask();
    if (["tap", "pixels", "mode"].some((key) => changed.has(key))) this.meet();
  }

  /** Dims what belongs to other draws, to another β, or to another of the draws. */
  mark() {
    const { answer, drawn, met } = this;
    const { beta, data, seed, pixels, tap } = this.ctx.store.get();
    const [ofBeta, ofDraws] = [answer.beta !== beta, answer.dataset !== data || answer.seed !== seed];
    this.earlier(ofBeta && (tap !== null || pixels === "bits") ? answer.beta : null);
    dim(this.grid.element, ofDraws || (ofBeta && pixels === "bits"));
    dimAnswer(this, ofDraws || ofBeta || !drawn.isCurrent || (tap !== null && !met.isCurrent));
  }

  /** While β moves, the same z are decoded here, a few a frame; pixels drawn by Python stay, dimmed. */
  follow(beta) {
    const { answer, moving } = this;
    this.mark();
    if (answer.beta !== beta) {
      if (moving?.beta !== beta) {
        this.moving = { beta, left: DRAWS, next: moving?.next ?? 0, means: moving?.means ?? answer.means.slice() };
      }
      if (this.moving.left > 0) this.decodeSome(this.moving);
    } else if (moving) {
      this.moving = null;
      this.show();
    }
  }

  decodeSome(moving) {
    for (let k = 0; k < PER_FRAME && moving.left > 0; k++) {
      const i = moving.next;
      const pixels = this.ctx.decode(this.zOf(i), moving.beta);
      if (!pixels) return;
      moving.means.set(toBytes(pixels), PIXELS * i);
      Object.assign(moving, { next: (i + 1) % DRAWS, left: moving.left - 1 });
    }
    this.show();
  }

  ask() {
    if (!this.ctx.net().error) this.drawn.want(this.asked);
  }

  arrived() {
    const { isCurrent, asked, value } = this.drawn;
    if (!isCurrent) return;
    const [means, bits] = [value.means, value.bits].map(fromBase64);
    this.answer = { ...asked, words: value.words, numbers: value.numbers, z: floats32(value.z), means, bits };
    this.moving = null;
    this.follow(this.ctx.store.get().beta);
    this.show();
    this.meet();
  }

  zOf(i) {
    return [...this.answer.z.subarray(2 * i, 2 * i + 2)];
  }

  /** The draws as they are on the screen: means, or pixels drawn from them. */
  show() {
    const { answer, moving, ctx } = this;
    const { tap, pixels } = ctx.store.get();
    this.grid.element.hidden = !answer;
    if (!answer) return;
    const bytes = pixels === "bits" ? answer.bits : moving?.means ?? answer.means;
    this.grid.show({ bytes, marks: tap === null ? {} : { [tap]: "now" } });
    ctx.show("code", codeImage(this.zOf(tap ?? 0)));
    ctx.show("out", imageOf(bytes, tap ?? 0));
    ctx.refresh("overlay");
  }

  /** Asks for what the tapped draw resembles; its z stays the same while β and the pixels change. */
  meet() {
    const { tap, pixels } = this.ctx.store.get();
    if (!this.answer) return;
    const { dataset, beta, seed, words, numbers } = this.answer;
    this.show();
    this.met.want(tap === null ? null : { dataset, beta, seed, tap, pixels });
    this.mark();
    if (tap !== null) return this.ctx.describe(this.words({ at: tap + 1, draws: DRAWS, z: this.zOf(tap) }, "draw"));
    this.near.element.hidden = true;
    this.numbers.set(numbers);
    this.seen(words);
  }

  showNear() {
    const { value, isCurrent } = this.met;
    if (!isCurrent) return;
    this.mark();
    this.near.element.hidden = false;
    this.near.show({ bytes: fromBase64(value.images), captions: value.names });
    this.numbers.set(value.numbers);
    this.seen(value.words);
  }

  table() {
    const { answer } = this;
    if (!answer) return null;
    const rows = Array.from({ length: DRAWS }, (_, i) => [i + 1, ...this.zOf(i)]);
    return { name: `draws-${answer.dataset}-${answer.seed}`, rows: [["draw", "z1", "z2"], ...rows] };
  }

  /** The draws, over the test images' codes in fainter colours. */
  draw({ ctx2d, toScreen, width, height, colours: { you, ink, ground } }) {
    if (!this.answer) return;
    const { tap } = this.ctx.store.get();
    ctx2d.globalAlpha = VEIL;
    ctx2d.fillStyle = ground;
    ctx2d.fillRect(0, 0, width, height);
    ctx2d.globalAlpha = 1;
    for (let i = 0; i < DRAWS; i++) {
      paintDot(ctx2d, toScreen(this.zOf(i)), i === tap ? 8 : 5, { fill: i === tap ? you : ink, stroke: ground });
    }
  }
}

export default {
  create: (ctx) => new Sample(ctx),
};
