/** The exam: all exercises by tab with what is done, and a mixed set that its seed, its length and its topics name. */

import { button, fill, h, numberBox, styled } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { notice } from "../kit/base/notice.js";
import { rove } from "../kit/base/rove.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { Answers } from "../kit/lesson/exercise_answers.js";
import { mode } from "../kit/panel/mode.js";
import { filled } from "../kit/panel/says.js";
import { nextSeed } from "../kit/panel/seed.js";
import { shuffled } from "../kit/plane/random.js";

const SHEET = "#start-a-sheet-of-formulas";
const [LOOK_MS, PATIENCE] = [250, 40];
const MARKS = { right: "✓", late: "○", wrong: "✗" };
const MEANINGS = { right: "right", late: "right, after its worked answer", wrong: "not right yet" };
const UNREAD = "The exercises could not be read; perhaps the line is down. Open this page again in a moment.";

/** @typedef {{tab: string, topic: string, name: string, title: string, at: string}} Listed an exercise of the index */

function exam(self) {
  const { ctx, state, declared, visits } = self;
  /** @type {{value: Listed[] | null}} */
  const all = signal(null);
  const failed = signal(false);
  fetchAll().then((found) => (all.value = found), () => (failed.value = true));
  const topics = computed(() => state.topics.split(",").filter((tab) => all.value?.some((each) => each.tab === tab)));
  const set = computed(() => setOf(all.value ?? [], topics.value, state.numbers, state.count));
  const marks = computed(() => {
    void visits.value; // answers are given in other tabs
    return new Map((all.value ?? []).map((each) => [each, new Answers(each.tab).markOf(each.name, state.numbers)]));
  });
  const list = rove(h("ol", { class: "exam-set" }));
  const tabs = rove(h("div", { class: "exam-tabs" }));
  whenever(() => fill(list, set.value.map((each) => h("li", {}, linkOf(each, state.numbers, marks.value)))));
  whenever(() => {
    const chosen = topics.value;
    fill(
      tabs,
      grouped(all.value ?? []).map(([tab, own]) => topicOf(ctx, tab, own, chosen, marks.value, state.numbers)),
    );
  });
  const count = (these, wanted) => these.filter((each) => wanted(marks.value.get(each) ?? "")).length;
  const words = computed(() => {
    if (failed.value) return UNREAD;
    if (!all.value) return "";
    const names = new Map(all.value.map(({ tab, topic }) => [tab, topic]));
    return filled(declared.says.set, {
      count: set.value.length,
      topics: topics.value.map((tab) => names.get(tab)).join(" and ") || "all tabs",
      done: count(set.value, Boolean),
      right: count(set.value, (mark) => mark === "right"),
    });
  });
  const total = h(
    "p",
    { class: "quiet" },
    () =>
      all.value
        ? filled(declared.says.all, {
          all: all.value.length,
          tabs: grouped(all.value).length,
          done: count(all.value, Boolean),
        })
        : "",
  );
  const box = numberBox("Seed", {
    field: ctx.fields.numbers,
    onchange: (numbers) => ctx.store.commit({ numbers }),
  });
  whenever(() => box.set?.(state.numbers));
  const others = button("Other questions", () => ctx.store.commit({ numbers: nextSeed(ctx, "numbers") }));
  const print = button("Print the formulas", printSheet, { title: "Two pages with the formulas of all tabs" });
  const save = button("Save answers", () => new Answers("start").save(state.numbers), {
    title: "Your answers of this seed in every tab, as a file that can be checked again",
  });
  return {
    main: h("div", { class: "exam" }, h("section", {}, h("h2", {}, "Your questions"), list), tabs),
    words,
    above: [h("div", { class: "row" }, box, others)],
    below: [h("div", { class: "row" }, save, print)],
    last: [total, h("p", { class: "quiet" }, declared.says.seed)],
    table: () => ({
      name: `exam-${state.numbers}`,
      rows: [
        ["topic", "exercise", "mark"],
        ...set.value.map((each) => [each.topic, each.title, markOf(each, marks.value)]),
      ],
    }),
  };
}

