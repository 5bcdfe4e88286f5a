/** Numbers as people type them: with any minus sign, groups of thousands, a comma, a fraction, a power of ten, a unit. */

const MINUSES = /[\u2010-\u2015\u2212]/g;
const UNSEEN = /[\u200B-\u200F\u2060\uFEFF]/g;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const TRAILING = /^(.*?[\d.,)\s])\s*([a-z][a-z/ ]*|[%×])$/i;
const POWER = /^([-+]?)(?:(.+?)\s*[×·⋅∙*x]\s*)?10\s*\^\s*\(?\s*([-+]?\d+)\s*\)?$/i;
const EXPONENT = /^(.+)e([-+]?\d+)$/i;
const MIXED = /^([-+]?) ?(\d+ )?(\d+)\u2044(\d+)$/; // as “1½” is spelt out
const UNCLEAR = /^[1-9]\d{0,2},\d{3}$/; // 3,400: the comma may part thousands or stand for the point
const PLAIN = /^(\d+\.?\d*|\.\d+)$/;
const WITH_COMMA = /^(\d+,\d*|,\d+)$/;
const GROUPED = [/^\d{1,3}([ '])\d{3}(\1\d{3})*([.,]\d*)?$/, /^\d{1,3}(,\d{3})+\.\d*$/, /^\d{1,3}(,\d{3}){2,}$/];
const GROUPED_BY_POINTS = [/^\d{1,3}(\.\d{3})+,\d*$/, /^\d{1,3}(\.\d{3}){2,}$/];

/**
 * What a typed number may mean: one number, two if its comma is unclear, none for anything else.
 * @param {string} typed @returns {number[]}
 */
export function readingsOf(typed, unit = "") {
  const text = tidy(typed);
  const [, number, found] = TRAILING.exec(text) ?? [null, text, null];
  if (found === null) return quotients(text);
  if (found === "%") return unit === "%" ? quotients(number) : unit ? [] : quotients(number).map((each) => each / 100);
  return isUnit(found, unit) ? quotients(number) : [];
}

/** A text with one kind of space, minus sign and apostrophe, and a “^” before what was raised. */
function tidy(typed) {
  return typed
    .replace(UNSEEN, "")
    .replace(/[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (raised) => `^${[...raised].map(lowered).join("")}`)
    .replace(/[¼-¾⅐-⅞]/g, " $&")
    .normalize("NFKC")
    .replace(MINUSES, "-")
    .replace(/\s+/g, " ")
    .replaceAll("\u2019", "'")
    .trim()
    .replace(/^[=≈~] ?/, "");
}

const lowered = (sign) => ({ "⁺": "+", "⁻": "-" })[sign] ?? String(RAISED.indexOf(sign));

const singular = (unit) => unit.trim().toLowerCase().replace(/s$/, "");

/** True for the wanted unit, in the singular or the plural; “3×” is three times. */
const isUnit = (found, unit) =>
  singular(found) === singular(unit) || (unit === "times" && ["×", "x"].includes(found.toLowerCase()));

/** The readings of a number or of a fraction of two. */
function quotients(text) {
  const [, sign, whole = 0, above, below] = MIXED.exec(text.trim()) ?? [];
  if (below) return [signed(sign, Number(whole) + Number(above) / Number(below))];
  const [tops, bottoms = [1], ...more] = text.split("/").map((part) => powers(part.trim()));
  if (more.length) return [];
  return tops.flatMap((top) => bottoms.map((bottom) => top / bottom)).filter(Number.isFinite);
}

/** The readings of a number with or without a power of ten. */
function powers(text) {
  const [, sign, factor = "1", power] = POWER.exec(text) ?? [];
  if (power) return decimals(factor).map((each) => signed(sign, Number(`${each}e${power}`)));
  const [, before, exponent = "0"] = EXPONENT.exec(text) ?? [null, text];
  const [, minus, digits] = /^([-+]?) ?(.*)$/.exec(before);
  return decimals(digits).map((each) => signed(minus, Number(`${each}e${exponent}`)));
}

const signed = (sign, value) => (sign === "-" ? -value : value);

/** The readings of digits as decimals that JavaScript reads. */
function decimals(text) {
  if (UNCLEAR.test(text)) return [text.replace(",", ""), text.replace(",", ".")];
  if (PLAIN.test(text)) return [text];
  if (WITH_COMMA.test(text)) return [text.replace(",", ".")];
  if (GROUPED.some((form) => form.test(text))) return [grouped(text)];
  return GROUPED_BY_POINTS.some((form) => form.test(text)) ? [text.replaceAll(".", "").replace(",", ".")] : [];
}

/** A grouped number without its groups. */
function grouped(text) {
  const [parter] = /[ ',]/.exec(text);
  const [whole, fraction = ""] = text.split(parter === "," ? "." : /[.,]/);
  return `${whole.replace(/\D/g, "")}.${fraction}0`;
}
