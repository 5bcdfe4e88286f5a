/** Attention: which characters a head of the transformer looks at, and what it costs to switch this head off. */

import { floats16 } from "../kit/plane/tensors.js";
import { Answered } from "../kit/shell/answered.js";
import { fill, h, placeIn } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { moreNumbers } from "../kit/shell/more.js";
import { PanelAnswer } from "../kit/shell/panel_answer.js";
import { mean } from "../kit/shell/sums.js";
import { nameOf } from "./chances.js";
import { legend, Letters } from "./letters.js";
import { drawMatrix, paintMatrix } from "./matrix.js";

const START = "▸";

class Attention extends PanelAnswer {
  constructor(ctx) {
    super(ctx, "attention");
    this.costs = new Answered(ctx, "head_costs", () => this.show());
    this.letters = new Letters({
      label: "Your text after its start. Arrow keys choose the character that is predicted.",
      onChoose: (place) => this.choose(place - 1),
    });
    this.matrix = h("canvas", { class: "attention-matrix", role: "img" });
    this.matrix.addEventListener("click", (event) => this.pick(event));
    this.legend = h("div");
    this.grid = h("div", { class: "head-costs" });
    const caption = "rows: predicted characters; hatched: masked";
    const side = h(
      "div",
      { class: "attention-side result" },
      h("figure", {}, this.matrix, h("figcaption", {}, caption)),
      moreNumbers(this.grid),
    );
    const text = h("div", { class: "result" }, this.letters.element, this.legend);
    this.open(h("div", { class: "text-screen" }, text, side));
  }

  /** Asks for the head's weights, and once for each text for the costs of all heads. */
  again() {
    const { read } = this.ctx.store.get();
    super.again();
    this.costs.want({ read });
  }

  choose(place) {
    if (this.value) this.ctx.store.commit({ tap: Math.max(0, place) });
  }

  /** A tap on the matrix chooses its row. */
  pick(event) {
    if (!this.value) return;
    const [rows, [, down]] = [this.value.words.length, placeIn(this.matrix, event)];
    this.choose(Math.min(rows - 1, Math.floor((down / this.matrix.clientHeight) * rows)));
  }

  /** The character that is predicted: the chosen one, or else one in the last third. */
  get place() {
    const { tap } = this.ctx.store.get();
    const { length } = this.value.words;
    return tap !== null && tap < length ? tap : Math.floor((length * 2) / 3);
  }

  /** The weights of all rows, and those with which the chosen character is predicted. */
  get weights() {
    const { value } = this;
    value.matrix ??= floats16(value.weights);
    const { length } = value.words;
    const row = [...value.matrix.subarray(this.place * length, (this.place + 1) * length)];
    return { matrix: value.matrix, row, top: row.indexOf(Math.max(...row)) };
  }

  show() {
    super.show();
    this.showCosts();
  }

  draw(value) {
    const { matrix, row, top } = this.weights;
    const characters = [START, ...value.words];
    const chosen = this.place + 1;
    const kinds = characters.map((_, i) => (i > chosen ? "masked" : i === 0 ? "start" : ""));
    this.letters.show(characters, { tints: row.map((each) => each / row[top]), kinds, chosen });
    const scale = [[0, "not looked at"], [1, `${percent(row[top])} of the weight`]];
    fill(this.legend, legend(scale));
    drawMatrix(this.matrix, matrix, value.words.length, this.place, this.ctx.colours());
    this.matrix.setAttribute("aria-label", `Attention weights of ${value.words.length} rows; row ${chosen} is chosen`);
  }

  /** Each head's cost, the chosen head outlined. */
  showCosts() {
    const costs = this.costs.isCurrent ? this.costs.value.costs : null;
    const { layer, head } = this.ctx.store.get();
    if (!costs) return fill(this.grid);
    const most = Math.max(...costs.flat(), 0.01);
    const cell = (cost, i, j) => {
      const isChosen = i + 1 === layer && j + 1 === head;
      const tint = `--tint: ${Math.round((100 * Math.max(0, cost)) / most)}%`;
      return h("td", { class: isChosen ? "chosen" : null, style: tint }, signed(cost));
    };
    const heads = costs[0].map((_, j) => h("th", { scope: "col" }, `head ${j + 1}`));
    const rows = costs.map((row, i) =>
      h("tr", {}, h("th", { scope: "row" }, `layer ${i + 1}`), row.map((cost, j) => cell(cost, i, j)))
    );
    fill(
      this.grid,
      h("h2", {}, "Cost of each head, bits/character"),
      h("table", {}, h("thead", {}, h("tr", {}, h("td"), heads)), h("tbody", {}, rows)),
    );
  }

  rows(value) {
    const bits = value?.bits;
    const [whole, off] = bits ? [mean(bits.with), mean(bits.without)] : [];
    const of = (number) => (bits ? num(number) : "–");
    const at = bits ? this.place : 0;
    return [
      ["without this head", bits ? signed(off - whole) : "–", "bits/character"],
      ["with every head", of(whole), "bits/character"],
      ["with this head off", of(off), "bits/character"],
      ["the chosen character", bits ? `${num(bits.with[at])} → ${num(bits.without[at])}` : "–", "bits"],
    ];
  }

  words({ words }) {
    const { layer, head } = this.answer.asked;
    const { row, top } = this.weights;
    const back = this.place - top + 1;
    const what = top === 0 ? "the start" : `“${nameOf(words[top - 1])}”, ${back === 1 ? "the last" : `${back} back`}`;
    return `To predict “${nameOf(words[this.place])}”, layer ${layer}, head ${head} looks most at ${what}: ${
      percent(row[top])
    } of its weight. The grey characters are masked: the network has not read them.`;
  }

  picture() {
    const { value } = this;
    return value && paintMatrix(this.weights.matrix, value.words.length, this.place, this.ctx.colours());
  }

  table() {
    const { value } = this;
    if (!value) return null;
    const { matrix } = this.weights;
    const { length } = value.words;
    const rows = [...value.words].map((character, t) => [character, ...matrix.subarray(t * length, (t + 1) * length)]);
    return { name: "attention", rows: [["predicted", "start", ...[...value.words].slice(0, -1)], ...rows] };
  }
}

/** A cost with its sign; what rounds to nothing has none. */
function signed(cost) {
  const words = Math.abs(cost).toFixed(2);
  return words === "0.00" ? words : `${cost < 0 ? "−" : "+"}${words}`;
}

export default {
  hint: "Tap a character: where does the head look to predict it?",
  create: (ctx) => new Attention(ctx),
};
