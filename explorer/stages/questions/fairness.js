/** Is the larger number better? A question with this picture's numbers: what else must be known. */

import { button, fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { onDemand } from "../kit/shell/parts.js";
import { PIXELS } from "../kit/image/pixels.js";

const LEVELS = 256;
/** Units in which a pixel may be measured: how many of them lie between black and white, and their name. */
const UNITS = [[LEVELS, "pixels in 0 … 256"], [1, "pixels in 0 … 1"], [2, "pixels in −1 … 1"]];

/**
 * The log density, in nats, of a probability of 256 levels spread evenly over the bin of each level, where `range`
 * units lie between black and white: p(x) = P(x) · (256 / range)^784.
 *
 * Reference: Theis et al., A note on the evaluation of generative models, 2016, section 3.1.
 */
const asDensity = (nats, range) => nats + PIXELS * Math.log(LEVELS / range);

const signed = (value) => `${value > 0 ? "+" : ""}${num(value, 1)}`;
const best = (rows, space) =>
  rows.filter(({ family }) => family.space === space).sort((a, b) => b.answer.nats - a.answer.nats)[0];

/** What a bound leaves open, and how much that is where it was measured. */
function boundWords({ family }) {
  const said = "It is a bound: the true log p(x) is higher";
  const gap = family.card.nll?.gap;
  if (!gap) return `${said}, and the bound alone does not say by how much.`;
  const page = gap.blank === undefined ? "" : `, and ${num(gap.blank, 0)} nats on a blank page`;
  return `${said}. With two latent dimensions the gap can be computed: ${num(gap.value, 1)} ± ` +
    `${num(gap.se, 1)} nats on average over ${gap.n} test images${page}. Encode, in the ` +
    `${family.title}'s tab, computes it for any image.`;
}

/** What else must be known, in the order in which to ask. */
function answersOf(levels, binary) {
  const { nats } = levels.answer;
  const units = UNITS.map(([range, name]) => `${signed(asDensity(nats, range))} for ${name}`).join(", ");
  const estimate = "It is an estimate, as its log Z is one.";
  const bound = { bound: boundWords, estimate: () => estimate, exact: () => "It is exact." }[binary.answer.kind](
    binary,
  );
  return [
    `In which unit? The first number is a density: it is ${levels.family.title}'s ` +
    `${levels.answer.kind === "bound" ? "bound on the " : ""}probability of 256 levels, ` +
    `${signed(nats)} nats, spread evenly over the bins, and says ${units}. A density may exceed 1, ` +
    "so its log may be positive: the sign means nothing.",
    `Of which pixels? The second is ${binary.family.title}'s probability of one of 2⁷⁸⁴ black and ` +
    "white pictures, the first is about grey ones. These are different pictures.",
    `Exact or a bound? ${bound}`,
    "On which images? One is an anecdote: a card averages over all 10,000 test images, prepared alike.",
  ];
}

const FAIR = "What would make it fair: the same pixels. Add noise u, uniform over the width of a level, to " +
  "the 256 levels and train the flow on x + u (dequantisation). Then the mean of log p(x + u) over " +
  "u, minus 784 · ln 256 for pixels in 0 … 1, is a bound below log P(x) of the 256 levels, and may " +
  "stand beside an autoregressive network or a diffusion of grey levels, in bits per dimension.";

export function createFairness() {
  const question = h("p");
  const list = h("ol", { class: "reasons" });
  const open = button("Think first, then see what else must be known", () => toggle(list.hidden));
  const element = onDemand("Is the larger number better?", h("div", { class: "fairness" }, question, open, list));
  const toggle = (shown) => {
    list.hidden = !shown;
    open.setAttribute("aria-expanded", String(shown));
  };
  toggle(false);

  /** `rows` is a list of {family, answer} whose answers are there. */
  function show(rows) {
    const [levels, binary] = [
      best(rows, "levels"),
      best(rows.filter(({ answer }) => answer.kind === "bound"), "binary") ?? best(rows, "binary"),
    ];
    element.hidden = !levels || !binary;
    if (element.hidden) return;
    const first = signed(asDensity(levels.answer.nats, 1));
    const second = `${binary.answer.kind === "bound" ? "a bound says" : "another says"} ${signed(binary.answer.nats)}`;
    setText(
      question,
      `A network of continuous pixels says log p(x) = ${first} nats of this picture; ${second} nats. ` +
        "Is the first network better, and what else must you know?",
    );
    fill(list, [...answersOf(levels, binary), FAIR].map((text) => h("li", {}, text)));
  }

  return { element, show };
}
