/** Tables that other programs read. */

const FORMULA = /^[=+\-@\t\r]/; // what a spreadsheet would calculate

/** A value as RFC 4180 wants it; a text that a spreadsheet would calculate begins with an apostrophe, a number does not. */
export function cell(value) {
  const said = value === null || value === undefined ? "" : String(value);
  const text = FORMULA.test(said) && !Number.isFinite(Number(said)) ? `'${said}` : said;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
