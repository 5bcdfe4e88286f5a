/** A density beside a probability: one picture's log p(x) in other units, as bits per dimension, and who may stand by. */

import { Answered } from "../kit/ask/answered.js";
import { askedAnswers } from "../kit/ask/asked.js";
import { fill, h } from "../kit/base/dom.js";
import { MINUS } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { Bars } from "../kit/chart/bars.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
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

/** @param {import("../kit/panel/mode.js").Self} self */
function density(self) {
  const { ctx, state, changes, visits } = self;
  /** False of a network of points, until one of images is taken. */
  const isOfImages = () => ctx.net().column?.space === "levels" && state.net === ctx.net().name;
  const { value, given, show } = exhibit(self, {
    shown: (answer) => ({ ...answer, words: `${answer.words}${binaryWords(beside.value)}` }),
    question: (_, usual) => (isOfImages() ? usual() : null),
  });
  const picture = () => (ctx.net().error || !isOfImages() ? null : given().picture);
  const beside = besideOf(self, picture);
  const may = new Bars(MAY);
  const list = h("ul", { class: "silent", tabindex: 0, "aria-label": "Networks that may not stand beside it" });
  const mayNot = onDemand("Why the others may not stand beside it", list, h("p", { class: "note" }, MAY_NOT));
  whenever(() => {
    if (!value.value) return;
    const isAlike = ({ comparable, kind }) => comparable && kind;
    const rows = [{ ...ctx.net().column, answer: value.value.own }, ...beside.value.filter(isAlike)];
    const most = Math.max(1, ...rows.map(({ answer }) => (answer ? -answer.nats : 0)));
    may.show({ name: MAY, rows: rows.map((each) => barOf(each, most)) });
    const rest = beside.value.filter((each) => !isAlike(each));
    mayNot.hidden = rest.length === 0;
    fill(list, rest.map((row) => h("li", {}, h("strong", {}, row.title), " ", otherWords(row))));
  });
  whenever(() => {
    void changes.value;
    if (visits.value) untracked(() => takeImages(ctx));
  });
  const { laid, mode } = show();
  laid.firstElementChild.append(h("div", { class: "with-numbers" }, may.element, mayNot));
  return { ...mode, beside };
}

/** The other networks, with what each says of the picture, null while that is on its way. */
function besideOf(self, picture) {
  const { ctx, state, visits } = self;
  const { value } = askedAnswers(self, "beside", () => (picture() ? { net: state.net } : null));
  const news = signal(0);
  const likelihoods = new Answered(ctx, "ask_likelihood", () => (news.value = news.peek() + 1));
  const questions = computed(() => {
    const known = (value.value?.nets ?? []).filter(({ kind }) => kind && picture());
    return JSON.stringify(known.map(({ net }) => ({ net, picture: picture() })));
  });
  whenever(() => {
    const wanted = JSON.parse(questions.value);
    if (visits.value && wanted.length) untracked(() => void likelihoods.want(...wanted));
  });
  const answerOf = (net) => (news.value, likelihoods.to({ net, picture: picture() }));
  return computed(() =>
    (value.value?.nets ?? []).map((other) => ({
      ...other,
      answer: other.kind && picture() ? answerOf(other.net) : null,
    }))
  );
}

function binaryWords(beside) {
  const binary = beside.find(({ answer, comparable }) => answer && !comparable);
  if (!binary) return "";
  const { title, answer, space } = binary;
  return ` The ${title}'s ${signed(answer.nats)} is about ${OF[space]}: it does not say which is better.`;
}

export default mode(density);
