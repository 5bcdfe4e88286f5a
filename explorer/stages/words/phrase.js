/** A prompt as words: which of them the networks know, and what a pressed word does to it. */

/**
 * @typedef {object} Vocabulary what the server says of words
 * @property {Record<string, string[]>} groups words that can be pressed
 * @property {string[]} known
 * @property {Record<string, string>} plurals
 * @property {number} words most words of a prompt
 * @property {number} letters most letters
 */

const RELATED = /\b(left|right) of\b/g;
const SEVERAL = ["two", "three"];
const PLAIN = /^[\p{L}\s.,;:!?'’“”"-]*$/u;

/** Words of a text; a relation is one. @param {string} text */
export function wordsIn(text) {
  const joined = text.toLowerCase().replace(RELATED, "$1_of");
  return (joined.match(/[\p{L}_]+/gu) ?? []).map((word) => word.replace("_", " "));
}

/** True if a network can read a text. @param {string} text @param {Vocabulary} vocabulary */
export function isKnown(text, { known, words, letters }) {
  const found = wordsIn(text);
  const fits = text.length <= letters && found.length <= words && PLAIN.test(text);
  return fits && found.every((word) => known.includes(word));
}

/** Group of a word; a plural is of its object's. @param {string} word @param {Vocabulary} vocabulary */
function groupOf(word, { groups, plurals }) {
  const single = word === "an" ? "a" : Object.keys(plurals).find((each) => plurals[each] === word) ?? word;
  return Object.keys(groups).find((group) => groups[group].includes(single)) ?? null;
}

/**
 * The prompt after a word was pressed: it takes the place of the chosen one if that is of its group, else it comes last.
 * Articles and plurals follow.
 * @param {string} text @param {string} word @param {number | null} chosen @param {Vocabulary} vocabulary
 */
export function pressed(text, word, chosen, vocabulary) {
  const found = wordsIn(text);
  const group = groupOf(word, vocabulary);
  if (chosen !== null && chosen < found.length && groupOf(found[chosen], vocabulary) === group) found[chosen] = word;
  else found.push(...(group === "Grounds" && found.at(-1) !== "on" ? ["on", word] : [word]));
  return inGrammar(found, vocabulary).join(" ");
}

/** Words with the article and the number that fit. @param {string[]} words @param {Vocabulary} vocabulary */
function inGrammar(words, { plurals }) {
  const singleOf = (word) => Object.keys(plurals).find((each) => plurals[each] === word) ?? word;
  let several = false;
  return words.map((word, place) => {
    if (SEVERAL.includes(word)) several = true;
    if (word === "a" || word === "an") {
      several = false;
      return /^[aeiou]/.test(words[place + 1] ?? "") ? "an" : "a";
    }
    const single = singleOf(word);
    return single in plurals ? (several ? plurals[single] : single) : word;
  });
}
