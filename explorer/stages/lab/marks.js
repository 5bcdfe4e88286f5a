/** Bound or estimate? log p(x) of one image by less and more work, with its error and the mark that it deserves. */

import { Chart } from "../kit/chart/chart.js";
import { roundEnds } from "../kit/chart/ticks.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { ToldAnswer } from "../kit/shell/told_answer.js";

const log = Math.log2;

class Marks extends ToldAnswer {
  waits = "log p(x) is computed with more and more work, which takes a few seconds.";

  constructor(ctx) {
    super(ctx, "marks");
    this.chart = new Chart(ctx, {
      label: "log p(x) by amount of work",
      height: 430,
      onMove: (place, { rest }) => this.choose(place, rest),
    });
    this.image = imageCanvas("Test image", 84);
    this.image.hidden = true;
    this.open(h("div", { class: "result" }, this.chart.element), this.image);
  }

  choose(place, rest) {
    const away = ({ at }) => Math.abs(log(at) - place);
    const { rows } = this.value;
    const work = rows.indexOf(rows.toSorted((a, b) => away(a) - away(b))[0]);
    this.ctx.store.set({ work }, { commit: rest });
  }

  key({ key }) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const work = this.now + by;
    const isThere = Boolean(this.value?.rows[work]);
    if (isThere) this.ctx.store.commit({ work });
    return isThere;
  }

  /** The point that is chosen, or the last where there are fewer. */
  get now() {
    return Math.min(this.ctx.store.get().work, (this.value?.rows.length ?? 1) - 1);
  }

  shown({ rows }) {
    return rows[this.now];
  }

  draw({ rows, best, unit, of, image }) {
    drawImage(this.image, fromBase64(image));
    this.image.hidden = false;
    const ends = rows.flatMap(({ nats, error }) => [nats - error, nats + error]);
    const [low, high] = [Math.min(...ends, best), Math.max(...ends, best)];
    const room = 0.06 * (high - low) || 1;
    const [left, right] = [log(rows[0].at), log(rows.at(-1).at)];
    const side = 0.02 * (right - left);
    const bar = ({ at, nats, error }, i) => ({
      points: [[log(at), nats - error], [log(at), nats + error]],
      colour: i === this.now ? "you" : "quiet",
      width: 5,
    });
    const dot = ({ at, nats }, i) => ({
      points: [[log(at) - side, nats], [log(at) + side, nats]],
      colour: i === this.now ? "you" : "ink",
      width: 3,
    });
    this.chart.show({
      xs: [left - 2 * side, right + 2 * side],
      ys: [low - room, high + room],
      ticks: { x: rows.map(({ at }) => log(at)), y: [...roundEnds(low, high), Math.round(best)] },
      names: { x: rows.map(({ at, mark }) => `${at} ${mark}`) },
      lines: [
        { points: [[left - side, best], [right + side, best]], colour: "ink", dash: [4, 4], width: 1 },
        ...rows.map(bar),
        ...rows.map(dot),
      ],
      cursor: log(rows[this.now].at),
      name: `log p(x) in nats by ${unit}: ${of}; dashed: the best value`,
      words: rows.map(({ at, nats, error, mark }) => `${at}: ${mark} ${num(nats)} ± ${num(error)}`).join(", "),
    });
  }

  picture() {
    return this.value && this.chart.canvas;
  }

  table() {
    const { value } = this;
    const rows = value?.rows.map(({ at, nats, error, mark }) => [at, nats, error, mark]);
    return value && { name: "bound-or-estimate", rows: [[value.unit, "nats", "error", "mark"], ...rows] };
  }
}

export default {
  hint: "Drag the line: with how much work does the value become a bound, or exact?",
  create: (ctx) => new Marks(ctx),
};
