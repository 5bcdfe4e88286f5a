/** What a visitor sees of tokens, said with the model's own numbers. */

import { find } from "../kit/shell/card.js";
import { brief, num, percent } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";
import { placeOf } from "./tokens_grid.js";

const MOST_CODES = 64;

/** The place and the code of an exchange, which the address keeps as one number. */
export const swapOf = (each) => ({ place: Math.floor(each / MOST_CODES), code: each % MOST_CODES });

/** Above the codebook: how large it is, and how much of it is used. */
export function bookWords(book, rows) {
  if (!book) return "The codebook";
  const perplexity = find(rows, "perplexity");
  const used = perplexity ? `, perplexity ${num(perplexity.value, 1)}` : "";
  return `${book.codes} codes${used}`;
}

/** Of the token that is looked at, and of what the exchanges changed. */
export function tokenWords({ before, tokens, surprise, expected, rates, distortions, p }, token, use) {
  const code = tokens[token];
  const often = use ? `, which makes up ${percent(use[code], 1)} of all tokens` : "";
  const own = code === before[token] ? `is code ${code}` : `was code ${before[token]} and is now code ${code}`;
  const known = expected[token] === code
    ? "the prior thought it the likeliest"
    : `the prior thought code ${expected[token]} likeliest`;
  const first = `The token in ${placeOf(token)} ${own}${often}; given the tokens before it ${known}, and it costs ` +
    `${brief(surprise[token])} nats.`;
  const changed = tokens.filter((each, i) => each !== before[i]).length;
  if (!changed) {
    return `${first} All 49 cost ${num(rates[0], 1)} nats, and the pixels, given them, ${num(distortions[0], 1)} more.`;
  }
  const words = changed === 1 ? "One token is" : `${changed} tokens are`;
  const moved = movedPixels(p);
  return `${first} ${words} exchanged: ${moved} of 784 pixels change by more than a tenth, where ` +
    `${16 * changed} lie under the exchanged. The tokens now cost ${num(rates[1], 1)} nats instead of ` +
    `${num(rates[0], 1)}, this image's pixels ${num(distortions[1], 1)} instead of ${num(distortions[0], 1)}.`;
}

/** How many pixels differ by more than a tenth of white between the two decoded images of an answer. */
function movedPixels(p) {
  const bytes = Uint8Array.from(atob(p), (letter) => letter.charCodeAt(0));
  const half = bytes.length / 2;
  let count = 0;
  for (let i = 0; i < half; i++) count += Math.abs(bytes[i] - bytes[half + i]) > 25.5;
  return count;
}

/** Of the map: where the surprise lies, and what was expected at the token that is looked at. */
export function surpriseWords({ surprise, tokens, expected, rates, distortions, exact }, token) {
  const ranked = [...surprise.keys()].sort((a, b) => surprise[b] - surprise[a]);
  const total = surprise.reduce((sum, value) => sum + value, 0);
  const ten = ranked.slice(0, 10).reduce((sum, k) => sum + surprise[k], 0);
  const known = expected[token] === tokens[token]
    ? "the code that it thought likeliest"
    : `where it thought code ${expected[token]} likeliest`;
  const beside = exact === null ? "" : ` A PixelCNN's own −log p(x) of the same pixels is ${num(-exact, 1)}, exactly.`;
  return `The most surprising token is in ${placeOf(ranked[0])}: ${num(surprise[ranked[0]], 1)} nats. ` +
    `Ten of the 49 carry ${percent(ten / total)} of the ${num(rates[0], 1)} nats. The one you look at, in ` +
    `${placeOf(token)}, cost ${brief(surprise[token])} nats: code ${tokens[token]}, ${known}. With the ` +
    `${num(distortions[0], 1)} nats of the pixels, −log p(x) is at most ${num(rates[0] + distortions[0], 1)}.${beside}`;
}

/** Of a step down the gradient: what was promised, what the decoder made of it, and what the tokens did. */
export function stepWords({ distortion, weight, squares, apart, promised, free, chosen, moved }, place) {
  const first = `This image costs ${num(distortion, 1)} nats, and its commitment ${num(weight * squares, 2)}. The ` +
    `gradient at the decoder's input reaches the encoder as it is (${
      apart === 0 ? "the two are equal" : "all but " +
        brief(apart)
    }), as if nothing had been chosen in between.`;
  if (place === 0) return `${first} Drag the step.`;
  const gone = chosen[place] < -0.05
    ? `and ${num(-chosen[place], 1)} nats are gained`
    : chosen[place] > 0.05
    ? `and ${num(chosen[place], 1)} nats are lost`
    : "and nothing changes";
  const tokens = moved[place] === 1 ? "one token is" : `${moved[place] || "no"} tokens are`;
  return `${first} A step that promises ${num(promised[place], 1)} nats gains ${
    num(-free[place], 1)
  } if the decoder is ` +
    `fed what comes of it. But it is fed entries of the codebook: ${tokens} chosen anew, ${gone}.`;
}

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
