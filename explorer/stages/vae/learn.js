/** Training, replayed from snapshots: each frame uses that snapshot's own encoder and decoder. */
import { createFilm } from "../kit/film/player.js";
import { Answered } from "../kit/ask/answered.js";
import { fill, h, setText } from "../kit/base/dom.js";
import { MomentChart, whenWords } from "../kit/film/moments.js";
import { headline } from "../kit/panel/more.js";
import { createSeen, debounce, empty, fillPanel } from "../kit/panel/parts.js";
import { createEarlier } from "./earlier.js";
import { OnMap } from "./on_map.js";
import { paintCloud } from "./paint.js";
import { snapshotsOf } from "./snapshots.js";

const REST_MS = 120;
const CHART_HEIGHT = 96;
const READING = "Reading the snapshots kept during training…";
const UNREADABLE = "The snapshots of this data set cannot be read. The other modes still work.";
const ASK_AGAIN = ["mode", "assets", "data", "rest"];

class Learn extends OnMap {
  constructor(ctx) {
    super(ctx);
    this.inside = false;
    this.training = new Answered(ctx, "training", () => this.arrived());
    this.decodeSoon = debounce(() => this.useDecoder(), REST_MS);
    this.encodeSoon = debounce(() => this.useCodes(), REST_MS);
    this.build();
  }

  build() {
    this.cloud = h("canvas");
    this.film = createFilm({
      host: h("div", { class: "learn-film" }),
      places: () => ["step"],
      onStep: (step, { rest }) => this.ctx.store.set({ step }, { commit: rest }),
      tell: (moving) => this.tell(moving),
      label: "Training",
      filename: "training.gif",
      framesPerSecond: 2,
    });
    this.curves = h("div", { class: "mode-body" });
    this.note = h("p", { class: "note with-words" });
    this.seen = createSeen();
    this.numbers = headline([], 0);
    this.earlier = createEarlier(this.film.host, this.numbers, this.seen.element);
    this.empty = empty(READING);
    this.full = h(
      "div",
      { class: "mode-body" },
      this.earlier.element,
      this.film.host,
      this.curves,
      this.note,
    );
    fillPanel(this.ctx, this.numbers, this.empty, this.full, this.seen.element);
    for (const element of this.answers) element.hidden = true;
  }

  /** Parts of the panel once the training is read. */
  get answers() {
    return [this.full, this.numbers, this.seen.element];
  }

  /** The training plays once by itself, unless the address says where it stands; where motion is unwanted it is over. */
  enter() {
    this.inside = true;
    this.opens = this.ctx.store.get().step === null && !this.ctx.prefersReducedMotion();
  }

  leave() {
    this.inside = false;
    this.film.pause();
    this.release();
  }

  /** Gives the map back to the trained model. */
  release() {
    this.ctx.map.setPoints(null);
    this.ctx.map.setDecoder(null);
    this.earlier(null);
  }

  /** Record of the training on this data set; null while it is on its way. */
  get answer() {
    const { asked, value } = this.training;
    return asked?.dataset === this.ctx.store.get().data && value.files.length ? value : null;
  }

  get step() {
    const last = this.answer.files.length - 1;
    return Math.min(this.ctx.store.get().step ?? (this.ctx.prefersReducedMotion() ? last : 0), last);
  }

