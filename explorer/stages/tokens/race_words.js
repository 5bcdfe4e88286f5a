/** What a visitor sees of a race of pixels and tokens, said with its own numbers. */

import { num } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";

const FLOOR = "training images";

/** What a card says of a network's likelihood and of its samples, as text; a dash where it says nothing. */
export function reached({ nll, quality }) {
  const nats = nll ? `${nll.kind === "bound" ? "≤ " : "= "}${num(nll.value, 1)}` : "–";
  const judged = (quality?.rows ?? []).filter(({ name, pixels }) =>
    name === "frechet" && pixels === quality.rows[0].pixels
  );
  const [floor, own] = [true, false].map((is) => judged.filter(({ way }) => (way === FLOOR) === is));
  const ratio = floor.length && own.length ? mean(own.map(({ value }) => value)) / floor[0].value : null;
  return { nats, ratio, frechet: ratio === null ? "not measured" : num(ratio, 1) };
}

/** Of the PixelRNN; nothing where none was raced. */
function recurrentWords(rows, nets) {
  if (!rows) return "";
  return ` A PixelRNN draws as many pixels, ${num((1000 * rows.seconds) / rows.steps, 2)} ms each, and needs ` +
    `${reached(nets.rows.card).nats} nats: it is small and was trained for a short time, because its rows must wait ` +
    "for each other in training, too.";
}

/** Of the race: steps, seconds, and what each step costs. */
export function raceWords({ pixels, rows, tokens }, nets) {
  const faster = pixels.seconds / tokens.seconds;
  const [slow, fast] = [pixels, tokens].map(({ seconds, steps }) => (1000 * seconds) / steps);
  const [one, other] = [nets.pixels, nets.tokens].map(({ card }) => reached(card));
  const quality = one.ratio === null || other.ratio === null
    ? ""
    : ` In Fréchet distance over that of training images, pixels reach ${one.frechet} and tokens ${other.frechet}.`;
  const threads = `${tokens.threads} ${tokens.threads === 1 ? "thread" : "threads"}`;
  return `Tokens take ${num(pixels.steps / tokens.steps, 0)} times fewer steps and are ${
    num(faster, 1)
  } times as fast ` +
    `here, on ${threads}: a step costs ${num(fast, 2)} ms for sixteen images, where one pixel costs ${num(slow, 2)}.` +
    ` The time of the steps counts too, not their number alone.${
      recurrentWords(rows, nets)
    }${quality} −log p(x): ${one.nats} nats by pixels, ` +
    `${other.nats} by tokens, whose pixels cannot agree with each other once the tokens are drawn.`;
}
