/** The order in which the films of many families are asked for. */

/**
 * The shortest films first, but the shortest of each group of families before all others.
 * @template {{group: string, cost: number}} Each
 * @param {Each[]} asked @returns {Each[]}
 */
export function inTurn(asked) {
  const sorted = [...asked].sort((a, b) => a.cost - b.cost);
  const first = sorted.filter(({ group }, k) => sorted.findIndex((other) => other.group === group) === k);
  return [...first, ...sorted.filter((each) => !first.includes(each))];
}
