/** A Boltzmann machine: what its hidden units make of an image, what it dreams, and what it fills in. */

import { figures, fill, h, setText } from "../kit/dom.js";
import { num } from "../kit/format.js";
import { createSeen, empty, segmented } from "../kit/parts.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/picture.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/pixels.js";
import { createSeed } from "../kit/seed.js";
import { Strip } from "../kit/strip.js";
import { StripFilm } from "../kit/strip_film.js";
import { fromBase64 } from "../kit/tensors.js";
import { createTries } from "../kit/tries.js";
import { captionOf, chainWords, imageWords, surprise, unitWords } from "./boltzmann_words.js";
import { OneByOne } from "../kit/one_by_one.js";
import { createUnits } from "./units.js";
import { createSets, takeNet } from "./of_images.js";

const LOOK_AGAIN = ["img", "draw", "source", "set", "mode"];
const ROLL_AGAIN = [...LOOK_AGAIN, "seed", "begin", "clamp"];
const ANY = { test: 0, set: "mnist" };
const FILTER = 56;
const SHOWN = 112;
const CHARTS = [["energy", "free energy, nats", "The free energy of every chain, step by step"]];

class Boltzmann {
  constructor(ctx) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, "look", () => ctx.refresh("looked"));
    this.build();
  }

  build() {
    const { ctx } = this;
    const commit = (patch) => ctx.store.set(patch, { commit: true });
    this.chains = new StripFilm(ctx, {
      name: "gibbs",
      doing: "Block Gibbs",
      label: "Four chains of the machine",
      charts: CHARTS,
      captionOf,
      onChange: (moving) => this.tell(moving),
    });
    this.units = createUnits();
    this.filters = new Strip(
      "The weights of the units that this image turns on most",
      ctx.fields.unit.high + 1,
      FILTER,
    );
    this.filters.canvas.addEventListener("click", (event) => commit({ unit: this.filters.placeAt(event) }));
    this.filter = imageCanvas("The weights of one unit", SHOWN);
    this.unitWords = h("p", { class: "note" });
    this.numbers = figures(this.rows(null));
    this.empty = empty();
    this.howMany = h("h2");
    this.seenImage = h(
      "div",
      { class: "machine" },
      h("div", {}, this.howMany, this.units.element),
      h(
        "div",
        {},
        h("h2", {}, "What they look for"),
        this.filters.element,
        h("div", { class: "one-unit" }, this.filter, this.unitWords),
      ),
    );
    const chains = h("div", { class: "machine-chains" }, h("h2", {}, "Four chains"), this.chains.host);
    fill(ctx.main, this.empty, this.seenImage, this.numbers, chains);
    this.chooser = new Picture(ctx, { others: false });
    this.sets = createSets(ctx);
    this.chooser.element.append(this.sets);
    this.seed = createSeed(ctx, { words: "Four others" });
    this.begin = segmented(
      "Begin with",
      [["noise", "From noise"], ["picture", "From the picture"]],
      (begin) => commit({ begin }),
    );
    this.clamp = segmented(
      "Hold",
      [["none", "Hold nothing"], ["top", "Upper half"], ["left", "Left half"]],
      (clamp) => commit({ clamp }),
    );
    this.seen = createSeen();
    fill(
      ctx.panel,
      h(
        "div",
        { class: "mode-body" },
        this.chooser.element,
        h("div", { class: "row" }, this.begin, this.clamp),
        this.seed.element,
        this.chains.queue.element,
        this.seen.element,
        createTries(ctx),
      ),
    );
  }

  enter() {
    takeNet(this.ctx, "boltzmann");
    startWithExample(this.ctx);
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

  /** What Python is asked; where the chains begin with noise and nothing is held, no picture decides them. */
  get wanted() {
    const { seed, begin, clamp } = this.ctx.store.get();
    const picture = begin === "noise" && clamp === "none" ? ANY : this.picked;
    return picture && { picture, seed, begin, clamp };
  }

  get looked() {
    return this.picked && this.found.of({ picture: this.picked });
  }

  update(changed) {
    const { error } = this.ctx.net();
    const { begin, clamp, set } = this.ctx.store.get();
    for (const part of [this.chooser, this.seed]) part.update();
    this.begin.set(begin);
    this.clamp.set(clamp);
    this.sets.set(set ?? "mnist");
    if (LOOK_AGAIN.some((key) => changed.has(key))) {
      this.found.want(!error && this.picked ? [{ picture: this.picked }] : []);
    }
    if (ROLL_AGAIN.some((key) => changed.has(key))) this.chains.ask(error ? null : this.wanted);
    else if (changed.has("at")) this.chains.arrived();
    this.empty.hidden = !error && this.picked !== null;
    setText(this.empty, error ?? "Choose a test image or draw one: the machine's hidden units look at it.");
    this.show();
  }

  show() {
    const { looked } = this;
    this.seenImage.hidden = !looked;
    this.numbers.set(this.rows(looked));
    this.chooser.fed(looked ? fromBase64(looked.x) : null, 2);
    if (looked) this.showUnits(looked);
    this.tell(this.chains.film.timer !== null);
  }

  showUnits(looked) {
    const { unit } = this.ctx.store.get();
    const bytes = fromBase64(looked.filters);
    setText(this.howMany, `Its ${looked.on.length} hidden units`);
    this.units.show(looked.on, looked.units[unit]);
    this.filters.show(bytes, `${looked.units.length} units, the one that adds most first`);
    this.filters.mark(unit);
    drawImage(this.filter, bytes.subarray(unit * PIXELS, (unit + 1) * PIXELS));
    setText(this.unitWords, unitWords(looked, unit));
  }

  rows(looked) {
    const known = looked?.log_z;
    return [
      ["free energy F(x), nats, = exact", looked ? num(looked.free_energy, 1) : "–"],
      ["log Z, nats, ≈ estimate", known ? `${num(known[0], 1)} ± ${num(known[1], 2)}` : "–"],
      ["−log p(x), nats", looked ? surprise(looked) : "–"],
      ["−log p(x) by PixelCNN, nats, = exact", looked?.exact ? num(-looked.exact, 1) : "–"],
    ];
  }

  tell(moving) {
    const { looked, chains } = this;
    const { frame } = chains;
    const words = [looked && imageWords(looked), frame && chainWords(chains.current, frame, chains.request)];
    const said = words.filter(Boolean).join(" ");
    this.seen(said, moving);
    if (!moving && said) this.ctx.describe(said);
  }

  picture() {
    return this.chains.picture();
  }

  table() {
    return this.chains.table("rbm-mnist-chains");
  }
}

export default {
  hint: "Choose an image, hold half of it, and let the machine draw",
  create: (ctx) => new Boltzmann(ctx),
};
