/** What a class has found: d′ of each family with its interval, and the bits of a passage by the class and by the network. */

import { h, svg } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";

const [WIDE, HIGH] = [240, 22]; // units of a chart's row
const [BITS_WIDE, SHOWN] = [10, { " ": "space", "\n": "new line" }];

/**
 * d′ of every family from the judgements of all phones, beside its Fréchet ratio.
 * @param {any} found
 */
export function drawTrials({ families, all, real, phones, values }) {
  const known = families.filter(({ value }) => value !== undefined);
  const rows = [
    { title: "All families", frechet: null, ...all },
    ...known.toSorted((one, other) => one.value - other.value),
  ]
    .filter(({ value }) => value !== undefined);
  const few = known.length < families.length ? " Families with fewer than five judgements are left out." : "";
  const [low, high] = [Math.min(0, ...rows.map(({ low }) => low)), Math.max(1, ...rows.map(({ high }) => high))];
  const at = (/** @type {number} */ value) => ((value - low) / (high - low)) * (WIDE - 12) + 6;
  const body = rows.map((row) => {
    const label = `d′ ${num(row.value)}, 95 % interval ${num(row.low)} to ${num(row.high)}`;
    const chart = svg(
      "svg",
      { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": label, class: "trial-chart" },
      svg("line", { x1: at(0), x2: at(0), y1: 0, y2: HIGH, class: "chance" }),
      svg("line", { x1: at(row.low), x2: at(row.high), y1: HIGH / 2, y2: HIGH / 2 }),
      svg("circle", { cx: at(row.value), cy: HIGH / 2, r: 5 }),
    );
    const ends = `${num(row.low)} … ${num(row.high)}`;
    const metric = row.frechet === null ? "–" : num(row.frechet, 1);
    return h("tr", {}, [
      h("th", { scope: "row" }, row.title),
      h("td", {}, chart),
      h("td", { class: "number" }, num(row.value)),
      h("td", { class: "number" }, ends),
      h("td", { class: "number" }, `${row.hits} of ${row.n}`),
      h("td", { class: "number" }, metric),
    ]);
  });
  const heads = ["Family", "d′, 0 is guessing", "d′", "95 %", "called made", "Fréchet ratio"];
  return [
    h(
      "p",
      {},
      `${phones} phones gave ${values.toLocaleString("en")} judgements. ` +
        `They called ${real.alarms} of ${real.n} test images made.${few}`,
    ),
    h("table", { class: "wall-table" }, [
      h("thead", {}, h("tr", {}, heads.map((each) => h("th", { scope: "col" }, each)))),
      h("tbody", {}, body),
    ]),
    h(
      "p",
      { class: "quiet" },
      "d′ = Φ⁻¹(hit rate) − Φ⁻¹(false alarm rate). The intervals are a bootstrap over phones. The Fréchet ratio is that " +
        "of the card: binarised samples against test images, divided by the value of training images.",
    ),
  ];
}

/**
 * Bits of each character by the class and by the transformer.
 * @param {any} found
 */
export function drawGuesses({ context, characters, means, difference, error, phones }) {
  const most = Math.max(1, ...characters.map((each) => Math.max(each.class, each.net)));
  const bar = (/** @type {number} */ bits, kind = "") => {
    const element = h("span", { class: `bits-bar ${kind}` });
    element.style.width = `${(BITS_WIDE * bits) / most}em`;
    return h("td", {}, element, h("span", { class: "number" }, num(bits)));
  };
  const name = (/** @type {string} */ each) => SHOWN[each] ?? each;
  const rows = characters.map((each) => {
    const top = each.top.map(([symbol, count]) => `${name(symbol)} ${count}`).join(", ");
    return h("tr", {}, [
      h("th", { scope: "row", translate: "no" }, name(each.was)),
      bar(each.class, "ours"),
      bar(each.net),
      h("td", { class: "number" }, `${each.hits} of ${each.n}`),
      h("td", { translate: "no" }, top),
    ]);
  });
  const words = means &&
    `Class: ${num(means.class)} bits a character. Transformer: ${num(means.net)}. ` +
      `Difference ${num(difference)} ± ${num(error)} (one standard error of ${characters.length} characters).`;
  const heads = ["Character", "Class, bits", "Transformer, bits", "Right", "Most guessed"];
  return [
    h("p", { class: "wall-head" }, words || "Fewer than two characters have five guesses."),
    h("p", { class: "wall-passage", translate: "no" }, context, [
      h("mark", {}, characters.map(({ was }) => was).join("")),
    ]),
    h("table", { class: "wall-table" }, [
      h("thead", {}, h("tr", {}, heads.map((each) => h("th", { scope: "col" }, each)))),
      h("tbody", {}, rows),
    ]),
    h(
      "p",
      { class: "quiet" },
      `The votes of ${phones} phones are a forecast. Two votes by the frequencies of the training text are added, so that no ` +
        "character has probability 0. Capital and small letters count as one, for both. The transformer reads the same characters.",
    ),
  ];
}
