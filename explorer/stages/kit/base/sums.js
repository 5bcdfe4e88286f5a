/** Sum and mean of numbers, of an array or a typed array. */

export const sum = (values) => values.reduce((total, value) => total + value, 0);

export const mean = (values) => sum(values) / values.length;
