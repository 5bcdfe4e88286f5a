/** Numbers as text. */

/** With `digits` decimals and a true minus sign. */
export const fixed = (value, digits = 2) => value.toFixed(digits).replace("-", "−");

/** A latent point as "0.60, −1.20". */
export const point = (z) => z.map((value) => fixed(value)).join(", ");
