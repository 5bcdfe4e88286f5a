/** Training, replayed from snapshots: each frame uses that snapshot's own encoder and decoder. */
import { createFilm } from "../kit/film/player.js";
import { Answered } from "../kit/ask/answered.js";
import { fill, h, setText } from "../kit/base/dom.js";
import { MomentChart, whenWords } from "../kit/film/moments.js";
import { debounce, dimAnswer, empty, fillPanel } from "../kit/panel/parts.js";
import { OnMap } from "./on_map.js";
import { paintCloud } from "./paint.js";
import { snapshotsOf } from "./snapshots.js";

const REST_MS = 120;
const CHART_HEIGHT = 96;

class Learn extends OnMap {
  constructor(ctx) {
    super(ctx, "learn");
    this.inside = false;
    this.training = new Answered(ctx, this.declared.ask, () => this.arrived());
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
    this.measured = h("p", { class: "note with-words" });
    this.dims = [this.film.host];
    this.empty = empty();
    this.full = h(
      "div",
      { class: "mode-body" },
      this.note,
      this.film.host,
      this.curves,
      this.measured,
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

  earlier(beta) {
    super.earlier(beta);
    dimAnswer(this, beta !== null);
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
    if (changed.has("data")) this.release();
    if (this.asksAgain(changed)) {
      this.training.want(this.request);
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
    setText(this.empty, isLost ? this.words({}, "unreadable") : this.declared.shows.waits);
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
    setText(this.measured, note);
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

  /** Updates the sentence about the codes on the map, if they are those of the displayed step. */
  tell(moving) {
    if (!this.answer || !this.inside) return;
    const { index } = this.film;
    const codes = this.snapshots.codes(index, this.ctx.restingBeta);
    const images = this.answer.moments[index].images.toLocaleString("en");
    this.seen(codes?.words ?? this.words({ images }, "coming"), moving);
  }
}

export default {
  create: (ctx) => new Learn(ctx),
};
