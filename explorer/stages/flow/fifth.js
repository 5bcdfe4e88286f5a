/** A density beside a probability: one picture's log p(x) in other units, as bits per dimension, and who may stand by. */

import { Bars } from "../kit/chart/bars.js";
import { Answered } from "../kit/ask/answered.js";
import { fill, h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { MINUS } from "../kit/base/format.js";
import { onDemand } from "../kit/panel/parts.js";
import { takeImages } from "./of_images.js";

const OF = { binary: "black and white pixels", levels: "256 levels", plane: "points of the plane" };
const MAY_NOT = "There are 2⁷⁸⁴ pictures of black and white pixels and 256⁷⁸⁴ of levels: a probability that is " +
  "shared by far fewer of them is another one.";

/** Nats with their thousands apart and their sign: a log-density may have either. */
function signed(nats) {
  const how = { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" };
  return nats.toLocaleString("en", how).replace("-", MINUS);
}

const MAY = "256 grey levels: −log p(x) in nats";

/** The bar of a network, hatched where it is a bound; `most` is the longest. */
function barOf({ title, answer }, most) {
  if (!answer) return { title, text: "…" };
  const cost = Math.max(0, -answer.nats);
  const { kind, text, says } = answer;
  return { title, [kind === "bound" ? "hatched" : "share"]: cost / most, kind, text, says };
}

/** Density of the picture by a network that may not stand beside the flow, or why it gives none. */
function otherWords({ kind, space, why, answer }) {
  if (!kind) return `cannot, because ${why}.`;
  const said = answer ? `${kind === "bound" ? "at least " : ""}${signed(answer.nats)} nats` : "…";
  return `${said} of ${OF[space]}`;
}

class Density extends Exhibit {
  constructor(ctx) {
    super(ctx, "fifth");
    this.others = new Answered(ctx, "beside", () => this.again());
    this.likelihoods = new Answered(ctx, "ask_likelihood", () => this.show());
    this.may = new Bars(MAY);
    this.list = h("ul", { class: "silent", tabindex: 0, "aria-label": "Networks that may not stand beside it" });
    this.mayNot = onDemand("Why the others may not stand beside it", this.list, h("p", { class: "note" }, MAY_NOT));
    const first = /** @type {Element} */ (this.laid.firstChild);
    first.append(h("div", { class: "with-numbers" }, this.may.element, this.mayNot));
  }

  /** The other networks, with what each says of the picture, null while that is on its way. */
  get beside() {
    const { picture } = this.given();
    return (this.others.value?.nets ?? []).map((other) => ({
      ...other,
      answer: other.kind && picture ? this.likelihoods.to({ net: other.net, picture }) : null,
    }));
  }

  update(changed) {
    if (takeImages(this.ctx)) super.update(changed);
  }

  /** Asks the other networks too, once it is known which they are. */
  again() {
    super.again();
    const [{ net }, { picture }] = [this.ctx.store.get(), this.given()];
    if (this.ctx.net().error || !picture) return;
    this.others.want({ net });
    this.likelihoods.want(...this.beside.filter(({ kind }) => kind).map((other) => ({ net: other.net, picture })));
  }

  draw(value) {
    super.draw(value);
    const { beside, ctx } = this;
    const may = [
      { ...ctx.net().column, answer: value.own },
      ...beside.filter(({ comparable, kind }) => comparable && kind),
    ];
    const most = Math.max(1, ...may.map(({ answer }) => (answer ? -answer.nats : 0)));
    this.may.show({ name: MAY, rows: may.map((each) => barOf(each, most)) });
    const rest = beside.filter(({ comparable, kind }) => !comparable || !kind);
    this.mayNot.hidden = rest.length === 0;
    fill(this.list, rest.map((row) => h("li", {}, h("strong", {}, row.title), " ", otherWords(row))));
  }

  words(value) {
    const binary = this.beside.find(({ answer, comparable }) => answer && !comparable);
    if (!binary) return super.words(value);
    const { title, answer, space } = binary;
    return `${super.words(value)} The ${title}'s ${signed(answer.nats)} is about ${OF[space]}: it does not say ` +
      "which is better.";
  }
}

export default {
  create: (ctx) => new Density(ctx),
};
