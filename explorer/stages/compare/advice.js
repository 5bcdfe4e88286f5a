/** Choose a model: what a visitor needs, the families whose figures answer best, and those figures. */

import { listed } from "../kit/shell/format.js";
import { held, isNear } from "../kit/chart/better.js";
import { alikeIn, columnOf, pixelsOf, unbeaten } from "./columns.js";

/** By which column the families are ranked for each need, and what its figure says of a family. */
export const NEEDS = [
  {
    id: "exact",
    title: "Exact likelihood",
    column: "likelihood",
    can: ({ can }) => can.likelihood === "exact",
    says: "−log p(x) is exactly",
    unit: " nats",
  },
  {
    id: "speed",
    title: "Speed",
    column: "milliseconds",
    says: "on the machine that measured all, an image takes",
    unit: " ms",
  },
  {
    id: "control",
    title: "Control",
    column: "accuracy",
    says: "the share of its images seen as the class asked for is",
  },
  { id: "real", title: "Real-looking", column: "frechet", says: "its Fréchet distance is", unit: " × the floor" },
  {
    id: "variety",
    title: "Variety",
    column: "recall",
    says: "the share of real images that lie among its own (recall) is",
  },
];

/** The best of those that are not among the best: with whom they are compared. */
function next(column, families, best) {
  const sign = column.better === "least" ? 1 : -1;
  return families.filter((family) => !best.includes(family)).sort((a, b) =>
    sign * (column.read(a).value - column.read(b).value)
  )[0];
}

/** A family's figure as it is said: its value, at which setting, and of which family where that is not plain. */
const said = (column, family, unit = "", named = true) => {
  const figure = column.read(family);
  return `${column.words(figure.value)}${unit}${figure.setting ? ` at ${figure.setting}` : ""}${
    named ? ` (${family.title})` : ""
  }`;
};

/** Why several are the best. */
function tieWords(column, best) {
  const figures = best.map((family) => column.read(family));
  const [{ floor }] = figures;
  if (best.length < 2) return "";
  const near = figures.every((figure) => isNear(figure, figures[0])) ? "closer than their errors can tell" : "";
  const full = figures.every((figure) => held(figure, column.better) === floor)
    ? `as good as real training images, which reach ${column.words(floor)}`
    : "";
  const both = [near, full].filter(Boolean).join(", and ");
  return " A tie: " +
    `${both || `closer than their errors can tell, up to the ${column.words(floor)} that real training images reach`}.`;
}

/** {words, families}: the families to take, and the figures that say why; none where nothing is measured. */
export function advice(need, families) {
  const { column: id, can = () => true, says, unit = "" } = NEEDS.find((each) => each.id === need);
  const column = columnOf(id);
  const measured = families.filter((family) => can(family) && column.read(family));
  const [ranked] = alikeIn(column, measured);
  if (!ranked) {
    return { words: "No card has the figure that would say: nothing can be recommended yet.", families: [] };
  }
  const rest = measured.filter((family) => !ranked.includes(family));
  const best = unbeaten(column, ranked);
  const other = next(column, ranked, best);
  const { pixels } = column.read(best[0]);
  const words = [
    `Take ${listed(best.map(({ title }) => title), "or")}: ${says} ` +
    `${listed(best.map((family) => said(column, family, unit, best.length > 1)))}`,
    other ? `, next ${said(column, other, unit)}` : "",
    pixels ? `; judged ${pixels}.` : ".",
    tieWords(column, best),
    rest.length
      ? " Not compared, as judged otherwise: " +
        `${listed(rest.map((family) => `${said(column, family)} ${pixelsOf(column.read(family))}`))}.`
      : "",
  ];
  return { words: words.join(""), families: best };
}
