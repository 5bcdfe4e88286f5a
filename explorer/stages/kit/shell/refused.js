/** Questions that a network cannot answer. */

/** @type {Record<string, string>} */
export const ABILITIES = {
  make: "sample",
  complete: "complete",
  likelihood: "log_prob",
  anomaly: "odd",
  interpolate: "interpolate",
  learn: "learn",
};

/** True if a network answers each question. @param {Column} column @returns {Record<string, boolean>} */
const answers = ({ can }) => ({ ...can, log_prob: can.likelihood || can.ratio });

/**
 * Reason why the only network asked cannot answer a mode's question; null where it can, and where several are asked.
 * @param {Column[]} columns @param {string} mode @returns {string | null}
 */
export function refusalOf([column, ...others], mode) {
  const ability = ABILITIES[mode];
  if (!ability || others.length || !column || column.error || answers(column)[ability]) return null;
  return column.cannot[ability];
}
