/** Numbers as text. */

const MINUS = "\u2212";

/** A number for people: fixed digits, a real minus sign, a dash where there is none. */
export function num(value, digits = 2) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", MINUS);
}

/** A latent point as "(0.60, −1.20)". */
export const pair = (z, digits = 2) => `(${num(z[0], digits)}, ${num(z[1], digits)})`;

/** A number after a plus or minus sign, for the inside of a sum. */
export const plus = (value, digits = 2) => `${value < 0 ? MINUS : "+"} ${num(Math.abs(value), digits)}`;
