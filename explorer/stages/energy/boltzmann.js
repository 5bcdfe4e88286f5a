/** A Boltzmann machine: what its hidden units make of an image, what it dreams, and what it fills in. */

import { fill, h, setText } from "../kit/base/dom.js";
import { createSentences, headline } from "../kit/panel/more.js";
import { drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";
import { Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { ANY, ImageChains, PICTURE } from "./image_chains.js";
import { createUnits } from "./units.js";

const FILTER = 56;
const SHOWN = 144;
const CHARTS = [["energy", "free energy, nats", "The free energy of every chain, step by step"]];

class Boltzmann extends ImageChains {
  nothing = "Choose a test image or draw one: the machine's hidden units look at it.";

  constructor(ctx) {
    const chains = {
      name: "gibbs",
      doing: "Block Gibbs",
      label: "Four chains of the machine",
      fold: "Free energy",
    };
    super(ctx, "boltzmann", { question: "look", chains: { ...chains, charts: CHARTS } });
    this.build();
  }

  build() {
    const { ctx } = this;
    this.units = createUnits();
    this.filters = new Strip(
      "The weights of the units that this image turns on most",
      ctx.fields.unit.high + 1,
      FILTER,
    );
    this.filters.canvas.addEventListener("click", (event) => ctx.store.commit({ unit: this.filters.placeAt(event) }));
    this.filter = imageCanvas("The weights of one unit", SHOWN);
    this.unitWords = createSentences({ class: "note" });
    this.numbers = headline(this.heads, 2);
    this.howMany = h("h2");
    this.seenImage = h(
      "div",
      { class: "machine" },
      h("div", {}, this.howMany, this.units.element),
      h(
        "div",
        {},
        h("h2", {}, "Weights to pixels"),
        this.filters.element,
        h(
          "div",
          { class: "one-unit" },
          this.filter,
          h("div", { class: "unit-words" }, this.unitWords.element, this.unitWords.more),
        ),
      ),
    );
    fill(ctx.main, this.empty, this.seenImage, h("h2", {}, "Visible units"), this.chains.film.host);
    this.fillPanel(this.numbers);
  }

  /** Where the chains begin with noise and nothing is held, no picture decides them. */
  get from() {
    const { begin, clamp } = this.ctx.store.get();
    return begin === "noise" && clamp === "none" ? ANY : this.picked;
  }

  update(changed) {
    super.update(changed);
    const { error } = this.ctx.net();
    if (PICTURE.some((key) => changed.has(key))) {
      this.found.want(error ? null : this.picked && { picture: this.picked });
    }
    this.empty.hidden = !error && this.picked !== null;
    this.show();
  }

  show() {
    const { looked } = this;
    this.seenImage.hidden = !this.empty.hidden;
    this.seenImage.classList.toggle("awaited", !looked); // its room is there before it is
    this.numbers.set(looked?.numbers ?? this.heads);
    this.chooser.fed(looked ? fromBase64(looked.x) : null, 2);
    if (looked) this.showUnits(looked);
    this.tell(this.chains.film.timer !== null);
  }

  showUnits(looked) {
    const { unit } = this.ctx.store.get();
    const bytes = fromBase64(looked.filters);
    setText(this.howMany, `${looked.on.length} hidden units: white is on`);
    this.units.show(looked.on, looked.units[unit], this.ctx.colours().you);
    this.filters.show(bytes, `${looked.units.length} units, the one that adds most first`);
    this.filters.mark(unit);
    drawImage(this.filter, imageOf(bytes, unit));
    this.unitWords.set(looked.report[unit]);
  }

  tell(moving) {
    this.say([this.looked?.words, this.chains.frame?.words], moving);
  }
}

export default {
  hint: "Draw hidden and visible units in turn",
  create: (ctx) => new Boltzmann(ctx),
};
