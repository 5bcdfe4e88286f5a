/** What permutes: which digit becomes which, as recorded on all test images. */

import { fill, h } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { PanelAnswer } from "../kit/shell/panel_answer.js";
import { takeNet } from "../kit/shell/take_net.js";
import { shareOf } from "./of_picture.js";

const MOST = 0.5;
const LEAST = 0.005; // smaller shares are not written
const NOTHING = "No such network was trained and measured.";
const NAMES = { cycle: "with the cycle term", free: "without the cycle term", identity: "with cycle and identity" };

class Permutes extends PanelAnswer {
  constructor(ctx) {
    super(ctx, "permutes");
    this.grid = h("div", { class: "tr-matrix result" });
    this.open(
      h(
        "div",
        {},
        h("p", { class: "quiet" }, "A row for each digit, a column for what it becomes, in per cent."),
        this.grid,
      ),
    );
  }

  enter() {
    takeNet(this.ctx, Object.keys(this.ctx.value().kinds));
  }

  draw({ matrix }) {
    const head = (label) => h("th", { scope: "col" }, String(label));
    const row = (shares, label) =>
      h("tr", {}, h("th", { scope: "row" }, String(label)), shares.map((share, other) => cellOf(share, label, other)));
    fill(
      this.grid,
      matrix
        ? h(
          "table",
          {},
          h("thead", {}, h("tr", {}, h("td"), matrix.map((_, i) => head(i)))),
          h("tbody", {}, matrix.map(row)),
        )
        : h("p", { class: "empty" }, NOTHING),
    );
  }

  rows(value) {
    const { term } = this.ctx.store.get();
    return [
      [`class kept, ${NAMES[term]}`, ...shareOf(value?.kept[term] ?? {})],
      ...Object.entries(NAMES).filter(([each]) => each !== term).map((
        [each, words],
      ) => [`class kept, ${words}`, ...shareOf(value?.kept[each] ?? {})]),
    ];
  }

  words({ matrix }) {
    if (!matrix) return NOTHING;
    const moved = matrix.flatMap((shares, label) => {
      const most = shares.indexOf(Math.max(...shares));
      return most !== label && shares[most] > MOST ? [`${label} → ${most}`] : [];
    });
    const lead = moved.length
      ? `Most images of these digits become another one: ${moved.join(", ")}. `
      : "No digit becomes another one in most of its images. ";
    return `${lead}The adversarial loss only compares sets of images. If all digits of a domain change places, ` +
      "the set stays the same, and the discriminator does not notice.";
  }

  table() {
    const matrix = this.value?.matrix;
    const head = ["digit", ...Array.from({ length: 10 }, (_, i) => i)];
    return matrix && { name: "what-permutes", rows: [head, ...matrix.map((shares, label) => [label, ...shares])] };
  }

  hasResult(what) {
    return what !== "picture" && Boolean(this.value?.matrix);
  }
}

function cellOf(share, label, other) {
  const cell = h(
    "td",
    { title: `${percent(share, 1)} of the images of ${label} become ${other}` },
    share < LEAST ? "" : num(100 * share, 0),
  );
  cell.style.setProperty("--share", share);
  if (label === other) cell.classList.add("same");
  return cell;
}

export default {
  hint: "Which digit becomes which? Compare the terms of the loss",
  create: (ctx) => new Permutes(ctx),
};
