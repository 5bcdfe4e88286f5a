/** Families × questions: what each can be asked, by the branches of the map; every cell opens the question. */

import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { rove } from "../kit/base/rove.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { frameOf, readOpening } from "./opening.js";
import { marked } from "./says.js";

const DRAWN = 24; // pixels of the image beside a name
const CANNOT = /[∅–]/;
const LIKELY = "likelihood";

function matrix(self) {
  const { ctx, declared } = self;
  const questions = Object.entries(ctx.value().questions);
  const told = signal("");
  const frame = h("div", {
    class: "matrix-frame",
    tabindex: 0,
    role: "region",
    "aria-label": "The families by what they can be asked",
  });
  const families = computed(() => (ctx.net(), ctx.value(), ctx.columns()));
  const tell = (words) => (told.value = words);
  whenever(() => {
    const groups = ctx.value().branches.map((branch) => groupOf(branch, families.value, questions, tell));
    const head = h("tr", {}, h("td"), questions.map(([, title]) => h("th", { scope: "col" }, title)));
    fill(frame, h("table", { class: "matrix" }, h("thead", {}, head), groups));
    const { name } = ctx.net();
    untracked(() => illustrate(frame, ctx, name));
  });

  const note = h("p", { class: "quiet" }, declared.says.signs);
  const words = h("p", { class: "cell-words", "aria-live": "polite" }, () => told.value);
  return {
    ...{ main: rove(frame), last: [note, words], words: computed(() => ctx.net().says.matrix) },
    table() {
      const wordsOf = ({ answers }) => questions.map(([question]) => answers[question].words);
      const rows = families.value.map((family) => [family.net, ...wordsOf(family)]);
      const head = ["network", ...questions.map(([, title]) => title)];
      return { name: `questions-${ctx.net().name}`, rows: [head, ...rows] };
    },
  };
}

/** Rows of the families of a branch, below its name. */
function groupOf({ id, title, ...answer }, families, questions, tell) {
  const own = families.filter(({ branch }) => branch === id);
  if (!own.length) return null;
  const name = h(
    "th",
    { scope: "rowgroup", colspan: questions.length + 1 },
    h("span", { class: "result" }, marked(answer, title)),
  );
  const rows = own.map((family) =>
    h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        h("span", { class: "drawn", "data-net": family.net, "aria-hidden": "true" }),
        family.title,
      ),
      questions.map((question) => cellOf(family, question, tell)),
    )
  );
  return h("tbody", { class: id }, h("tr", {}, name), rows);
}

function cellOf(family, [question, title], tell) {
  const { mark, words } = family.answers[question];
  const show = () => tell(words);
  const inside = h("a", {
    class: `${CANNOT.test(mark) ? "unable" : "able"}${question === LIKELY ? " result" : ""}`,
    href: family.asked[question],
    "aria-label": `${title}: ${words} Open the question.`,
    onpointerenter: show,
    onfocus: show,
  }, mark);
  return h("td", {}, inside);
}

/** Shows the recorded image of every family; nothing for a data set without a recording. */
async function illustrate(frame, ctx, dataset) {
  const film = await readOpening(ctx, dataset);
  if (!film) return;
  for (const place of frame.querySelectorAll(".drawn")) {
    const bytes = frameOf(film, film.seeds[0], place.dataset.net, film.frames - 1);
    const canvas = imageCanvas("", DRAWN);
    if (bytes) drawImage(canvas, bytes);
    fill(place, bytes && canvas);
  }
}

export default mode(matrix);
