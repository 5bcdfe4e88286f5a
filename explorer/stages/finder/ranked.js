/** Entries that match a few letters, the nearest first. */

const MOST = 12;
const GREEK = { "α": "alpha", "β": "beta", "ε": "epsilon", "σ": "sigma", "μ": "mu", "η": "eta" };
const ORDER = ["tab", "mode", "term", "word", "story", "course", "try", "tour", "exercise"];

/** A text as it is compared: small letters without accents, Greek ones by their names. */
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[αβεσμη]/g, (letter) => GREEK[letter]);

/** Names of an entry: its title, and what else it is called. */
const namesOf = ({ title, also }) => [title, ...(also ? also.split(", ") : [])].map(plain);

/** Distance of an entry from the words, less being nearer; null where one of them is nowhere in it. */
function distance(entry, wanted) {
  const [first, ...others] = namesOf(entry);
  if ([first, ...others].includes(wanted.join(" "))) return -1;
  const said = plain(entry.words);
  let sum = ORDER.indexOf(entry.kind) / 10;
  for (const word of wanted) {
    const far = farOf(first, word) ?? (others.some((name) => name.includes(word)) ? 3 : said.includes(word) ? 4 : null);
    if (far === null) return null;
    sum += far;
  }
  return sum + first.length / 1000;
}

/** Distance of a name from a word of it: 0 at its beginning, 1 at that of a later word; null where it lacks the word. */
function farOf(name, word) {
  const at = name.indexOf(word);
  if (at <= 0) return at < 0 ? null : 0;
  return /[\s:(]/.test(name[at - 1]) ? 1 : 2;
}

/** The entries in which all words are, at most twelve of them; the tabs and the courses where there are no words. */
export function ranked(entries, text) {
  const wanted = plain(text).split(/\s+/).filter(Boolean);
  if (!wanted.length) return entries.filter(({ kind }) => kind === "tab" || kind === "course").slice(0, 2 * MOST);
  return entries.map((entry) => ({ entry, far: distance(entry, wanted) }))
    .filter(({ far }) => far !== null)
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST)
    .map(({ entry }) => entry);
}
