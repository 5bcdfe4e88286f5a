/** A density beside a probability: one picture's log p(x) in other units, as bits per dimension, and who may stand by. */

import { askedAnswers } from "../kit/ask/asked.js";
import { fill, h } from "../kit/base/dom.js";
import { MINUS } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, untracked } from "../kit/base/vendor/signals-core.js";
import { Bars } from "../kit/chart/bars.js";
import { Chart } from "../kit/chart/chart.js";
import { drawnOrTest, NO_PICTURE, Picture, startWithExample } from "../kit/image/picture.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { onDemand } from "../kit/panel/parts.js";
import { reported } from "../kit/panel/reported.js";
import { partNow, stopAt, stopOfKey } from "../kit/panel/stops.js";
import { isOfImages, takeImages } from "./of_images.js";

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

/** The other networks of the same data, with what each says of the picture, null while that is on its way. */
function besideOf(self, picture) {
  const others = askedAnswers(self, "beside", () => picture.value && { net: self.state.net });
  const questions = computed(() =>
    (others.value.value?.nets ?? []).filter(({ kind }) => kind).map(({ net }) => ({ net, picture: picture.value }))
  );
  const likelihoods = askedAnswers(self, "ask_likelihood", () => questions.value[0] ?? null, {
    ahead: () => questions.value.slice(1),
  });
  return computed(() =>
    (others.value.value?.nets ?? []).map((other) => ({
      ...other,
      answer: other.kind && likelihoods.to({ net: other.net, picture: picture.value }),
    }))
  );
}

function density(self) {
  const { id, given, ctx, state, visits, declared } = self;
  const { charts, failed, waits } = declared.shows;
  whenever(() => visits.value && ctx.net() && untracked(() => takeImages(given)));
  const picture = computed(() =>
    isOfImages(ctx.net()) && !ctx.net().error ? drawnOrTest(state, ctx.net().dataset) : null
  );
  const now = (key) => state[key];
  const judged = reported(self, {
    question: () => picture.value && { ...requestOf(ctx, declared), picture: picture.value },
    shown: (value) => partNow(value, now),
  });
  const { value, report } = judged;
  const beside = besideOf(self, picture);
  const isBeside = ({ comparable, kind }) => Boolean(comparable && kind);

  const drawn = charts.map(({ label, height, sets }, k) => {
    const onMove = sets &&
      ((place, { rest }) => ctx.store.set(stopAt(sets, value.value?.stops, place) ?? {}, { commit: rest }));
    const chart = new Chart(ctx, { label, height, onMove });
    if (sets) chart.canvas.tabIndex = 0; // for the keys
    chart.element.classList.add("result");
    return shows(chart, () => report.value?.charts[k]);
  });
  const may = new Bars(MAY);
  shows(may, () => {
    if (!value.value) return null;
    const all = [{ ...ctx.net().column, answer: value.value.own }, ...beside.value.filter(isBeside)];
    const most = Math.max(1, ...all.map(({ answer }) => (answer ? -answer.nats : 0)));
    return { name: MAY, rows: all.map((each) => barOf(each, most)) };
  });
  const list = h("ul", { class: "silent", tabindex: 0, "aria-label": "Networks that may not stand beside it" });
  const mayNot = onDemand("Why the others may not stand beside it", list, h("p", { class: "note" }, MAY_NOT));
  whenever(() => {
    const rest = beside.value.filter((other) => !isBeside(other));
    mayNot.hidden = rest.length === 0;
    fill(list, rest.map((row) => h("li", {}, h("strong", {}, row.title), " ", otherWords(row))));
  });
  const words = computed(() => {
    const binary = beside.value.find(({ answer, comparable }) => answer && !comparable);
    if (!binary || !judged.words.value) return judged.words.value;
    const { title, answer, space } = binary;
    return `${judged.words.value} The ${title}'s ${signed(answer.nats)} is about ${
      OF[space]
    }: it does not say which is ` +
      "better.";
  });
  const waiting = () => ctx.net().error ?? (judged.failed.value ? failed : picture.value ? waits : NO_PICTURE);
  const laid = h(
    "div",
    { class: "exhibit", "data-mode": id, hidden: () => !value.value },
    h("div", {}, drawn, h("div", { class: "with-numbers" }, may.element, mayNot)),
  );
  judged.dims(laid);
  const isAwaited = () => `empty${judged.isPending.value ? " awaited" : ""}`;
  return {
    main: [h("p", { class: isAwaited, hidden: () => value.value !== null }, waiting), laid],
    above: [judged.numbers],
    below: [new Picture(ctx, { others: false, drawn: () => ctx.value().pens?.[ctx.net().dataset] })],
    ...{ words, beside, ...judged.mode },
    enter: () => startWithExample(ctx),
    key(event) {
      const patch = stopOfKey(event.key, value.value?.stops, "unit", now);
      if (!patch) return;
      ctx.store.commit(patch);
      event.preventDefault();
    },
  };
}

export default mode(density);
