/** Moves of a game as text: rounds as numbers, single steps of a player as its letter, “200ddg”. */

/** @param {MoveLimits} limits */
export const limitWords = ({ letters, most }) =>
  `A game can go on for ${most.toLocaleString("en")} moves, told in ${letters} letters, and this one is there: scrub ` +
  "back and go on from an earlier round, or take another seed.";

const countOf = (part) => (/\d/.test(part) ? Number(part) : 1);

/** Number of moves: rounds, and single steps. */
const lengthOf = (moves) => (moves.match(/\d{1,4}|[dg]/g) ?? []).reduce((sum, part) => sum + countOf(part), 0);

/** True if Python will play them. @param {string} moves @param {MoveLimits} limits */
export const canBePlayed = (moves, { letters, most }) =>
  moves.length <= letters && /^[\ddg]+$/.test(moves) && lengthOf(moves) <= most;

/**
 * The same with more rounds at the end, as many as there is room for.
 * @param {string} moves @param {number} rounds @param {Pick<MoveLimits, "most">} limits
 */
export function playedOn(moves, rounds, { most }) {
  const [, before, last] = /^(.*?)(\d*)$/.exec(moves);
  return `${before}${Math.min(Number(last) + rounds, most - lengthOf(before))}`;
}
