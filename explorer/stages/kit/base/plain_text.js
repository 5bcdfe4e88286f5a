/** Typographic characters of a text as the plain ones that the networks of text know. */

/** @type {[RegExp, string | ((found: string) => string)][]} */
const PLAIN = [
  [/\r\n?|[\u2028\u2029]/g, "\n"],
  [/[\u200B-\u200F\u2060\uFEFF\u00AD]/g, ""],
  [/[^\S\n ]/g, " "],
  [/["\u2018-\u201F\u2032-\u2037\u2039\u203A\u02B9-\u02BC\u00AB\u00BB`\u00B4\uFF02\uFF07]/g, "'"],
  [/[\u2014\u2015]/g, "--"],
  [/[\u2010-\u2013\u2212\uFE58\uFE63\uFF0D]/g, "-"],
  [/\u2026/g, "..."],
  [/[\uFB00-\uFB06]/g, (ligature) => ligature.normalize("NFKC")],
];
const SHOWN = 5; // changes that a sentence lists

/** The text in plain characters; of what it cannot write so, it keeps the characters. @param {string} text */
export const plainText = (text) =>
  PLAIN.reduce((plain, [form, by]) => plain.replace(form, /** @type {string} */ (by)), text);

/** Sentence about what `plainText` changes in a text; empty if nothing that is seen changes. @param {string} text */
export function changesOf(text) {
  const signs = new Set([...text].filter((sign) => sign.trim() && plainText(sign) !== sign && plainText(sign)));
  const listed = [...signs].slice(0, SHOWN).map((sign) => `${sign} as ${plainText(sign)}`);
  const more = signs.size > SHOWN ? ", …" : "";
  return listed.length ? `The networks read ${listed.join(", ")}${more}` : "";
}