const markOf = (each, marks) => MEANINGS[marks.get(each)] ?? "open";

/** Reads the exercises from the index of Find. @returns {Promise<Listed[]>} */
async function fetchAll() {
  const { root, api_prefix: prefix } = globalThis.gradio_config;
  const answer = await fetch(`${root}${prefix}/file=explorer/index.json`);
  /** @type {{kind: string, title: string, at: string}[]} */
  const entries = await answer.json();
  return entries.filter(({ kind }) => kind === "exercise").map(({ title, at }) => {
    const said = new URLSearchParams(at);
    const [topic, name] = title.split(/, exercise: (.*)/s);
    return { tab: said.get("tab"), topic, name: said.get("exercise"), title: name, at };
  });
}

/**
 * A mixed set: one exercise of each topic in turn, in an order that the seed gives.
 * @param {Listed[]} all @param {string[]} topics @param {number} seed @param {number} count
 */
export function setOf(all, topics, seed, count) {
  const own = topics.length ? all.filter(({ tab }) => topics.includes(tab)) : all;
  const mixed = shuffled(own, seed).map((place) => own[place]);
  const turn = new Map();
  const turns = mixed.map((each) => {
    turn.set(each.tab, (turn.get(each.tab) ?? 0) + 1);
    return /** @type {[number, Listed]} */ ([turn.get(each.tab), each]);
  });
  return turns.sort(([a], [b]) => a - b).slice(0, count).map(([, each]) => each);
}

/** @param {Listed[]} all @returns {[string, Listed[]][]} */
const grouped = (all) =>
  [...new Set(all.map(({ tab }) => tab))].map((tab) => [tab, all.filter((each) => each.tab === tab)]);

/** @type {Promise<unknown> | null} */
let style = null;

/** Loads how the sheet looks on paper, once. */
const styledSheet = () =>
  style ??= new Promise((done) => {
    styled("../present/sheet.css", import.meta.url);
    document.head.lastElementChild.addEventListener("load", done);
  });

/** Prints the sheet of formulas, which is a part of the text below the stage, once it is there. */
async function printSheet() {
  const isThere = () => document.querySelector(`${SHEET} .katex`);
  document.querySelector(".below, #families")?.scrollIntoView({ block: "end" });
  for (let tried = 0; !isThere() && tried < PATIENCE; tried++) await new Promise((done) => setTimeout(done, LOOK_MS));
  if (!isThere()) return notice("The formulas have not come yet. Try again in a moment.");
  await styledSheet();
  document.documentElement.classList.add("prints-sheet");
  globalThis.print();
  document.documentElement.classList.remove("prints-sheet");
}

/** A tab's exercises, below a button that chooses it as a topic. */
function topicOf(ctx, tab, own, chosen, marks, numbers) {
  const isChosen = chosen.includes(tab);
  const next = isChosen ? chosen.filter((each) => each !== tab) : [...chosen, tab];
  const done = own.filter((each) => marks.get(each)).length;
  const choose = button(
    `${own[0].topic}, ${done} of ${own.length}`,
    () => ctx.store.commit({ topics: next.join(",") }),
    {
      pressed: isChosen,
    },
  );
  return h("section", {}, choose, rove(h("ul", {}, own.map((each) => h("li", {}, linkOf(each, numbers, marks))))));
}

/** @param {Listed} each @param {number} numbers @param {Map<Listed, string | null>} marks */
function linkOf(each, numbers, marks) {
  const query = new URLSearchParams(each.at);
  query.set("numbers", String(numbers));
  const mark = marks.get(each);
  const sign = h("span", { class: "exam-mark", "aria-hidden": "true" }, mark ? MARKS[mark] : "");
  const said = mark ? h("span", { class: "spoken" }, `, ${MEANINGS[mark]}`) : null;
  return h("a", { href: `?${query}` }, sign, each.title, said);
}

export default mode(exam);
