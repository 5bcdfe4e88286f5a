/** Why slow: sixteen images by PixelCNN, by PixelRNN and token by token, timed on this server, beside what both reach. */

import { button, fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { moreNumbers } from "../kit/shell/more.js";
import { createSeen, empty, fillPanel, numberTable } from "../kit/shell/parts.js";
import { Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createSeed } from "../kit/shell/seed.js";
import { createTries } from "../kit/lesson/tries.js";
import { takeNet } from "../kit/shell/take_net.js";
import { raceWords, reached } from "./race_words.js";
import { PIXELS } from "../kit/image/pixels.js";

const WAYS = [
  ["pixels", "PixelCNN, pixel by pixel"],
  ["rows", "PixelRNN, pixel by pixel"],
  ["tokens", "Tokens"],
];
const IMAGES = 16;
const SIZE = 84;
const COLUMNS = 8;
const EMPTY = "Nothing is measured yet. The button has this server draw sixteen images in each way: 784 pixels each " +
  "with everything kept that earlier pixels computed, and 49 tokens each that are decoded once.";

class Slow {
  constructor(ctx) {
    this.ctx = ctx;
    this.results = new Map();
    this.running = null;
    this.build();
  }

  build() {
    const { ctx } = this;
    this.start = button("Measure on this server", () => this.measure(), { kind: "primary" });
    this.doing = h("span", { class: "quiet", role: "status" });
    this.none = empty(EMPTY);
    this.strips = new Map(WAYS.map(([way, name]) => [way, new Strip(name, IMAGES, SIZE, COLUMNS)]));
    this.sections = WAYS.map(([way, name]) => [way, h("section", {}, h("h2", {}, name), this.strips.get(way).element)]);
    this.table_ = h("div", { class: "tokens-scroll" });
    fill(
      ctx.main,
      h(
        "div",
        { class: "tokens-race" },
        this.none,
        this.sections.map(([, element]) => element),
        moreNumbers(this.table_),
      ),
    );
    this.seed = createSeed(ctx);
    this.seen = createSeen();
    fillPanel(ctx, this.seed.element, this.start, this.doing, this.seen.element, createTries(ctx));
  }

  enter() {
    const { dataset } = this.ctx.net();
    takeNet(this.ctx, [`vqvae-${dataset}`, "vqvae-mnist"].filter((net) => net in this.ctx.value().nets));
    if (this.ctx.store.get().mode === "slow" && !this.result && !this.ctx.net().error) this.measure(0);
  }

  leave() {
    this.running = null;
  }

  /** The ways to draw the images of this data set; a PixelRNN was trained on one of them. */
  get ways() {
    return WAYS.filter(([way]) => way !== "rows" || this.ctx.net().recurrent);
  }

  get key() {
    return `${this.ctx.net().name} ${this.ctx.store.get().seed}`;
  }

  get result() {
    return this.results.get(this.key) ?? null;
  }

  /** Times one way after the other; on turn 0 all visitors share what was measured for the first of them. */
  async measure(turn = 1 + Math.floor(Math.random() * this.ctx.fields.seed.high)) {
    const run = (this.running = { key: this.key });
    const { seed } = this.ctx.store.get();
    const [net, result] = [this.ctx.net().name, {}];
    for (const [way, name] of this.ways) {
      run.doing = `${name}…`;
      this.ctx.refresh("race");
      const answer = await this.ctx.ask("race", { net, way, seed, turn }, { again: () => this.measure(turn) });
      if (!answer || run !== this.running) break;
      result[way] = { ...answer, x: fromBase64(answer.x) };
      this.results.set(run.key, result);
    }
    if (run === this.running) this.running = null;
    this.ctx.refresh("race");
  }

  update(changed) {
    if ((changed.has("net") || changed.has("seed")) && this.key !== this.running?.key) {
      this.running = null;
      this.enter();
    }
    const { result, running } = this;
    const { error } = this.ctx.net();
    this.seed.update();
    this.start.disabled = Boolean(running) || Boolean(error);
    setText(this.doing, running?.doing ?? "");
    this.none.hidden = Boolean(result) || Boolean(running);
    for (const [way, element] of this.sections) element.hidden = !this.ways.some(([each]) => each === way);
    for (const [way, strip] of this.strips) strip.show(result?.[way]?.x ?? null, "sixteen images");
    this.ctx.show("out", result?.tokens?.x.subarray(0, PIXELS) ?? null);
    const whole = result?.pixels && result?.tokens;
    this.table_.hidden = !whole;
    if (!whole) return this.seen("");
    const nets = this.nets();
    fill(
      this.table_,
      numberTable(
        "Ways to draw sixteen images",
        ["", ...this.ways.map(([, name]) => name.split(",")[0])],
        this.rows(nets),
      ),
    );
    const words = raceWords(result, nets);
    this.seen(words);
    this.ctx.describe(words);
  }

  /** What the cards of the networks say. */
  nets() {
    const { column, rivals, recurrent } = this.ctx.net();
    return { tokens: { card: column?.card ?? {} }, pixels: { card: rivals ?? {} }, rows: { card: recurrent ?? {} } };
  }

  rows(nets) {
    const { result } = this;
    const each = (words) => this.ways.map(([way]) => words(way));
    const seconds = each((way) => num(result[way].seconds, 2));
    return [
      ["steps, one after the other", ...each((way) => result[way].steps.toLocaleString("en"))],
      ["seconds for sixteen, here", ...seconds],
      ["a step of sixteen, ms", ...each((way) => num((1000 * result[way].seconds) / result[way].steps, 2))],
      ["−log p(x), nats", ...each((way) => reached(nets[way].card).nats)],
      ["Fréchet ÷ floor (mean)", ...each((way) => reached(nets[way].card).frechet)],
    ];
  }

  hasResult() {
    return Boolean(this.result?.tokens);
  }

  table() {
    const { result } = this;
    if (!result?.tokens) return null;
    const rows = this.ways.map(([way]) => [way, result[way].steps, result[way].seconds, result[way].threads]);
    return { name: `${this.ctx.net().name}-race`, rows: [["way", "steps", "seconds", "threads"], ...rows] };
  }
}

export default {
  hint: "Pixels against tokens, timed on this server",
  create: (ctx) => new Slow(ctx),
};
