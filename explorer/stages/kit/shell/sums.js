/** Sum and mean of numbers, of an array or a typed array, and the width of an interval. */

/** The 97.5 % quantile of the normal distribution: so many standard errors lie on either side of a 95 % interval. */
export const NORMAL = 1.96;

export const sum = (values) => values.reduce((total, value) => total + value, 0);

export const mean = (values) => sum(values) / values.length;
