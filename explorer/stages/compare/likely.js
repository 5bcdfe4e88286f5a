/** How likely? One picture, asked of every family: an exact value, a bound, or why it cannot say. */

import { chosenName } from "../kit/chosen.js";
import { button, fill, h, setText } from "../kit/dom.js";
import { createSeen, dim, empty } from "../kit/parts.js";
import { toBytes } from "../kit/pixels.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/picture.js";
import { fromBase64, unpackBits } from "../kit/tensors.js";
import { createTries } from "../kit/tries.js";
import { createFairness } from "./fairness.js";
import { createLikelihoodGroup } from "./likelihood_group.js";
import { paintLikely } from "./likely_picture.js";
import { likelyWords } from "./likely_words.js";
import { OneByOne } from "./one_by_one.js";
import { SPACES } from "./spaces.js";

const ASK_AGAIN = ["data", "img", "draw", "source", "set", "mode"];
const TRIES = [
  ["A plain 1", { data: "mnist", img: 330, draw: null, source: null }],
  ["A strange 2", { data: "mnist", img: 29, draw: null, source: null }],
  ["A boot", { data: "fashion-mnist", img: 30, draw: null, source: null }],
];
const NOTHING = {
  test: "Choose a test image: every family is asked how likely it is.",
  draw: "Draw something on the pad: every family is asked how likely it is.",
};

class Likely {
  constructor(ctx) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, "likely", () => ctx.refresh("likely"));
    this.chooser = new Picture(ctx, { others: false });
    this.empty = empty();
    this.groups = Object.fromEntries(Object.keys(SPACES).map((space) => [space, createLikelihoodGroup(SPACES[space])]));
    this.silent = h("ul", { class: "silent" });
    this.cannot = h("div", { class: "group" }, h("h2", {}, "Cannot say"), this.silent);
    this.retry = button("Try again", () => this.ask());
    this.failed = h("p", { class: "row" }, "Some answers did not arrive.", this.retry);
    this.answers = h(
      "div",
      { class: "groups" },
      Object.values(this.groups).map(({ element }) => element),
      this.cannot,
      this.failed,
    );
    this.seen = createSeen();
    this.fairness = createFairness();
    fill(ctx.main, this.empty, this.answers);
    fill(
      ctx.panel,
      h(
        "div",
        { class: "mode-body" },
        this.chooser.element,
        this.seen.element,
        this.fairness.element,
        createTries(ctx, TRIES),
      ),
    );
  }

  enter() {
    startWithExample(this.ctx);
  }

  get picked() {
    const state = this.ctx.store.get();
    return drawnOrTest(state, state.data);
  }

  /** The families that can be asked: they have a value or a bound, and their weights are there. */
  get asked() {
    return this.ctx.families().filter(({ can, error }) => can.likelihood && !error);
  }

  requestOf({ net }) {
    return { net, picture: this.picked };
  }

  update(changed) {
    this.chooser.update();
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    this.show();
  }

  ask() {
    this.found.want(this.picked ? this.asked.map((family) => this.requestOf(family)) : []);
  }

  /** What was answered so far, with its family: {family, answer}; the answer is null until it is there. */
  get rows() {
    return this.asked.map((family) => ({ family, answer: this.found.of(this.requestOf(family)) }));
  }

  show() {
    const picked = this.picked !== null;
    this.empty.hidden = picked;
    this.answers.hidden = !picked;
    setText(this.empty, NOTHING[this.chooser.kind]);
    if (!picked) return this.seen("");
    const { rows } = this;
    for (const [space, group] of Object.entries(this.groups)) {
      group.show(rows.filter(({ family }) => family.space === space), this.pixelsIn(space));
    }
    this.showSilent();
    this.failed.hidden = !this.asked.some((family) => this.found.hasFailed(this.requestOf(family)));
    dim(this.seen.element, this.found.busy);
    const known = rows.filter(({ answer }) => answer);
    this.seen(likelyWords(known, nameOf(this.picked)));
    this.fairness.show(known);
    this.ctx.describe(known.map(({ family, answer }) => `${family.title}: ${answer.words}`).join(" "));
  }

  /** The picture as networks of a space are fed it, null while it is not there. */
  pixelsIn(space) {
    const { bits, test } = this.picked;
    if (bits) return toBytes(unpackBits(fromBase64(bits)));
    const { assets } = this.ctx;
    if (!assets.ready) return null;
    return space === "binary" ? toBytes(assets.bits(test)) : assets.sprite(test);
  }

  showSilent() {
    const silent = this.ctx.families().filter(({ can, error }) => !can.likelihood || error);
    this.cannot.hidden = silent.length === 0;
    fill(
      this.silent,
      silent.map(({ title, error, cannot }) =>
        h("li", {}, h("strong", {}, title), " ", error ?? `cannot, because ${cannot.log_prob}.`)
      ),
    );
  }

  picture() {
    const known = this.rows.filter(({ answer }) => answer);
    if (!known.length) return null;
    const groups = Object.keys(SPACES).map((space) => ({
      ...SPACES[space],
      rows: known.filter(({ family }) => family.space === space),
      pixels: this.pixelsIn(space),
    }));
    return paintLikely(groups.filter(({ rows }) => rows.length), this.ctx, chosenName(this.ctx));
  }

  table() {
    const known = this.rows.filter(({ answer }) => answer);
    if (!known.length) return null;
    const rows = known.map((
      { family, answer },
    ) => [family.net, family.space, answer.kind, answer.nats, answer.se, answer.bits_per_dim]);
    return {
      name: "how-likely",
      rows: [["network", "pixels", "kind", "log p, nats", "standard error", "bits per dimension"], ...rows],
    };
  }
}

export default {
  id: "likely",
  title: "How likely?",
  hint: "One picture, asked of every family: an exact log p(x), a bound, or why it cannot say",
  create: (ctx) => new Likely(ctx),
};
