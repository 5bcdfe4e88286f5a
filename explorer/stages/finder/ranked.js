/** Entries that match a few letters, the nearest first. */

const MOST = 12;
const GREEK = { "α": "alpha", "β": "beta", "ε": "epsilon", "σ": "sigma", "μ": "mu", "η": "eta" };
const ORDER = ["tab", "mode", "term", "course", "try", "tour", "exercise"];

/** A text as it is compared: small letters without accents, Greek ones by their names. */
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[αβεσμη]/g, (letter) => GREEK[letter]);

/** Distance of an entry from the words, less being nearer; null where one of them is nowhere in it. */
function distance({ title, words, kind }, wanted) {
  const [name, said] = [plain(title), plain(words)];
  let sum = ORDER.indexOf(kind) / 10;
  for (const word of wanted) {
    const at = name.indexOf(word);
    if (at === 0) sum += 0;
    else if (at > 0) sum += /[\s:(]/.test(name[at - 1]) ? 1 : 2;
    else if (said.includes(word)) sum += 4;
    else return null;
  }
  return sum + name.length / 1000;
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
