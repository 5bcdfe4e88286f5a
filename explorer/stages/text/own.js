/** Your own text: three models learn it on one clock; then they draw, measure and compress. */

import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { untracked } from "../kit/base/vendor/signals-core.js";
import { Chart } from "../kit/chart/chart.js";
import { createCodeFile } from "../kit/export/code_file.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { requestOf } from "../kit/panel/controls.js";
import { createMode } from "../kit/panel/mode.js";
import { moreControls } from "../kit/panel/more.js";
import { parted } from "../kit/panel/parted.js";
import { createOwnGiven } from "./own_given.js";
import { kept, noteTrained } from "./own_text.js";
import { textual } from "./texts.js";

const WAIT = "Press Train: an n-gram, a new transformer and Shakespeare’s transformer learn this text.";
const UNTRAINED = "No model has learned your text yet. Choose Learn, and press Train.";
const ONE = "Train on another share of the text: where does one model overtake another?";

/** @type {Record<string, {title: string} & Partial<ChartLine>>} */
const LINES = {
  ngram: { title: "n-gram", colour: "quiet", dash: [4, 3] },
  scratch: { title: "from scratch", colour: 1 },
  continued: { title: "continued", colour: 0, width: 2.5 },
};
const linesOf = (curves) =>
  Object.entries(LINES).map(([name, { title, ...look }]) => ({ ...look, points: curves[name], label: title }));

/** The ends of an axis of these lines. */
function endsOf(lines) {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.05, 0.06 * (high - low));
  return [Math.max(0, low - room), high + room];
}

/** @param {import("../kit/panel/mode.js").Self} self */
function ownLearn(self) {
  const { ctx, state, declared } = self;
  const film = askedFilm(self, {
    nameOf: () => "Training",
    nothing: () => (state.go && kept.value.key ? null : kept.value.error || WAIT),
    request: () => (state.go && kept.value.key ? { ...requestOf(ctx, declared), key: kept.value.key } : null),
  });
  const { frame, request, done, current, drawn, problem } = film;
  const given = createOwnGiven(self, () => Boolean(problem.peek()));
  whenever(() => {
    if (done.value && drawn.value === current.value && request.value) untracked(() => noteTrained(request.value.key));
  });
  const bits = new Chart(ctx, { label: "Bits a character on held-out text by seconds of training", height: 220 });
  const amounts = new Chart(ctx, { label: "Bits a character by characters of training text", height: 220 });
  const hint = h("p", { class: "quiet" }, ONE);
  const samples = h("div", { class: "own-samples", translate: "no" });
  whenever(() => {
    if (!frame.value) return;
    const { charts, report, samples: drawn } = frame.value;
    showBits(bits, charts, report);
    showAmounts(amounts, hint, charts.amounts);
    fill(samples, drawn.map(sampleOf));
  });
  const charts = h("div", { class: "own-charts" }, bits.element, h("div", {}, amounts.element, hint));
  const picture = film.play({
    screen: h("div", { class: "own-screen" }, charts, samples),
    label: "The training",
    framesPerSecond: 2,
  });
  return { main: h("div", { class: "own-screen" }, given, picture), above: [film.numbers], ...film.mode };
}

/** The curves up to now; a ring marks what is kept. */
function showBits(chart, { curves, kept: best, end }, report) {
  const flat = curves.ngram.at(-1)[1];
  const lines = linesOf({ ...curves, ngram: [[0, flat], [end, flat]] });
  chart.show({
    ...{ xs: [0, end], ys: endsOf(lines), lines, cursor: report.place, along: "s" },
    circles: Object.values(best).map((at) => ({ at, text: "✓", on: false })),
    name: "Bits/character, held out; ✓ kept",
    words: report.words,
  });
}

/** Bits by the text used, once two trainings of equal length are there. */
function showAmounts(chart, hint, amounts) {
  const isKnown = amounts.continued.length > 1;
  chart.element.hidden = !isKnown;
  hint.hidden = isKnown;
  if (!isKnown) return;
  const lines = linesOf(amounts);
  const counts = amounts.continued.map(([count]) => count);
  chart.show({
    ...{ xs: [0, counts.at(-1)], ys: endsOf(lines), lines, along: "characters" },
    name: "Bits/character by training text",
    words: counts.map((count, k) => `${count}: ${amounts.continued[k][1].toFixed(2)}`).join(", "),
  });
}

/** A sample with its longest copy marked, and the passage of the training text that it copies. */
function sampleOf({ title, bits, sample, from, length, passage: { before, copied, after } }) {
  const letters = [...sample];
  const part = (start, end) => letters.slice(start, end).join("");
  return h(
    "figure",
    {},
    h("figcaption", { translate: "yes" }, h("b", {}, title), ` ${bits}`),
    h("p", { class: "own-sample" }, part(0, from), h("mark", {}, part(from, from + length)), part(from + length)),
    h("p", { class: "quiet", translate: "yes" }, `Longest copy of the training text: ${length} characters`),
    h("p", { class: "own-passage" }, `… ${before}`, h("mark", {}, copied), `${after} …`),
  );
}

/** What the models of a text that was learned do: draw, measure or compress. @param {import("../kit/panel/mode.js").Self} self */
function ownAsked(self) {
  const { value, room, show } = textual(self, {
    question: (_, usual) => {
      const { key, trained } = kept.value;
      const asked = usual();
      return trained && asked ? { ...asked, key } : null;
    },
    lacks: () => UNTRAINED,
  });
  room.classList.add("own-texts");
  if (self.declared.ask !== "pack_own") return show({ add: [room] }).mode;
  const { ctx } = self;
  const file = createCodeFile(ctx, {
    answer: value,
    nameOf: () => "your-text",
    decode: (coded) => ctx.ask("unpack_own", { key: kept.peek().key, file: coded }),
    opened({ words }, bytes) {
      ctx.store.commit({ phrase: words });
      return `${bytes} bytes were read back as ${words.length} characters. The checksum is right.`;
    },
  });
  return show({ add: [room], below: [moreControls(file)] }).mode;
}

const asked = createMode(ownAsked);
export default parted({
  own_learn: createMode(ownLearn),
  ...{ own_draw: asked, own_measure: asked, own_pack: asked },
});
