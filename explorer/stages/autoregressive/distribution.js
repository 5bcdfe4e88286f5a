/**
 * The distribution that a network predicted for one pixel: two bars, or the curve over 256 levels; what was drawn is
 * marked.
 */

import { Chart } from "../kit/chart/chart.js";
import { h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { entropyBits } from "./levels.js";

const HEIGHT = 200;
const NAMES = ["black", "white"];
const HEADROOM = 1.25; // for the number above a bar
const ABOVE = 0.1; // a bar, where its number stands
const DASH = [4, 3];
const [FROM, TO] = [0.12, 0.88]; // of the room of a level, where its bar stands

/** Probabilities small enough to round to zero or one keep their size visible. */
export const share = (p) => (p > 0 && p < 0.0005 ? "<0.001" : p < 1 && p > 0.9995 ? ">0.999" : num(p, 3));

export class Distribution {
  constructor(ctx) {
    this.title = h("h2", {});
    this.chart = new Chart(ctx, { label: "Distribution", height: HEIGHT });
    this.element = h("figure", { class: "distribution-frame" }, this.title, this.chart.element);
  }

  /**
   * `tempered` is the distribution that was drawn from where T ≠ 1, else null; `drawn` the level that the pixel has, or
   * null; `mark` says how it came to have it.
   */
  show({ probabilities, tempered = null, drawn = null, mark = "drawn", title = "" }) {
    setText(this.title, title);
    const all = { probabilities, tempered, drawn, mark };
    const what = probabilities.length === 2 ? ofTwo(all) : ofLevels(all);
    const name = `Probability${drawn === null ? "" : `; orange: ${mark}`}`;
    this.chart.show({ name, ...what, words: describe({ ...all, title }) });
  }
}

function describe({ probabilities, tempered, drawn, mark, title }) {
  const [isBinary, mode] = [probabilities.length === 2, probabilities.indexOf(Math.max(...probabilities))];
  const what = isBinary
    ? `black ${share(probabilities[0])}, white ${share(probabilities[1])}`
    : `most likely level ${mode}, probability ${share(probabilities[mode])}`;
  const chosen = drawn === null
    ? ""
    : `; ${mark}: ${isBinary ? NAMES[drawn] : `level ${drawn}`}, probability ${share(probabilities[drawn])}`;
  const hot = tempered && isBinary ? `; after temperature, white ${share(tempered[1])}` : "";
  return `${title}: ${what}, entropy ${num(entropyBits(probabilities))} bits${hot}${chosen}`;
}

/** Two bars with their numbers; the level of the pixel has the accent, an outline is what temperature made. */
function ofTwo({ probabilities, tempered, drawn }) {
  const outline = (p, level) => [[level + FROM, 0], [level + FROM, p], [level + TO, p], [level + TO, 0]];
  return {
    xs: [0, 2],
    ys: [0, HEADROOM],
    ticks: { x: [0.5, 1.5], y: [0, 1] },
    names: { x: NAMES },
    bars: [...probabilities].map((y, level) => ({
      ...{ x0: level + FROM, x1: level + TO, y },
      colour: level === drawn ? "you" : "quiet",
    })),
    lines: [
      ...[...tempered ?? []].map((p, level) => ({ points: outline(p, level), colour: "ink", width: 1.5, dash: DASH })),
      ...[...probabilities].map((p, level) => ({
        points: [[level + 0.5, p + ABOVE]],
        label: share(p),
        over: true,
        colour: level === drawn ? "you" : "ink",
      })),
    ],
  };
}

/** The curve over the levels as steps, from black to white; the drawn level is a line through it. */
function ofLevels({ probabilities, tempered, drawn }) {
  const [count, top] = [probabilities.length, Math.max(...probabilities, ...(tempered ?? []))];
  const steps = [...tempered ?? []].flatMap((p, level) => [[level, p], [level + 1, p]]);
  return {
    xs: [0, count],
    ys: [0, HEADROOM * top],
    ticks: { x: [0, count], y: [0, top] },
    names: { x: ["0", String(count - 1)] },
    bars: [...probabilities].map((y, level) => ({ x0: level, x1: level + 1, y })),
    lines: [
      { points: steps, colour: "ink", width: 1.5, dash: DASH },
      ...(drawn === null
        ? []
        : [{ points: [[drawn, top]], label: `level ${drawn}: ${share(probabilities[drawn])}`, colour: "you" }]),
    ],
    cursor: drawn === null ? null : drawn + 0.5,
  };
}
