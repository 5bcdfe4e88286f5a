/** Why drawing is slow and scoring is not: timed on this server when asked, and what follows for a large image. */

import { button, fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { createSeen, empty, fillPanel, onDemand } from "../kit/shell/parts.js";
import { PIXELS, SIDE } from "../kit/image/pixels.js";
import { duration, SUBPIXELS, TOKENS } from "./large_image.js";

const WAYS = [
  { id: "score", name: "Score", what: "all 784 pixels in one pass" },
  {
    id: "cached",
    name: "Draw, cached",
    what: "784 steps of what a new pixel changes",
    made: "784 steps, over weights masked once",
  },
  { id: "naive", name: "Draw, naive", what: "784 steps, each a pass over the whole image" },
];
const LARGE = { id: "large", name: "A 256×256 colour image", what: "extrapolated from “Draw, cached”" };
const TICKS = [[1e-3, "1 ms"], [0.1, "0.1 s"], [10, "10 s"], [600, "10 min"], [24 * 3600, "1 d"]]; // seconds on the axis of the bars, from end to end
const SHARED = 0;
const EMPTY = "Nothing is measured yet. The button has this server score one image, draw one with a cache, and " +
  "draw one naively, row by row. The last takes the longest; you can stop it.";

const SHORTER = "Whoever draws 32×32 tokens in place of sub-pixels (VQ-VAE, van den Oord et al. 2017) takes " +
  `${TOKENS.toLocaleString("en")} steps, ${SUBPIXELS / TOKENS} times fewer. ` +
  "How long one of them takes is another question, and so is p(x): what is exact then is the " +
  "probability of the tokens.";

class Slow {
  constructor(ctx) {
    this.ctx = ctx;
    this.results = new Map();
    this.running = null;
    this.build();
  }

  build() {
    this.start = button("Measure on this server", () => this.measure(), { kind: "primary" });
    this.stop = button("Stop", () => this.halt());
    this.progress = h("progress", { class: "slow-progress", max: SIDE, "aria-label": "Rows drawn naively" });
    this.doing = h("span", { class: "quiet", role: "status" });
    this.none = empty(EMPTY);
    this.rows = WAYS.map(createRow);
    this.large = createRow(LARGE);
    const names = ["", "time", "a pixel, ms"];
    const head = h("tr", {}, names.map((name) => (name ? h("th", { scope: "col" }, name) : h("td"))), axis());
    this.measured = h(
      "table",
      { class: "numbers slow-table", "aria-label": "Measured on this server" },
      h("thead", {}, head),
      h("tbody", {}, this.rows.map(({ element }) => element)),
      h("tfoot", {}, this.large.element),
    );
    this.seen = createSeen();
    const controls = h("div", { class: "row" }, this.start, this.stop, this.progress, this.doing);
    fill(
      this.ctx.main,
      h(
        "div",
        { class: "picture slow" },
        this.none,
        h("div", { class: "result" }, this.measured),
        controls,
        this.seen.element,
      ),
    );
    this.buildPanel();
  }

  buildPanel() {
    this.ours = h("p", {});
    fillPanel(this.ctx, [
      onDemand("The large image", this.ours, h("p", {}, SHORTER)),
    ]);
  }

  get result() {
    return this.results.get(this.ctx.net().name) ?? null;
  }

  /**
   * What takes about a second is timed at once, on a turn that all visitors share: it is measured for the first of
   * them. The tour asks for a prediction first, and leaves it to the button.
   */
  enter() {
    const { mode } = this.ctx.store.get();
    if (mode === "slow" && !this.result && !this.ctx.net().error) this.measure({ turn: SHARED, naive: false });
  }

  /** Times one way after the other; the naive one a row at a time, so that it can be stopped. */
  async measure({ turn = 1 + Math.floor(Math.random() * this.ctx.fields.seed.high), naive = true } = {}) {
    const { name } = this.ctx.net();
    const run = (this.running = { name, turn, result: {} });
    const again = () => this.measure({ turn, naive });
    this.results.set(name, run.result);
    for (const way of ["score", "cached"]) if (!(await this.time(run, way, 0, again))) return this.end(run);
    if (!naive) return this.end(run);
    for (let row = 0; row < SIDE; row++) if (!(await this.time(run, "naive", row, again))) break;
    this.end(run);
  }

  /** Asks for one timing and adds it up; false where the run was stopped or the server did not answer. */
  async time(run, way, row, again) {
    if (run !== this.running) return false;
    run.doing = way === "naive"
      ? `Drawing naively: row ${row + 1} of ${SIDE}…`
      : way === "cached"
      ? "Drawing with the cache…"
      : "Scoring…";
    this.show();
    const { seed } = this.ctx.store.get();
    const answer = await this.ctx.ask("timing", { net: run.name, way, seed, row, turn: run.turn }, { again });
    if (!answer) return false;
    const before = run.result[way] ?? { seconds: 0, pixels: 0 };
    run.result[way] = { ...answer, seconds: before.seconds + answer.seconds, pixels: before.pixels + answer.pixels };
    return run === this.running;
  }

  end(run) {
    if (run === this.running) this.running = null;
    this.show();
  }

  halt() {
    this.running = null;
    this.show();
  }

  leave() {
    this.halt();
  }

  update(changed) {
    if (changed.has("net")) {
      this.halt();
      this.enter();
    } else this.show();
  }

  show() {
    const { result, running } = this;
    const measured = Boolean(result?.score);
    const whole = Boolean(result?.naive);
    this.start.disabled = Boolean(running) || Boolean(this.ctx.net().error);
    setText(this.start, whole && !running ? "Measure again" : "Measure on this server");
    this.stop.hidden = this.progress.hidden = !running;
    setText(this.doing, running?.doing ?? "");
    this.progress.value = (result?.naive?.pixels ?? 0) / SIDE;
    this.none.hidden = measured || Boolean(running);
    this.measured.hidden = !measured;
    for (const row of this.rows) row.show(result?.[row.id], this.ctx.net());
    this.large.show(result?.cached && grown(result.cached), this.ctx.net());
    this.seen(measured ? sentence(result, this.ctx.net()) : "");
    setText(this.ours, extrapolated(result));
  }

  hasResult() {
    return Boolean(this.result?.score);
  }

  table() {
    const { result } = this;
    if (!result?.score) return null;
    const rows = WAYS.filter(({ id }) => result[id]).map((
      { id },
    ) => [id, result[id].pixels, result[id].seconds, result[id].threads, result[id].device]);
    return {
      name: `${this.ctx.net().name}-timing`,
      rows: [["way", "pixels", "seconds", "threads", "device"], ...rows],
    };
  }
}

/** The axis above the bars, in the last cell of the head. */
function axis() {
  const ticks = TICKS.map(([seconds, words]) => h("span", { style: `left: ${along(seconds)}%` }, words));
  return h("td", { class: "slow-axis", "aria-hidden": "true" }, ticks);
}

/** Where a time lies on the logarithmic axis, in per cent. */
function along(seconds) {
  const [low, high] = [TICKS[0], TICKS.at(-1)].map(([end]) => Math.log(end));
  return Math.min(100, Math.max(0, (100 * (Math.log(seconds) - low)) / (high - low)));
}

/** A row of the table: the time, milliseconds a pixel, and a bar. */
function createRow({ id, name, what, made = what }) {
  const cells = [h("td"), h("td")];
  const bar = h("span", { class: id === LARGE.id ? "slow-bar of-large" : "slow-bar" });
  const words = h("span", { class: "slow-what" });
  const element = h("tr", {}, h("th", { scope: "row" }, name, words), cells, h("td", { class: "slow-track" }, bar));
  const show = (timed, { family }) => {
    element.hidden = !timed;
    if (!timed) return;
    setText(words, family === "made" ? made : what);
    setText(cells[0], duration(timed.seconds));
    setText(cells[1], num((1000 * timed.seconds) / timed.pixels, 3));
    bar.style.width = `${along(timed.seconds)}%`;
  };
  return { id, element, show };
}

const perPixel = ({ seconds, pixels }) => seconds / pixels;

/** The time of all sub-pixels of a large image, at the time measured for one pixel. */
const grown = (timed) => ({ seconds: perPixel(timed) * SUBPIXELS, pixels: SUBPIXELS });

const times = (ratio) => `${Number(ratio.toPrecision(2)).toLocaleString("en")} ×`;

function sentence({ score, cached, naive }, net) {
  const threads = `the processor, ${score.threads} ${score.threads === 1 ? "thread" : "threads"}`;
  const where = `Measured on ${score.device === "cpu" ? threads : score.device}.`;
  if (!cached) return where;
  const known = "A known image has all its conditionals in one pass: drawing one takes " +
    `${times(cached.seconds / score.seconds)} as ` +
    `long${net.family === "made" ? "" : " even with the cache"}, as each pixel waits for the one before.`;
  if (!naive) return `${known} ${where}`;
  const whole = naive.pixels === PIXELS ? "" : ` (measured on ${naive.pixels} of 784 pixels)`;
  const ratio = perPixel(naive) / perPixel(cached);
  const cache = net.family === "made"
    ? "A MADE keeps no features; it only masks its weights once instead of at each pixel"
    : "The cache leaves out what no new pixel changes";
  return `${known} ${cache}: naive ÷ cached = ${times(ratio)}${whole}. ${where}`;
}

function extrapolated(result) {
  if (!result?.cached) return "Press “Measure on this server” first: nothing is extrapolated from nothing.";
  const long = (timed) => duration(grown(timed).seconds);
  const naive = result.naive ? `, and ${long(result.naive)} naively` : "";
  return (
    `${SUBPIXELS.toLocaleString("en")} sub-pixels at the time just measured for one pixel: ` +
    `${long(result.cached)} with the cache${naive}. This leaves out that a naive pass over ` +
    `256×256 pixels costs ${num((256 * 256) / PIXELS, 0)} times one over 28×28, that colours and ` +
    "larger images want a larger network, and that a graphics processor is faster than this server."
  );
}

export default {
  hint: "How long does drawing take on this server?",
  create: (ctx) => new Slow(ctx),
};
