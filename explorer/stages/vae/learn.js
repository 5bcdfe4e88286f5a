/** Training, replayed from snapshots: each frame uses that snapshot's own encoder and decoder. */
import { createFilm } from "../kit/film/player.js";
import { h, setText } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { MomentChart, whenWords } from "../kit/film/moments.js";
import { createSeen, debounce, empty, fillPanel } from "../kit/shell/parts.js";
import { betaName, createEarlier } from "./earlier.js";
import { OnMap } from "./on_map.js";
import { paintCloud } from "./paint.js";
import { snapshotsOf } from "./snapshots.js";

const REST_MS = 120;
const CHART_HEIGHT = 96;
const READING = "Reading the snapshots kept during training…";
const UNREADABLE = "The snapshots of this data set cannot be read. The other modes still work.";
const CHARTS = [
  ["training loss, weighted over β, held-out images", (row) => row.loss],
  ["distortion D, nats", (row, key) => row.curves[key]?.distortion],
  ["rate R, nats", (row, key) => row.curves[key]?.rate],
];

/** The measured β that is nearest to this one on the slider's scale; β = 0 has no curves. */
function nearestKey(row, beta) {
  const distance = (key) => Math.abs(Math.log(Number(key) / beta));
  return Object.keys(row.curves).sort((a, b) => distance(a) - distance(b))[0];
}

/** Says so where what is shown was measured at another β. */
const measuredAt = (key, beta) => (Number(key) === beta ? [] : [["nearest measured", betaName(Number(key))]]);

class Learn extends OnMap {
  constructor(ctx) {
    super(ctx);
    this.snapshots = null;
    this.inside = false;
    this.decodeSoon = debounce(() => this.useDecoder(), REST_MS);
    this.encodeSoon = debounce(() => this.useCodes(), REST_MS);
    this.build();
  }

  build() {
    this.screen = h("div", { class: "learn-film" });
    this.cloud = h("canvas");
    const how = { height: CHART_HEIGHT, film: () => this.film };
    this.charts = CHARTS.map(([label, value]) => ({
      label,
      value,
      chart: new MomentChart(this.ctx, { label, ...how }),
    }));
    this.note = h("p", { class: "note with-words" });
    this.seen = createSeen();
    this.earlier = createEarlier(this.screen, this.seen.element);
    this.empty = empty(READING);
    this.full = h(
      "div",
      { class: "mode-body" },
      this.earlier.element,
      this.screen,
      this.seen.element,
      this.charts.map(({ chart }) => chart.element),
      this.note,
    );
    fillPanel(this.ctx, this.empty, this.full);
    this.full.hidden = true;
  }

  enter() {
    this.inside = true;
  }

  leave() {
    this.inside = false;
    this.film?.pause();
    this.release();
  }

  /** Gives the map back to the trained model. */
  release() {
    this.ctx.map.setPoints(null);
    this.ctx.map.setDecoder(null);
    this.earlier(null);
  }

  get step() {
    return Math.min(this.ctx.store.get().step ?? 0, this.snapshots.length - 1);
  }

  update(changed) {
    const { model } = this.ctx;
    if (changed.has("data")) this.release();
    if (this.ctx.net().error) this.empty.textContent = UNREADABLE;
    if (!model.ready || this.ctx.net().error) return;
    if (this.snapshots?.model !== model) return this.open();
    if (["mode", "assets", "beta", "rest", "step"].some((key) => changed.has(key))) this.show(changed);
  }

  async open() {
    const { model } = this.ctx;
    this.full.hidden = true;
    this.empty.hidden = false;
    setText(this.empty, READING);
    const snapshots = (this.snapshots = snapshotsOf(this.ctx));
    try {
      await snapshots.open();
    } catch (error) {
      console.warn(error.message);
      setText(this.empty, UNREADABLE);
      return;
    }
    if (model !== this.ctx.model) return;
    this.empty.hidden = true;
    this.full.hidden = false;
    const onStep = (step, { rest }) => this.ctx.store.set({ step }, { commit: rest });
    const tell = (moving) => this.tell(moving);
    this.film ??= createFilm({
      host: this.screen,
      onStep,
      tell,
      label: "Training",
      filename: "training.gif",
      framesPerSecond: 2,
    });
    this.show(new Set(["assets"]));
  }

