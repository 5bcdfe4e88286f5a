/** Nats as text: with their thousands apart, and a sign where it matters. */

/** A zero has no sign. */
export function grouped(value, digits = 1) {
  const how = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" };
  return value.toLocaleString("en", how).replace("-", "\u2212");
}

/** With a plus sign above zero: a log-density may have either. */
export const signed = (value) => `${value > 0 ? "+" : ""}${grouped(value)}`;
