/** Numbers as text. */

export const MINUS = "\u2212";

/**
 * A number as text: fixed digits, a real minus sign, a dash for a missing value.
 * @param {number | null | undefined} value
 */
export function num(value, digits = 2) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", MINUS);
}

/** A share in per cent; only all is 100 %, and only nothing 0 %. @param {number} share */
export function percent(share, digits = 0) {
  if (share === 0 || share === 1) return `${100 * share} %`;
  const [least, text] = [10 ** -digits, num(100 * share, digits)];
  if (Number(text) === 0) return `less than ${num(least, digits)} %`;
  return Number(text) === 100 ? `more than ${num(100 - least, digits)} %` : `${text} %`;
}

/** Words as a list in a sentence. @param {string[]} words */
export const listed = (
  words,
  joint = "and",
) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${joint} ${words.at(-1)}`);

/** As a sentence begins. @param {string} text */
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole number to the power of another, as it is set: 10²⁵. */
const power = (base, exponent) =>
  `${base}${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => RAISED[digit]).join("")}`;

/**
 * A number to as many digits as count, with its power of ten where it is small: 0.012, 2.7 · 10⁻⁵, 10⁻³.
 * @param {number} value
 */
export function brief(value, digits = 2) {
  if (value === 0 || Math.abs(value) >= 1e-3) return String(Number(value.toPrecision(digits))).replace("-", MINUS);
  const [front, exponent] = value.toExponential(digits - 1).split("e");
  return front === "1" ? power(10, Number(exponent)) : `${front.replace("-", MINUS)} · ${power(10, Number(exponent))}`;
}

/** A number in full, with a real minus sign. @param {number} value */
export const full = (value) => String(value).replace("-", MINUS);

/** A latent point as "(0.60, −1.20)". @param {ArrayLike<number>} z */
export const pair = (z, digits = 2) => `(${num(z[0], digits)}, ${num(z[1], digits)})`;

/** A number after a plus or minus sign, for the inside of a sum. @param {number} value */
export const plus = (value, digits = 2) => `${value < 0 ? MINUS : "+"} ${num(Math.abs(value), digits)}`;

const LONGEST = 25; // words at first sight

/**
 * First part of a text: its first sentence, and of a long one no more than the part before a semicolon.
 * @param {string} words
 */
export function leadOf(words) {
  const sentence = firstSentence(words);
  return sentence.split(/\s+/).length > LONGEST ? sentence.split(/[;:](?=\s)/)[0] : sentence;
}

/** The first sentence of a text; a point in a number or in “et al.” ends none. */
const firstSentence = (words) => /^.+?(?<! al)[.!?](?=\s)/s.exec(words)?.[0] ?? words;
