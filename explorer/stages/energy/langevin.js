/** An energy of images: Langevin chains go down it, from noise or from a picture, and two energies are compared. */

import { figures, fill, h, setText } from "../kit/dom.js";
import { num } from "../kit/format.js";
import { createImagePicker } from "../kit/image_picker.js";
import { OneByOne } from "../kit/one_by_one.js";
import { createSeen, empty, segmented } from "../kit/parts.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/picture.js";
import { PIXELS } from "../kit/pixels.js";
import { createSeed } from "../kit/seed.js";
import { createSlider } from "../kit/slider.js";
import { StripFilm } from "../kit/strip_film.js";
import { fromBase64 } from "../kit/tensors.js";
import { createTries } from "../kit/tries.js";
import { captionOf, chainWords, longWords, ratioWords } from "./langevin_words.js";
import { createSets, takeNet } from "./of_images.js";

const WEIGH_AGAIN = ["img", "draw", "source", "set", "img2", "mode"];
const ROLL_AGAIN = ["img", "draw", "source", "set", "mode", "seed", "begin", "longer", "stride"];
const ANY = { test: 0, set: "mnist" };
const OTHER = 0;
const CHARTS = [
  ["energy", "energy E, nats", "The energy of every chain, step by step"],
  ["slope", "length of its gradient, nats", "The length of the energy's gradient of every chain, step by step"],
];

class Langevin {
  constructor(ctx) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, "weigh", () => ctx.refresh("weighed"));
    this.build();
  }

  build() {
    const { ctx } = this;
    const commit = (patch) => ctx.store.set(patch, { commit: true });
    this.chains = new StripFilm(ctx, {
      name: "langevin",
      doing: "Langevin steps",
      label: "Four chains down the energy",
      charts: CHARTS,
      captionOf,
      onChange: (moving) => this.tell(moving),
    });
    this.empty = empty();
    this.stopped = h("p", { class: "note stopped", role: "status" });
    this.chooser = new Picture(ctx, { others: false });
    this.sets = createSets(ctx);
    this.chooser.element.append(this.sets);
    const digits = Object.create(ctx, { assets: { get: () => this.digits ?? { ready: false } } });
    this.other = createImagePicker(digits, { key: "img2", example: OTHER, name: "Beside it", title: "No." });
    this.numbers = figures(this.rows(null));
    const likelier = h("section", { class: "likelier" }, this.other.element, this.numbers);
    fill(ctx.main, this.empty, this.chains.host, this.stopped, h("h2", {}, "Which is likelier?"), likelier);
    this.seed = createSeed(ctx, { words: "Four others" });
    this.begin = segmented(
      "Begin with",
      [["noise", "From noise"], ["picture", "From the picture"]],
      (begin) => commit({ begin }),
    );
    this.longer = segmented("How long", [[1, "As in training"], [10, "10 × as long"]], (longer) => commit({ longer }));
    this.stride = createSlider("step", {
      field: ctx.fields.stride,
      step: 0.5,
      words: (value) => `${num(value, 1)} ×`,
      label: "The size of a step, in the training's",
      onRelease: (stride) => commit({ stride }),
    });
    this.seen = createSeen();
    fill(
      ctx.panel,
      h(
        "div",
        { class: "mode-body" },
        this.chooser.element,
        h("div", { class: "row" }, this.begin, this.longer),
        h("div", { class: "row stride" }, this.seed.element, this.stride.element),
        this.chains.queue.element,
        this.seen.element,
        createTries(ctx),
      ),
    );
  }

  enter() {
    takeNet(this.ctx, "langevin");
    startWithExample(this.ctx);
    this.readDigits();
  }

  /** The image beside it is always a digit, whichever set the picture is of. */
  async readDigits() {
    this.digits ??= await this.ctx.images("mnist");
    this.ctx.refresh("assets");
  }

  leave() {
    this.chains.leave();
  }

  key(event) {
    return this.chains.key(event);
  }

  get picked() {
    return drawnOrTest(this.ctx.store.get(), "mnist");
  }

  /** What Python is asked; where the chains begin with noise, no picture decides them. */
  get wanted() {
    const { seed, begin, longer, stride } = this.ctx.store.get();
    const picture = begin === "noise" ? ANY : this.picked;
    return picture && { picture, seed, begin, longer, stride };
  }

  get asked() {
    return this.picked && { picture: this.picked, other: this.other.index() };
  }

  update(changed) {
    const { error } = this.ctx.net();
    const { begin, longer, stride, set } = this.ctx.store.get();
    for (const part of [this.chooser, this.seed, this.other]) part.update();
    this.begin.set(begin);
    this.longer.set(longer);
    this.stride.set(stride);
    this.sets.set(set ?? "mnist");
    if (WEIGH_AGAIN.some((key) => changed.has(key))) this.found.want(!error && this.asked ? [this.asked] : []);
    if (ROLL_AGAIN.some((key) => changed.has(key))) this.chains.ask(error ? null : this.wanted);
    else if (changed.has("at")) this.chains.arrived();
    this.empty.hidden = !error && this.wanted !== null;
    setText(this.empty, error ?? "Choose a test image or draw one: the chains begin with it.");
    this.show();
  }

  show() {
    const weighed = this.asked && this.found.of(this.asked);
    this.numbers.set(this.rows(weighed));
    this.chooser.fed(weighed ? fromBase64(weighed.x).subarray(0, PIXELS) : null, 256);
    this.tell(this.chains.film.timer !== null);
  }

  rows(weighed) {
    const [mine, other] = weighed?.energies ?? [];
    return [
      ["E of the picture, nats", num(mine, 1)],
      ["E of the digit beside it, nats", num(other, 1)],
      ["their log-ratio, nats, = exact", weighed ? num(other - mine, 1) : "–"],
      ["log p of the picture", "∅ cannot say"],
    ];
  }

  tell(moving) {
    const { chains } = this;
    const { frame } = chains;
    const weighed = this.asked && this.found.of(this.asked);
    setText(this.stopped, chains.problem ?? "");
    this.stopped.hidden = !chains.problem;
    const words = [
      frame && chainWords(chains.current, frame, chains.request),
      chains.request?.longer > 1 && longWords(this.ctx.net().rows),
      weighed && ratioWords(weighed.energies, nameOf(this.picked)),
    ];
    const said = words.filter(Boolean).join(" ");
    this.seen(said, moving);
    if (!moving && said) this.ctx.describe(said);
  }

  picture() {
    return this.chains.picture();
  }

  table() {
    return this.chains.table("ebm-mnist-chains");
  }
}

export default {
  hint: "Let chains go down the energy, from noise or from a picture",
  create: (ctx) => new Langevin(ctx),
};
