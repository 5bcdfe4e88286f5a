/** Text: one text, and how likely each network of characters finds it; each goes on from it. */

import { createTries } from "../kit/lesson/tries.js";
import { createControls } from "../kit/shell/controls.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, fillPanel } from "../kit/shell/parts.js";
import { SIGNS } from "../questions/likelihood_group.js";

const ASK_AGAIN = ["mode", "words", "seed"];

class Texts {
  constructor(ctx) {
    this.ctx = ctx;
    const declared = ctx.value().panels.texts;
    this.found = new OneByOne(ctx, declared.ask, () => ctx.refresh("texts"));
    this.controls = createControls(ctx, declared);
    this.screen = h("div", { class: "texts" });
    this.numbers = headline(this.figures(), 0);
    this.seen = createSeen();
    fill(ctx.main, this.screen);
    fillPanel(ctx, this.numbers, this.controls.element, this.seen.element, createTries(ctx, declared.tries));
  }

  /** Every network with its answer, null until it is there. */
  get rows() {
    return this.ctx.value().coders.text.map((family) => ({ family, answer: this.found.of(this.requestOf(family)) }));
  }

  /** The rows whose figure is known, the fewest bits first. */
  get ranked() {
    return this.rows.filter(({ answer }) => answer?.bits != null).sort((a, b) => a.answer.bits - b.answer.bits);
  }

  /** The row of the fewest exact bits. */
  get best() {
    return this.ranked.find(({ answer }) => answer.kind === "exact");
  }

  requestOf({ net }) {
    const { words, seed } = this.ctx.store.get();
    return { net, words, seed };
  }

  update(changed) {
    this.controls.update();
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      const here = this.ctx.value().coders.text.filter(({ error }) => !error);
      this.found.want(here.map((family) => this.requestOf(family)));
    }
    this.show();
  }

  show() {
    const { rows, ranked } = this;
    const { words } = this.ctx.store.get();
    fill(this.screen, rows.map((row) => card(row, words)));
    dim(this.seen.element, this.found.busy);
    this.numbers.set(this.figures());
    this.seen(ranked.length ? this.sentence() : "");
    this.ctx.describe(ranked.map(({ family, answer }) => `${family.title}: ${figure(answer)}.`).join(" "));
  }

  figures() {
    const { rows, best } = this;
    return [
      ["the fewest exact bits", best ? num(best.answer.bits, 2) : "–", "bits/character"],
      ...rows.map(({ family, answer }) => [
        family.title,
        answer?.bits == null ? "–" : `${SIGNS[answer.kind]} ${num(answer.bits, 3)}`,
        "bits/character",
      ]),
    ];
  }

  sentence() {
    const { best } = this;
    const first = best ? `${best.family.title} expects this text most. ` : "";
    return `${first}The grey text is yours; each network draws the rest. An exact value and a bound are no rivals: ` +
      "the masked diffusion may need fewer bits than its bound says.";
  }

  hasResult() {
    return this.ranked.length > 0;
  }

  table() {
    const rows = this.rows.filter(({ answer }) => answer);
    return rows.length
      ? {
        name: "text",
        rows: [
          ["network", "kind", "bits a character", "standard error", "continuation"],
          ...rows.map((
            { family, answer: { kind, bits, se, added } },
          ) => [family.net, kind, bits ?? "", se ?? "", added]),
        ],
      }
      : null;
  }
}

/** What a network answered of the text, in words. */
function figure({ kind, bits, se, limit }) {
  if (bits === null) return `cannot, because it knows texts of at most ${limit} characters`;
  return `${SIGNS[kind]} ${num(bits, 2)}${se ? ` ± ${num(se, 2)}` : ""} bits/character`;
}

function card({ family, answer }, words) {
  const { title, error } = family;
  const said = error ?? (answer ? figure(answer) : "…");
  const body = h("p", { class: "text-body" }, h("span", { class: "given" }, words), answer?.added ?? "");
  return h("div", { class: "text-card" }, h("h2", {}, title), h("p", { class: "text-figure" }, said), body);
}

export default {
  hint: "How many bits does your text cost each network?",
  create: (ctx) => new Texts(ctx),
};
