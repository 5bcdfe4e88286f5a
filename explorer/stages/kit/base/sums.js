/** Sum and mean of numbers, of an array or a typed array. */

/** @param {Numbers} values */
export const sum = (values) => values.reduce((total, value) => total + value, 0);

/** @param {Numbers} values */
export const mean = (values) => sum(values) / values.length;
