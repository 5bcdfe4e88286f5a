/** Tables that other programs read. */

const FORMULA = /^[=+\-@\t\r]/; // what a spreadsheet would calculate
const SHOWN = /^([−-]?[\d,]*\.?\d+)(?: · 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(?: ± ([\d,]*\.?\d+))?(?: (%))?$/;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A value as RFC 4180 wants it; a text that a spreadsheet would calculate begins with an apostrophe, a number does not.
 * @param {string | number | null | undefined} value
 */
export function cell(value) {
  const said = value === null || value === undefined ? "" : String(value);
  const text = FORMULA.test(said) && !Number.isFinite(Number(said)) ? `'${said}` : said;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A table of figures, [name, value, unit], as a panel shows them: each number, its standard error and its unit in a
 * column of its own. What is no number is text.
 * @param {FigureRow[]} figures @returns {TableRows}
 */
export function tableOfFigures(figures) {
  const rows = figures.map(([name, shown, unit = ""]) => {
    const [found, digits, power, error, percent] = SHOWN.exec(String(shown)) ?? [];
    if (!found) return [name, "", "", unit, shown === "–" ? "" : shown];
    const scale = power
      ? `e${power.replaceAll("⁻", "-").replaceAll(/[⁰-⁹¹²³]/g, (sign) => String(RAISED.indexOf(sign)))}`
      : "";
    return [name, plain(digits) + scale, plain(error), [percent, unit].filter(Boolean).join(" "), ""];
  });
  return [["figure", "value", "standard error", "unit", "text"], ...rows];
}

/** Digits as every program reads them. */
const plain = (digits = "") => digits.replaceAll(",", "").replace("−", "-");
