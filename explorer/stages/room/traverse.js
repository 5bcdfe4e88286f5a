/** Traverse: every latent of a picture by what it costs on average, and the picture with one of them moved. */

import { Chart } from "../kit/chart/chart.js";
import { headline } from "../kit/shell/more.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, empty, fillPanel } from "../kit/shell/parts.js";
import { codeImage, drawImage, imageCanvas, imageOf, PIXELS } from "../kit/image/pixels.js";
import { keySlider } from "../kit/shell/slider.js";
import { rowsPicture, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { images } from "../questions/images.js";
import { changeOf, latentName, stepOf, traverseWords } from "./traverse_words.js";

const FEW = 7;
const STRIDE = 5; // of the finer places, from one on a strip to the next
const SIZE = 212;
const ASK_AGAIN = ["net", "img", "draw", "source", "rank", "mode"];

class Traverse {
  constructor(ctx) {
    this.ctx = ctx;
    this.latents = new OneByOne(ctx, "latents", () => ctx.refresh("latents"));
    this.moves = new OneByOne(ctx, "one_latent", () => ctx.refresh("moves"));
    this.bytes = new WeakMap();
    this.build();
  }

  build() {
    const { ctx } = this;
    const last = ctx.fields.rank.high;
    this.last = last;
    this.chart = new Chart(ctx, {
      label: "What every latent costs on average",
      height: 290,
      onMove: (place, { rest }) => this.choose(Math.min(last, Math.floor(place)), rest),
    });
    this.chart.canvas.tabIndex = 0; // for ↑ and ↓
    this.image = imageCanvas("The picture with this latent moved", SIZE);
    this.slider = keySlider(ctx, "z", "z", {
      step: 0.2,
      words: (value) => num(value, 1),
      label: "Where the latent is moved to",
      live: true,
    });
    this.numbers = headline(this.rows(null), 2);
    this.strips = ["chosen", "first", "last"].map((which) => {
      const strip = new Strip(`${which} latent`, FEW, 64);
      strip.canvas.addEventListener("click", (event) => {
        const z = -3 + strip.placeAt(event);
        if (which === "chosen") ctx.store.commit({ z });
        else ctx.store.commit({ rank: which === "first" ? 0 : last, z });
      });
      return { which, strip, words: h("h2") };
    });
    this.empty = empty();
    this.screen = h(
      "div",
      { class: "traverse" },
      h("div", { class: "moved" }, this.image, this.slider.element, this.numbers),
      h(
        "div",
        { class: "latents result" },
        this.chart.element,
        this.strips.flatMap(({ strip, words }) => [words, strip.element]),
      ),
    );
    fill(ctx.main, this.empty, this.screen);
    this.chooser = images.chooser(ctx);
    this.seen = createSeen();
    fillPanel(ctx, this.chooser.element, this.seen.element, createTries(ctx));
  }

  enter() {
    images.start(this.ctx);
  }

  choose(rank, rest) {
    if (rank !== this.ctx.store.get().rank || rest) this.ctx.store.set({ rank }, { commit: rest });
  }

  key({ key }) {
    const { rank, z } = this.ctx.store.get();
    const move = { ArrowLeft: -0.2, ArrowRight: 0.2 }[key];
    const to = { ArrowUp: rank - 1, ArrowDown: rank + 1, Home: 0, End: this.last }[key];
    if (move === undefined && to === undefined) return false;
    if (to !== undefined) this.choose(Math.max(0, Math.min(this.last, to)), true);
    else {
      const from = stepOf(z ?? this.own ?? 0);
      this.ctx.store.commit({ z: Math.max(-3, Math.min(3, stepOf(from + move))) });
    }
    return true;
  }

  get picked() {
    return images.picked(this.ctx);
  }

  request(rank) {
    return { net: this.ctx.store.get().net, picture: this.picked, rank };
  }

  /** What is known of the picture's code, null while it is on its way. */
  get code() {
    return this.picked && this.latents.of({ net: this.ctx.store.get().net, picture: this.picked });
  }

  /** Where the encoder puts the latent in use. */
  get own() {
    return this.code?.mu[this.ctx.store.get().rank];
  }

  update(changed) {
    this.chooser.update();
    const { rank, z, net } = this.ctx.store.get();
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      this.latents.want(this.picked ? [{ net, picture: this.picked }] : []);
      this.moves.want(this.picked ? [rank, 0, this.last].map((each) => this.request(each)) : []);
    }
    const { error } = this.ctx.net();
    this.empty.hidden = !error && this.picked !== null;
    this.screen.hidden = !this.empty.hidden;
    setText(this.empty, error ?? "Choose a test image or draw one: its latents are moved one by one.");
    if (this.screen.hidden) return this.seen("");
    this.slider.set(z ?? stepOf(this.own ?? 0));
    this.show();
  }

  /** The 31 images of a latent that is moved, null while they are on their way. */
  imagesOf(rank) {
    const answer = this.moves.of(this.request(rank));
    if (answer && !this.bytes.has(answer)) this.bytes.set(answer, fromBase64(answer.x));
    return answer && this.bytes.get(answer);
  }

  show() {
    const { rank, z } = this.ctx.store.get();
    const { code } = this;
    const at = z ?? stepOf(this.own ?? 0);
    const place = Math.max(0, Math.min(30, Math.round((at + 3) / 0.2)));
    const frames = this.imagesOf(rank);
    const moved = frames && imageOf(frames, place);
    if (frames) drawImage(this.image, moved);
    this.ctx.show("code", code && codeImage(code.mu.map((mu, k) => (k === rank ? at : mu))));
    this.ctx.show("out", moved);
    dim(this.image, !frames);
    this.image.setAttribute("aria-label", `The picture with latent ${rank + 1} moved to ${num(at, 1)}`);
    this.numbers.set(this.rows(code));
    this.showStrips(rank, place);
    this.showChart(rank);
    if (!code || !frames) return;
    const words = traverseWords({ rank, at, code, rows: this.ctx.net().rows, change: changeOf(frames) });
    this.seen(words);
    this.ctx.describe(words);
  }

  showStrips(rank, place) {
    const ranks = { chosen: rank, first: 0, last: this.last };
    for (const { which, strip, words } of this.strips) {
      const frames = this.imagesOf(ranks[which]);
      const few = frames &&
        Uint8Array.from(
          { length: FEW * PIXELS },
          (_, i) => frames[Math.floor(i / PIXELS) * STRIDE * PIXELS + (i % PIXELS)],
        );
      strip.show(few, "from −3 to 3");
      if (which === "chosen") strip.mark(Math.round(place / STRIDE));
      setText(words, latentName(which, ranks[which], this.costs));
    }
  }

  /** The mean KL of every latent by rank, as the card has it. */
  get costs() {
    return this.ctx.net().rows.filter(({ name }) => name === "kl").map(({ value }) => value);
  }

  showChart(rank) {
    const { costs } = this;
    const top = Math.max(0.5, ...costs);
    this.chart.show({
      xs: [0, this.last + 1],
      ys: [0, top],
      ticks: { x: [0.5, 7.5, 15.5, 23.5, 31.5], y: [0, Number((top / 2).toFixed(1)), Number(top.toFixed(1))] },
      names: { x: ["1", "8", "16", "24", "32"] },
      name: "mean KL, nats, of each latent, by rank",
      bars: costs.map((y, k) => ({ x0: k, x1: k + 1, y })),
      cursor: rank + 0.5,
      words: `latent ${rank + 1} of ${this.last + 1} costs ${num(costs[rank], 2)} nats`,
    });
  }

  rows(code) {
    const { rank } = this.ctx.store.get();
    return [
      ["its mean μ here", num(code?.mu[rank], 2)],
      ["its width σ here", num(code?.sigma[rank], 2)],
      ["KL here, nats, = exact", num(code?.kl[rank], 2)],
      ["KL on average, nats", num(this.costs[rank], 2)],
    ];
  }

  /** The strips as a picture to keep. */
  hasResult(what) {
    return what === "table" ? Boolean(this.code) : this.strips.every(({ strip }) => strip.bytes);
  }

  picture() {
    const ranks = { chosen: this.ctx.store.get().rank, first: 0, last: this.last };
    const rows = this.strips.map(({ which, strip }) => ({ name: `latent ${ranks[which] + 1}`, bytes: strip.bytes }));
    if (rows.some(({ bytes }) => !bytes)) return null;
    return rowsPicture(rows, FEW, this.ctx.colours());
  }

  table() {
    const { code } = this;
    if (!code) return null;
    const rows = code.mu.map((mu, k) => [k + 1, code.latents[k], mu, code.sigma[k], code.kl[k], this.costs[k]]);
    const head = ["rank", "latent", "mean", "width", "KL of this picture, nats", "mean KL over the test images, nats"];
    return { name: `${this.ctx.store.get().net}-latents`, rows: [head, ...rows] };
  }
}

export default {
  hint: "Choose a latent by its bar, then move it",
  create: (ctx) => new Traverse(ctx),
};