  show(changed) {
    if (!this.snapshots.log || !this.inside) return;
    if (["mode", "assets", "rest"].some((key) => changed.has(key))) this.refilm();
    else if (changed.has("step")) this.film.show(this.step);
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

  refilm() {
    this.film.index = this.step;
    this.film.setSteps(this.steps());
  }

  steps() {
    const { snapshots, ctx } = this;
    const beta = ctx.restingBeta;
    const { history } = snapshots.log;
    const key = beta > 0 ? nearestKey(history[0], beta) : null;
    const at = (i) => history[i].curves[key];
    let all = null;
    return {
      length: snapshots.length,
      draw: (canvas, i) => paintCloud(canvas, all?.[i] ?? snapshots.codes(i, beta), ctx.assets.labels, ctx.map.colours),
      caption: (i) => whenWords(history[i]),
      numbers: (
        i,
      ) => (key
        ? [...measuredAt(key, beta), ["D", `${num(at(i).distortion)} nats`], ["R", `${num(at(i).rate)} nats`]]
        : []),
      ready: (i) => i >= snapshots.length || this.has(i, beta),
      prepare: async () => (all = await snapshots.readAll(beta)) !== null,
    };
  }

  showCharts() {
    const { beta } = this.ctx.store.get();
    const { history } = this.snapshots.log;
    const key = beta > 0 ? nearestKey(history[0], beta) : null;
    for (const { label, value, chart } of this.charts) {
      const values = history.map((row) => value(row, key));
      chart.element.hidden = values.some((value) => !Number.isFinite(value));
      if (!chart.element.hidden) chart.show(history, values, this.step, label);
    }
    setText(
      this.note,
      key
        ? `D and R at ${betaName(Number(key))}, the nearest β that was measured, on 5,000 held-out images. ` +
          "Snapshots are dense in the first epoch and evenly spaced here."
        : "At β = 0 there is no rate to plot: without a KL term nothing fixes how much a code may say.",
    );
  }

  get answer() {
    return this.snapshots?.log;
  }

  table() {
    if (!this.snapshots?.log) return null;
    const { history } = this.snapshots.log;
    const { beta, data } = this.ctx.store.get();
    const key = beta > 0 ? nearestKey(history[0], beta) : null;
    const rows = history.map((
      row,
    ) => [row.images, row.epoch, row.loss, row.curves[key]?.distortion, row.curves[key]?.rate]);
    return {
      name: `training-${data}`,
      rows: [["images", "epoch", "loss, nats", `D at beta ${key}, nats`, `R at beta ${key}, nats`], ...rows],
    };
  }

  async useCodes() {
    const { snapshots, step } = this;
    const { restingBeta } = this.ctx;
    const codes = await snapshots.read(step, restingBeta);
    if (
      !codes || !this.inside || snapshots !== this.snapshots || step !== this.step ||
      restingBeta !== this.ctx.restingBeta
    ) return;
    if (this.ctx.map.override !== codes) this.ctx.map.setPoints(codes);
    this.markEarlier();
    paintCloud(this.cloud, codes, this.ctx.assets.labels, this.ctx.map.colours);
    this.ctx.show("code", this.cloud);
    this.film.show(step);
  }

  /** Whether the codes of a step are here; they are asked for where they are not. */
  has(step, beta) {
    const here = this.snapshots.codes(step, beta) !== null;
    if (!here) this.snapshots.read(step, beta);
    return here;
  }

  /** Of the codes on the map, where they are those of the step that is shown. */
  tell(moving) {
    const { snapshots, ctx } = this;
    const step = this.film.index;
    const codes = snapshots.codes(step, ctx.restingBeta);
    const seen = `After ${snapshots.log.history[step].images.toLocaleString("en")} images`;
    const lie = codes &&
      `the codes lie ${num(codes.spread)} from their centre (root mean square), and ` +
        `${percent(codes.organised)} of them have a nearest neighbour of their own class (10 % would be chance)`;
    this.seen(codes ? `${seen} ${lie}.` : `${seen}: the codes are on their way.`, moving);
  }

  async useDecoder() {
    const { snapshots, step } = this;
    if (!this.inside) return;
    const decoder = await snapshots.decoder(step);
    if (decoder && this.inside && snapshots === this.snapshots && step === this.step) this.ctx.map.setDecoder(decoder);
  }
}

export default {
  hint: "Snapshots kept during training: the cloud leaves the origin and organises",
  create: (ctx) => new Learn(ctx),
};
