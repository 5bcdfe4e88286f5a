/** The rows of a card: `explorer/networks/card.py` says what they hold. */

/**
 * The first row of this name at this setting, or undefined.
 * @param {CardRow[] | null | undefined} rows @param {string} name @param {Record<string, unknown>} setting
 */
export const find = (rows, name, setting = {}) =>
  (rows ?? []).find((row) => row.name === name && Object.entries(setting).every(([key, value]) => row[key] === value));
