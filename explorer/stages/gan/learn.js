/** Watch it learn: the same sixteen codes, as the generator made images of them at moments of its training. */

import { createFilm } from "../kit/film/player.js";
import { createClass } from "../kit/image/class_choice.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { Played } from "../kit/film/filmed.js";
import { epochWords, MomentChart, whenWords } from "../kit/film/moments.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, empty, fillPanel } from "../kit/shell/parts.js";
import { imageOf, PIXELS } from "../kit/image/pixels.js";
import { createSeed } from "../kit/shell/seed.js";
import { paintRows, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { Tiles } from "./tiles.js";

const PER_SECOND = 2;
const TILE = 56;
const CHART_HEIGHT = 188;
const ASK_AGAIN = ["net", "seed", "label", "frame", "mode"];
const NONE = "No snapshots of a training were kept.";

class Learn extends Played {
  constructor(ctx) {
    super();
    Object.assign(this, { ctx, asked: null, found: new OneByOne(ctx, "snapshot", () => this.show()) });
    this.build();
  }

  build() {
    const { ctx } = this;
    const { commit } = ctx.store;
    this.tiles = new Tiles({ count: ctx.fields.tap.high + 1, onChoose: (tap) => commit({ tap }) });
    const chart = (label) => new MomentChart(ctx, { label, height: CHART_HEIGHT, film: () => this.film });
    this.charts = {
      discriminator: chart("The discriminator’s loss at each snapshot"),
      generator: chart("The generator’s loss at each snapshot"),
    };
    this.title = h("h2");
    this.empty = empty(NONE);
    this.row = h("section", { class: "generate-path" }, this.title);
    const charts = h("div", { class: "beside-side" }, Object.values(this.charts).map(({ element }) => element));
    this.film = createFilm({
      screen: h("div", { class: "generate" }, this.tiles.element, charts, this.row),
      label: "Training",
      filename: "gan-training.gif",
      framesPerSecond: PER_SECOND,
      onStep: (frame, { rest }) =>
        ctx.store.set({ frame: frame === this.history.length - 1 ? null : frame }, { commit: rest }),
      tell: (moving) => this.tell(moving),
    });
    fill(ctx.main, this.empty, this.film.host);
    this.seed = createSeed(ctx, { words: "Draw again", onRetry: () => this.read() });
    this.label = createClass(Object.create(ctx, { net: { value: () => this.net } }));
    this.whose = h("p", { class: "note" });
    this.seen = createSeen();
    this.seed.element.append(this.label.element);
    fillPanel(ctx, this.whose, this.seed.element, this.seen.element, createTries(ctx));
  }

  /** The network whose training was kept: the one that is chosen, or else the first; its name goes with it. */
  get net() {
    const { nets } = this.ctx.value();
    const kept = Object.keys(nets).filter((name) => !nets[name].error && nets[name].history.length);
    const chosen = this.ctx.net().name;
    const name = kept.includes(chosen) ? chosen : (kept[0] ?? chosen);
    return { name, ...nets[name] };
  }

  /** What was kept at each moment of the training: {epoch, images, discriminator, generator}. */
  get history() {
    const { error, history = [] } = this.net;
    return error ? [] : history;
  }

  get at() {
    const last = this.history.length - 1;
    return Math.min(this.ctx.store.get().frame ?? last, last);
  }

  update(changed) {
    const { net } = this;
    const { seed, label } = this.ctx.store.get();
    for (const part of [this.seed, this.label]) part.update();
    this.empty.hidden = this.history.length > 0;
    this.film.host.hidden = this.history.length === 0;
    setText(this.empty, net.error ?? NONE);
    setText(
      this.whose,
      net.name === this.ctx.net().name
        ? ""
        : `This is the training of the ${net.title} network: of the other one no snapshots were kept.`,
    );
    const key = JSON.stringify([net.name, seed, label]);
    if (key !== this.asked) this.begin(key);
    if (ASK_AGAIN.some((each) => changed.has(each))) this.read();
    this.show();
  }

  leave() {
    super.leave();
    this.found.want([]);
  }

  /** What is asked about each moment. */
  get requests() {
    const { seed, label } = this.ctx.store.get();
    return this.history.map((_, index) => ({ net: this.net.name, index, seed, label }));
  }

  /** What each moment made; null where that is not here yet. */
  get moments() {
    return this.requests.map((request) => {
      const answer = this.found.of(request);
      if (answer) answer.bytes ??= fromBase64(answer.x);
      return answer;
    });
  }

  get isComplete() {
    return this.moments.every(Boolean);
  }

  /** Has every moment made its images, the one that is looked at first; resolves when that has come to its end. */
  read() {
    const { requests, at } = this;
    return this.found.want(requests.length ? [requests[at], ...requests] : []);
  }

  /** Another film. */
  begin(key) {
    this.asked = key;
    this.film.index = this.at;
    this.film.setSteps(this.steps());
  }

  show() {
    if (!this.history.length) return;
    this.film.show(this.at);
    this.showStrip();
    this.seed.failed(this.requests.some((request) => this.found.hasFailed(request)));
  }

  /** Of the moment on screen. */
  tell(moving) {
    const at = this.film.index;
    const row = this.history[at];
    const words = this.moments[at]?.words ?? `${whenWords(row)}: the images of this moment are on their way.`;
    this.seen(words, moving);
    if (!moving) this.ctx.describe(words);
  }

  steps() {
    const { history } = this;
    return {
      length: history.length,
      ready: (at) => at >= history.length || Boolean(this.moments[at]),
      prepare: async () => {
        await this.read();
        return this.isComplete;
      },
      show: (at) => this.draw(at),
      draw: (canvas, at) => this.paint(canvas, at),
      place: (at) => `${at + 1}/${history.length}`,
      caption: (at) => whenWords(history[at]),
    };
  }

  draw(at) {
    const moment = this.moments[at];
    const { tap } = this.ctx.store.get();
    dim(this.tiles.element, !moment);
    this.ctx.show("out", moment ? imageOf(moment.bytes, tap) : null);
    if (moment) {
      this.tiles.show({ images: moment.bytes, scores: moment.scores, names: this.names(moment), chosen: tap });
    }
    for (const [player, chart] of Object.entries(this.charts)) {
      chart.show(this.history, this.history.map((row) => row[player]), at, `the ${player}’s loss, held-out images`);
    }
  }

  names({ labels }) {
    const { classes } = this.net;
    return labels.map((label) => classes[label]);
  }

  /** One image of the sixteen through the whole training. */
  showStrip() {
    const { history, moments } = this;
    const { tap } = this.ctx.store.get();
    if (this.strip?.count !== history.length) this.makeStrip(history.length);
    const row = new Uint8Array(history.length * PIXELS);
    moments.forEach((moment, k) => moment && row.set(imageOf(moment.bytes, tap), k * PIXELS));
    setText(this.title, `Image ${tap + 1} through the training`);
    this.strip.show(row, `${moments.filter(Boolean).length} of ${history.length} snapshots`);
    this.strip.mark(this.at);
  }

  makeStrip(count) {
    this.strip = new Strip("The image that was tapped, snapshot by snapshot", count, TILE);
    this.strip.canvas.addEventListener("click", (event) => this.film.go(this.strip.placeAt(event)));
    fill(this.row, this.title, this.strip.element);
  }

  paint(canvas, at) {
    const rows = Array.from(
      { length: 4 },
      (_, k) => ({
        name: k ? "" : epochWords(this.history[at]),
        bytes: imageOf(this.moments[at].bytes, k, 4),
      }),
    );
    paintRows(canvas, rows, 4, this.ctx.colours());
  }

  hasResult(what) {
    return Boolean(what === "table" ? this.history.length : this.moments[this.at]);
  }

  picture() {
    if (!this.moments[this.at]) return null;
    const canvas = h("canvas");
    this.paint(canvas, this.at);
    return canvas;
  }

  table() {
    const { history } = this;
    if (!history.length) return null;
    const rows = history.map((
      { epoch, images, discriminator, generator },
      k,
    ) => [epoch, images, discriminator, generator, this.moments[k]?.scores[this.ctx.store.get().tap]]);
    return {
      name: `${this.net.name}-training`,
      rows: [["epoch", "images", "loss of the discriminator", "loss of the generator", "score of the image"], ...rows],
    };
  }
}

export default {
  hint: "Sixteen codes during training; tap an image to follow it",
  create: (ctx) => new Learn(ctx),
};