  update(changed) {
    const { ctx } = this;
    const { error } = ctx.net();
    if (changed.has("data")) this.release();
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      const wanted = { dataset: ctx.store.get().data, beta: ctx.restingBeta };
      this.training.want(ctx.model.ready && !error ? wanted : null);
      this.arrived();
    } else if (this.answer && (changed.has("beta") || changed.has("step"))) {
      if (changed.has("step")) this.film.show(this.step);
      this.show();
    }
  }

  arrived() {
    const { answer, training } = this;
    for (const element of this.answers) element.hidden = !answer;
    this.empty.hidden = answer !== null;
    const isLost = this.ctx.net().error || training.failed || training.value;
    setText(this.empty, isLost ? UNREADABLE : READING);
    if (!answer || !this.inside) return;
    this.snapshots = snapshotsOf(this.ctx);
    this.film.index = this.step;
    this.film.setSteps(this.steps());
    this.show();
    if (this.opens) this.film.toggle();
    this.opens = false;
  }

  show() {
    this.showCharts();
    this.markEarlier();
    if (this.snapshots.codes(this.step, this.ctx.restingBeta)) this.useCodes();
    else this.encodeSoon();
    this.decodeSoon();
  }

  /** Codes come from Python, at the β that last lay still; under a moving one they wait, and the map says so. */
  markEarlier() {
    const shown = this.ctx.map.override?.beta ?? this.ctx.restingBeta;
    const isEarlier = shown !== this.ctx.store.get().beta;
    this.earlier(isEarlier ? shown : null);
    this.ctx.map.setWaiting(isEarlier);
  }

  steps() {
    const { snapshots, ctx } = this;
    const { moments, numbers, files } = this.answer;
    const beta = ctx.restingBeta;
    let all = null;
    return {
      length: files.length,
      draw: (canvas, i) => paintCloud(canvas, all?.[i] ?? snapshots.codes(i, beta), ctx.assets.labels, ctx.map.colours),
      caption: (i) => whenWords(moments[i]),
      numbers: (i) => numbers[i],
      ready: (i) => i >= files.length || this.has(i, beta),
      prepare: async () => (all = await snapshots.readAll(files.length, beta)) !== null,
    };
  }

  showCharts() {
    const { charts, moments, note, measured } = this.answer;
    this.numbers.set(measured[this.step]);
    if (this.charted !== charts) {
      this.charted = charts;
      const how = { height: CHART_HEIGHT, film: () => this.film };
      this.charts = charts.map(([label]) => new MomentChart(this.ctx, { label, ...how }));
      fill(this.curves, this.charts.map(({ element }) => element));
    }
    this.charts.forEach((chart, k) => chart.show(moments, charts[k][1], this.step, charts[k][0]));
    setText(this.note, note);
  }

  table() {
    return this.answer && { name: `training-${this.ctx.store.get().data}`, rows: this.answer.table };
  }

  async useCodes() {
    const { snapshots, step } = this;
    const { restingBeta } = this.ctx;
    const codes = await snapshots.read(step, restingBeta);
    if (!codes || !this.isAt(snapshots, step) || restingBeta !== this.ctx.restingBeta) return;
    if (this.ctx.map.override !== codes) this.ctx.map.setPoints(codes);
    this.markEarlier();
    paintCloud(this.cloud, codes, this.ctx.assets.labels, this.ctx.map.colours);
    this.ctx.show("code", this.cloud);
    this.film.show(step);
  }

  async useDecoder() {
    if (!this.inside || !this.answer) return;
    const { snapshots, step } = this;
    const decoder = await snapshots.decoder(this.answer.files[step]);
    if (decoder && this.isAt(snapshots, step)) this.ctx.map.setDecoder(decoder);
  }

  /** True if these snapshots and this step of theirs are still on screen. */
  isAt(snapshots, step) {
    return this.inside && snapshots.model === this.ctx.model && this.answer && step === this.step;
  }

  /** True if the codes of a step are here; they are asked for where they are not. */
  has(step, beta) {
    const here = this.snapshots.codes(step, beta) !== null;
    if (!here) this.snapshots.read(step, beta);
    return here;
  }

  /** Of the codes on the map, where they are those of the step that is shown. */
  tell(moving) {
    if (!this.answer || !this.inside) return;
    const { index } = this.film;
    const codes = this.snapshots.codes(index, this.ctx.restingBeta);
    const { images } = this.answer.moments[index];
    this.seen(codes?.words ?? `After ${images.toLocaleString("en")} images: the codes are on their way.`, moving);
  }
}

export default {
  hint: "Play the training: the codes leave the origin and form classes",
  create: (ctx) => new Learn(ctx),
};
