/** Families × questions: what each can be asked, by the branches of the map; every cell opens the question. */

import { fill, h, setText } from "../kit/base/dom.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { rove } from "../kit/base/rove.js";
import { Opening } from "./opening.js";
import { marked } from "./says.js";

const DRAWN = 24; // pixels of the image beside a name
const CANNOT = /[∅–]/;
const LIKELY = "likelihood";

class Matrix extends ByHand {
  constructor(ctx) {
    super(ctx, "matrix");
    this.questions = Object.entries(ctx.value().questions);
    this.opening = new Opening(ctx);
    this.words = h("p", { class: "cell-words", "aria-live": "polite" });
    this.frame = h("div", {
      class: "matrix-frame",
      tabindex: 0,
      role: "region",
      "aria-label": "The families by what they can be asked",
    });
    const note = h("p", { class: "quiet" }, this.declared.says.signs);
    this.open(rove(this.frame), { last: [note, this.words] });
  }

  /** True, as the answers come with the page. */
  get ready() {
    return true;
  }

  update(changed) {
    if (!["mode", "data", "mount", "value"].some((key) => changed.has(key))) return;
    const head = h("tr", {}, h("td"), this.questions.map(([, title]) => h("th", { scope: "col" }, title)));
    const groups = this.ctx.value().branches.map((branch) => this.group(branch));
    fill(this.frame, h("table", { class: "matrix" }, h("thead", {}, head), groups));
    this.illustrate();
    this.seen(this.ctx.net().says.matrix);
  }

  /** Rows of the families of a branch, below its name. */
  group({ id, title, ...answer }) {
    const families = this.ctx.columns().filter(({ branch }) => branch === id);
    if (!families.length) return null;
    const name = h(
      "th",
      { scope: "rowgroup", colspan: this.questions.length + 1 },
      h("span", { class: "result" }, marked(answer, title)),
    );
    const rows = families.map((family) =>
      h(
        "tr",
        {},
        h(
          "th",
          { scope: "row" },
          h("span", { class: "drawn", "data-net": family.net, "aria-hidden": "true" }),
          family.title,
        ),
        this.questions.map((question) => this.cell(family, question)),
      )
    );
    return h("tbody", { class: id }, h("tr", {}, name), rows);
  }

  /** Shows the recorded image of every family; nothing for a data set without a recording. */
  async illustrate() {
    const dataset = this.ctx.net().name;
    const film = await this.opening.read(dataset);
    if (!film) return;
    for (const place of this.frame.querySelectorAll(".drawn")) {
      const bytes = this.opening.frame(place.dataset.net, film.frames - 1, dataset, film.seed);
      const canvas = imageCanvas("", DRAWN);
      if (bytes) drawImage(canvas, bytes);
      fill(place, bytes && canvas);
    }
  }

  table() {
    const rows = this.ctx.columns().map((family) => [
      family.net,
      ...this.questions.map(([question]) => family.answers[question].words),
    ]);
    const head = ["network", ...this.questions.map(([, title]) => title)];
    return { name: `questions-${this.ctx.net().name}`, rows: [head, ...rows] };
  }

  cell(family, [question, title]) {
    const { mark, words } = family.answers[question];
    const show = () => setText(this.words, words);
    const inside = h("a", {
      class: `${CANNOT.test(mark) ? "unable" : "able"}${question === LIKELY ? " result" : ""}`,
      href: family.asked[question],
      "aria-label": `${title}: ${words} Open the question.`,
      onpointerenter: show,
      onfocus: show,
    }, mark);
    return h("td", {}, inside);
  }
}

export default {
  create: (ctx) => new Matrix(ctx),
};
