/** One table of x and y: what follows from all of it, and what from p(y | x) alone. */

import { fill, h } from "../kit/shell/dom.js";
import { moreNumbers } from "../kit/shell/more.js";
import { numberTable, segmented } from "../kit/shell/parts.js";
import { createSeed } from "../kit/shell/seed.js";
import { ANIMALS, answers, drawn, SIZES } from "./bayes_of.js";
import { askedRows, bayesWords, tableRows } from "./bayes_words.js";
import { Figure } from "./figure.js";
import { keys, Mode } from "./mode.js";
import { shares, withShare } from "./shares.js";

const BAR = 0.36;
const COLOURS = ["ink", "you"];
const DRAWN = 3;
const SHARES = [0, 1]; // the axis of probabilities
const KNOWN = [...SIZES, "nothing"].map((each) => [each, each]);

class Bayes extends Mode {
  build() {
    const { ctx } = this;
    this.joint = new Figure(ctx, {
      label: "The table p(x, y)",
      height: 280,
      grips: SIZES.flatMap((size, x) =>
        ANIMALS.map((animal, y) => ({
          ...{ key: x * ANIMALS.length + y, label: `p(${size}, ${animal})`, axis: "y", still: y === 0 },
          ...{ low: 0.01, high: 0.95, step: 0.01 },
        }))
      ),
      onGrip: (cell, value, { rest }) =>
        this.set({ joint: withShare(shares(ctx.store.get().joint), cell, value) }, rest),
    });
    this.given = new Figure(ctx, { label: "p(y | x)", height: 210 });
    this.figures = [this.joint, this.given];
    const legend = keys(["ink wide", "cat"], ["you wide", "dog"]);
    fill(ctx.main, h("div", {}, this.joint.element, legend, this.given.element));
    this.known = segmented("What is known of x", KNOWN, (known) => this.set({ known }));
    this.seed = createSeed(ctx, { words: "Draw again" });
    [this.numbers, this.asked] = [h("div"), h("div", { class: "asked" })];
    const known = h("div", { class: "row named" }, h("span", { class: "quiet" }, "x is"), this.known);
    this.panel(known, this.seed.element, moreNumbers(this.asked, this.numbers));
  }

  show({ joint, known, seed }) {
    this.known.set(known);
    this.seed.update();
    const found = answers(shares(joint));
    const draws = drawn(found.px, seed, DRAWN);
    const words = bayesWords(found, known);
    this.found = found;
    fill(this.asked, numberTable("Who can answer", ["", "p(y | x) alone", "p(x, y)"], askedRows(found, known, draws)));
    fill(this.numbers, numberTable("What follows from the table", ["", ...SIZES, "sum"], tableRows(found)));
    const cells = found.p.flatMap((row, x) => row.map((share, y) => [this.left(x, y) + BAR / 2, share]));
    this.showBars(this.joint, found.p, {
      ...{ name: "p(x, y): drag the cells; together they stay 1", words },
      grips: Object.fromEntries(cells.map((at, i) => [i, { at, value: at[1] }])),
    });
    const name = "p(y | x): all that a discriminative model knows";
    this.showBars(this.given, found.yGivenX, { name, words });
    this.tell(words);
  }

  left(x, y) {
    return x + 0.12 + y * (BAR + 0.04);
  }

  /** The bars of both tables have the same axis. */
  showBars(figure, rows, { name, words, grips }) {
    figure.show({
      ...{ xs: [0, SIZES.length], ys: SHARES, words, name, grips },
      ticks: { x: SIZES.map((_, x) => x + 0.5), y: [0, 0.5, 1] },
      names: { x: SIZES },
      bars: rows.flatMap((row, x) =>
        row.map((share, y) => ({ x0: this.left(x, y), x1: this.left(x, y) + BAR, y: share, colour: COLOURS[y] }))
      ),
    });
  }

  table() {
    const { p, yGivenX, xGivenY } = this.found;
    const rows = SIZES.flatMap((size, x) =>
      ANIMALS.map((animal, y) => [size, animal, p[x][y], yGivenX[x][y], xGivenY[y][x]])
    );
    return { name: "bayes", rows: [["x", "y", "p(x, y)", "p(y | x)", "p(x | y)"], ...rows] };
  }
}

export default {
  hint: "Drag the cells, and choose what is known",
  create: (ctx) => new Bayes(ctx, "bayes"),
};
