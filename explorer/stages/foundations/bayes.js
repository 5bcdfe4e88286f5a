/** One table of x and y: what follows from all of it, and what from p(y | x) alone. */

import { fill, h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { sum } from "../kit/base/sums.js";
import { whenever } from "../kit/base/live.js";
import { mode } from "../kit/panel/mode.js";
import { numberTable } from "../kit/panel/parts.js";
import { ANIMALS, answers, drawn, SIZES } from "./bayes_of.js";
import { dragged, keys } from "../kit/panel/dragged.js";
import { shares, withShare } from "./shares.js";

const BAR = 0.36;
const COLOURS = ["ink", "quiet"];
const DRAWN = 3;
const ABOVE = 0.05; // of a bar stands its label
const SHARES = [0, 1]; // the axis of probabilities

const CANNOT = "cannot";

/** Each question, what p(y | x) alone answers, and what the table does. */
function askedRows({ px, py, yGivenX }, known, draws) {
  const x = SIZES.indexOf(known);
  const animals = (two) => ANIMALS.map((animal, y) => `${animal} ${num(two[y])}`).join(", ");
  const asked = x < 0
    ? [["y? x is missing", CANNOT, animals(py)]]
    : [[`y? x is ${known}`, animals(yGivenX[x]), animals(yGivenX[x])], [`p(${known})?`, CANNOT, num(px[x])]];
  return [...asked, ["draw three x", CANNOT, draws.map((each) => SIZES[each]).join(", ")]];
}

function tableRows({ p, px, xGivenY }) {
  const said = (values) => [...values, sum(values)].map((value) => num(value));
  return [
    ...ANIMALS.map((animal, y) => [`p(x, ${animal})`, ...said(p.map((row) => row[y]))]),
    ["p(x)", ...said(px)],
    ...ANIMALS.map((animal, y) => [`p(x | ${animal})`, ...said(xGivenY[y])]),
  ];
}

const leftOf = (x, y) => x + 0.12 + y * (BAR + 0.04);

/** A probability over its bar. */
const labelOf = (x, y, share) => ({
  ...{ points: [[leftOf(x, y) + BAR / 2, share + ABOVE]], label: num(share), colour: "ink", over: true },
});

/** The bars of both tables have the same axis, and the known x lies on the visitor's colour. */
function barsOf(rows, { chosen, ...how }) {
  const band = [[chosen, 0], [chosen, 1], [chosen + 1, 1], [chosen + 1, 0]];
  return {
    areas: chosen < 0 ? [] : [{ points: band, colour: "you", alpha: 0.12 }],
    ...{ xs: [0, SIZES.length], ys: SHARES, ...how },
    ticks: { x: SIZES.map((_, x) => x + 0.5), y: [0, 0.5, 1] },
    names: { x: SIZES },
    bars: rows.flatMap((row, x) =>
      row.map((share, y) => ({ x0: leftOf(x, y), x1: leftOf(x, y) + BAR, y: share, colour: COLOURS[y] }))
    ),
  };
}

function jointOf({ p, known }) {
  const cells = p.flatMap((row, x) => row.map((share, y) => [leftOf(x, y) + BAR / 2, share]));
  return barsOf(p, {
    name: "p(x, y): drag the bars; they always sum to 1",
    grips: Object.fromEntries(cells.map((at, i) => [i, { at, value: at[1] }])),
    chosen: SIZES.indexOf(known),
  });
}

const givenOf = ({ yGivenX, known }) =>
  barsOf(yGivenX, {
    name: "p(y | x) = p(x, y) ÷ p(x): all that a discriminative model has",
    lines: yGivenX.flatMap((row, x) => row.map((share, y) => labelOf(x, y, share))),
    chosen: SIZES.indexOf(known),
  });

function tableOf({ p, yGivenX, xGivenY }) {
  const rows = SIZES.flatMap((size, x) =>
    ANIMALS.map((animal, y) => [size, animal, p[x][y], yGivenX[x][y], xGivenY[y][x]])
  );
  return { name: "bayes", rows: [["x", "y", "p(x, y)", "p(y | x)", "p(x | y)"], ...rows] };
}

function bayes(self) {
  const { state } = self;
  const { found, figure, show } = dragged(self, {
    find({ joint, known }) {
      const found = answers(shares(joint));
      const { px, py, yGivenX, xGivenY } = found;
      const x = SIZES.indexOf(known);
      const [asked, answer] = x < 0 ? ["p(cat)", py[0]] : [`p(cat | ${known})`, yGivenX[x][0]];
      return { ...found, known, asked, answer, cat: py[0], size: px[x], given: xGivenY[0][x], found: yGivenX[x]?.[0] };
    },
    namesOf: ({ known }) => [SIZES.includes(known) ? "known" : "missing"],
  });
  const cells = SIZES.flatMap((size, x) =>
    ANIMALS.map((animal, y) => ({
      ...{ key: x * ANIMALS.length + y, label: `p(${size}, ${animal})`, axis: "y" },
      ...{ low: 0.01, high: 0.95, step: 0.01 },
    }))
  );
  const patchOf = (cell, value) => ({ joint: withShare(shares(state.joint), cell, value) });
  const joint = figure("The table p(x, y)", 280, jointOf, { grips: cells, patchOf });
  const given = figure("p(y | x)", 210, givenOf);
  const [follows, asked] = [h("div"), h("div", { class: "asked" })];
  whenever(() => {
    const { known, px } = found.value;
    const draws = drawn(px, state.seed, DRAWN);
    const rows = askedRows(found.value, known, draws);
    fill(asked, numberTable("Who can answer", ["", "p(y | x) alone", "p(x, y)"], rows));
    fill(follows, numberTable("What follows from the table", ["", ...SIZES, "sum"], tableRows(found.value)));
  });
  return show([joint, keys(["ink wide", "cat"], ["wide", "dog"]), given], {
    tables: [asked, follows],
    table: () => tableOf(found.value),
  });
}

export default mode(bayes, { hint: "Drag the bars, and choose what is known" });
