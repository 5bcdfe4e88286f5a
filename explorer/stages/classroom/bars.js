/** The distributions of both votes, side by side: bars of choices, or histograms of numbers. */

import { fill, h, svg } from "../kit/base/dom.js";
import { setFormulas } from "../course/formulas.js";

const VOTES = ["First vote", "Second vote"];
const HIGH = 64; // units of a histogram, of which each bar is ten wide
const share = (/** @type {number} */ count, /** @type {number} */ of) => of ? Math.round((100 * count) / of) : 0;

const short = (/** @type {number} */ value) => `${Number(value.toPrecision(3))}`.replace("-", "−");

/**
 * Displays what a room tells of its votes; before that, the choices alone.
 * @param {HTMLElement} element @param {ClassAsked} asked @param {RoomWall} wall
 */
export function drawVotes(element, asked, wall) {
  const told = wall.phase === "revealed";
  const votes = wall.shown.map((found, vote) => ({ found, count: wall.answered[vote], name: VOTES[vote] }));
  const shown = votes.filter(({ found }) => found);
  element.classList.toggle("two", shown.length > 1);
  const names = h("div", { class: "votes-names quiet" }, shown.map(({ name }) => h("span", {}, name)));
  const rows = asked.choices?.map((text, place) => choice(text, place, asked, told, shown)) ?? [];
  if (rows.length) fill(element, shown.length > 1 && names, rows);
  else fill(element, shown.map((vote) => histogram(vote, asked, told)));
}

/** @param {string} text @param {number} place @param {ClassAsked} asked @param {boolean} told @param {any[]} shown */
function choice(text, place, { right }, told, shown) {
  const isRight = told && place === right;
  const bars = shown.map(({ found, count, name }) => {
    const part = share(found.counts[place], count);
    const bar = h("span", { class: "vote-bar" });
    bar.style.width = `${part}%`;
    const words = h("span", { class: "number" }, `${part} %`);
    const label = `${name}: ${found.counts[place]} of ${count}, ${part} %`;
    return h("div", { class: "vote", role: "img", "aria-label": label, title: label }, bar, words);
  });
  const line = h("p", {}, h("b", {}, `${place + 1} `), setFormulas(h("span", {}), text), isRight && " ✓");
  return h("div", { class: `vote-choice${isRight ? " right" : ""}` }, line, h("div", { class: "votes" }, bars));
}

/** @param {any} vote @param {ClassAsked} asked @param {boolean} told */
function histogram({ found, count, name }, { low, high, right, unit, slips = [] }, told) {
  const most = Math.max(1, ...found.counts);
  const across = 10 * found.counts.length;
  const bars = found.counts.map((each, place) => {
    const height = (HIGH * each) / most;
    return svg("rect", { x: 10 * place + 0.5, y: HIGH - height, width: 9, height });
  });
  const at = across * (right - low) / (high - low);
  const mark = told && right !== null ? [svg("line", { x1: at, x2: at, y1: 0, y2: HIGH, class: "right" })] : [];
  const label = `${name}: histogram of ${count} numbers from ${short(low)} to ${short(high)}`;
  const view = { viewBox: `0 0 ${across} ${HIGH}`, role: "img", "aria-label": label, preserveAspectRatio: "none" };
  const outside = [found.below && `${found.below} below`, found.above && `${found.above} above`].filter(Boolean);
  return h(
    "figure",
    { class: "vote-numbers" },
    h("figcaption", {}, name),
    svg("svg", view, ...bars, ...mark),
    h("p", { class: "votes number" }, h("span", {}, short(low)), h("span", {}, `${short(high)} ${unit ?? ""}`.trim())),
    outside.length > 0 && h("p", {}, outside.join(", ")),
    told && right !== null &&
      h("p", {}, `Right, ${short(right)}: ${found.right} of ${count}, ${share(found.right, count)} %`),
    told && slips.map((slip, place) => {
      const times = found.slips[place];
      return times > 0 && h("p", { class: "slip" }, `Typical mistake, ${short(slip)}: ${times} of ${count}`);
    }),
  );
}

/**
 * The most chosen wrong answer of the newest vote that is displayed, and why it tempts; empty without one.
 * @param {ClassQuestion} question @param {RoomWall} wall
 */
export function reasonFor({ asked, reasons }, { phase, shown }) {
  const found = shown[1] ?? shown[0];
  if (phase !== "revealed" || !found) return "";
  const counts = asked.choices?.length
    ? found.counts.map((each, place) => place === asked.right ? 0 : each)
    : found.slips;
  const most = Math.max(0, ...counts);
  const place = counts.indexOf(most);
  if (!most || !reasons[place]) return "";
  const name = asked.choices?.length ? `Choice ${place + 1}` : short(asked.slips[place]);
  return `${name}, the most chosen wrong answer (${most}): ${reasons[place]}`;
}
