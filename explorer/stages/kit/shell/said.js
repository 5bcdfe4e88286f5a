/** What an address says of a tab, and the parts of it that nobody understands. */

const PAGES = ["tab", "course", "page", "handout", "story", "scene", "embed"]; // keys that are no stage's
const TRACKERS = /^(utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|si|ref|logs)$/i; // added on a link's way
const [MOST, LONGEST] = [3, 40]; // parts that are named, and letters of each

/** True of keys that say nothing of a stage. @param {string} key */
const isOthers = (key) => PAGES.includes(key) || key.startsWith("__") || TRACKERS.test(key);

/** Query without what was added to a link on its way. @param {string} query */
export const withoutTrackers = (query) => [...new URLSearchParams(query)].filter(([key]) => !TRACKERS.test(key));

/** Field of a key, which may be in other letters; undefined without one. @param {Record<string, Field>} fields @param {string} key */
const fieldOf = (fields, key) =>
  key in fields ? key : Object.keys(fields).find((each) => each.toLowerCase() === key.toLowerCase());

/** Texts of an address by field; the first one of each counts. @param {Record<string, Field>} fields @param {string} search */
export function saidIn(fields, search) {
  const said = new Map();
  for (const [key, text] of new URLSearchParams(search)) {
    const field = fieldOf(fields, key);
    if (field && !said.has(field)) said.set(field, text);
  }
  return said;
}

/**
 * Parts [key, text] of an address that have no meaning for this tab, or that the address spells in another way.
 * @param {string} tab @param {Record<string, Field>} fields @param {string} search
 */
export function oddIn(tab, fields, search) {
  const query = [...new URLSearchParams(search)];
  const unknown = query.filter(([key, text]) => {
    if (key === "tab") return text !== tab;
    if (isOthers(key) || (key === "step" && query.some(([other]) => other === "course"))) return false;
    const field = fieldOf(fields, key);
    return !field || fields[field].read(text) === undefined;
  });
  const spelt = query.filter(([key]) => !isOthers(key) && fieldOf(fields, key) && !(key in fields));
  return { unknown, spelt };
}

/** Sentence that names the parts that were passed over; empty without any. @param {[string, string][]} unknown */
export function passedOver(unknown) {
  const named = unknown.slice(0, MOST).map(([key, text]) => `${key}=${text}`).map((part) =>
    part.length > LONGEST ? `${part.slice(0, LONGEST)}…` : part
  );
  const more = unknown.length > MOST ? [`${unknown.length - MOST} more`] : [];
  return unknown.length
    ? `This link has parts that the page does not know. It ignores: ${[...named, ...more].join(", ")}.`
    : "";
}
