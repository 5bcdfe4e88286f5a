/** How likely? One picture, asked of every family: an exact value, a bound, an estimate, or why it cannot say. */

import { fill, h, setText, tryAgain } from "../kit/shell/dom.js";
import { createSeen, dim, empty, fillPanel, onDemand } from "../kit/shell/parts.js";
import { createTries } from "../kit/lesson/tries.js";
import { bySpace } from "./by_space.js";
import { drawerOf, whose } from "./drawers.js";
import { classOf } from "./column.js";
import { createFairness } from "./fairness.js";
import { createLikelihoodGroup } from "./likelihood_group.js";
import { paintLikelihood } from "./likelihood_picture.js";
import { likelihoodWords } from "./likelihood_words.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { SPACES } from "./spaces.js";

const ASK_AGAIN = ["data", "net", "img", "draw", "source", "set", "x", "mode"];

class LikelihoodMode {
  constructor(ctx) {
    this.ctx = ctx;
    this.drawer = drawerOf(ctx);
    this.found = new OneByOne(ctx, "ask_likelihood", () => ctx.refresh("likely"));
    this.chooser = this.drawer.chooser(ctx);
    this.empty = empty();
    this.groups = Object.fromEntries(Object.keys(SPACES).map((space) => [space, createLikelihoodGroup(SPACES[space])]));
    this.silent = h("ul", { class: "silent" });
    this.cannot = onDemand("Which cannot say, and why", this.silent);
    this.retry = tryAgain(() => this.ask());
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
    const isLarge = this.chooser.kind === "point" && ctx.columns().length === 1; // no other picture stands there
    fill(ctx.main, this.empty, isLarge && this.chooser.element, this.answers);
    fillPanel(ctx, isLarge ? [] : this.chooser.element, this.seen.element, this.fairness.element, createTries(ctx));
  }

  enter() {
    this.drawer.start(this.ctx);
  }

  get picked() {
    return this.drawer.picked(this.ctx);
  }

  /** The families that can be asked: they have a value, a bound or an estimate, and their weights are there. */
  get asked() {
    return this.ctx.columns().filter(({ can, error }) => can.likelihood && !error);
  }

  /** Those that know p(x) but for a factor: they say how much likelier this is than a blank page. */
  get weighed() {
    return this.ctx.columns().filter(({ can, error }) => can.ratio && !error);
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
    this.found.want(this.picked ? [...this.asked, ...this.weighed].map((family) => this.requestOf(family)) : []);
  }

  /** What was answered so far, with its family: {family, answer}; the answer is null until it is there. */
  get rows() {
    return this.asked.map((family) => ({ family, answer: this.found.of(this.requestOf(family)) }));
  }

  show() {
    const picked = this.picked !== null;
    this.empty.hidden = picked;
    this.answers.hidden = !picked;
    setText(this.empty, `${this.drawer.nothing[this.chooser.kind]}: ${whose(this.ctx)} is asked how likely it is.`);
    if (!picked) return this.seen("");
    const { rows } = this;
    for (const [space, group] of Object.entries(this.groups)) {
      const own = rows.filter(({ family }) => family.space === space);
      group.show(own, this.drawer.pixels?.(this.ctx, space) ?? null, this.ctx.columns().length === 1);
    }
    this.showSilent();
    this.failed.hidden = !this.asked.some((family) => this.found.hasFailed(this.requestOf(family)));
    dim(this.seen.element, this.found.busy);
    const known = rows.filter(({ answer }) => answer);
    this.seen(likelihoodWords(known, this.drawer.nameOf(this.picked)));
    this.fairness.show(known);
    this.ctx.describe(known.map(({ family, answer }) => `${family.title}: ${answer.words}`).join(" "));
  }

  showSilent() {
    const silent = this.ctx.columns().filter(({ can, error }) => !can.likelihood || error);
    this.cannot.hidden = silent.length === 0;
    if (!this.asked.length) this.cannot.open = true;
    fill(
      this.silent,
      silent.map((family) => {
        const { title, error, cannot, can } = family;
        const weighed = can.ratio && !error && this.found.of(this.requestOf(family));
        const words = weighed ? weighed.words : `cannot, because ${cannot.log_prob}`;
        return h("li", { class: classOf("said", family) }, h("strong", {}, title), " ", error ?? `${words}.`);
      }),
    );
  }

  hasResult() {
    return this.rows.some(({ answer }) => answer);
  }

  picture() {
    const known = this.rows.filter(({ answer }) => answer);
    if (!known.length) return null;
    const groups = Object.keys(SPACES).map((space) => ({
      ...SPACES[space],
      rows: known.filter(({ family }) => family.space === space),
      pixels: this.drawer.pixels?.(this.ctx, space) ?? null,
    }));
    return paintLikelihood(groups.filter(({ rows }) => rows.length), this.ctx, this.drawer.chosenName(this.ctx));
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
  hint: (ctx) => `${drawerOf(ctx).hints.one}, asked of ${whose(ctx)}`,
  create: bySpace((ctx) => new LikelihoodMode(ctx)),
};
