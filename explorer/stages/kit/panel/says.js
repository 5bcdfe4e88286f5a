/** Sentences and figures that Python declares, with what the browser has computed in the places of its numbers. */

import { brief, num, pair, percent } from "../base/format.js";

const HOW = {
  "%": (value) => percent(value),
  "1%": (value) => percent(value, 1),
  b: (value) => brief(value),
  p: (value) => pair(value),
};

/** A value by its name, such as `right.data`. */
const valueOf = (values, name) => name.split(".").reduce((found, key) => found?.[key], values);

/**
 * Fills in a text: `{name}` is a number with two digits, or a text. A format may follow a colon: the number of digits,
 * % or 1% for a share, b for few significant digits, p for a point. An unknown value is a dash.
 */
export const filled = (text, values) =>
  text.replace(/\{([\w.]+)(?::(\d?%|\d|b|p))?\}/g, (_, name, how = "2") => {
    const value = valueOf(values, name);
    if (typeof value === "string") return value;
    const isKnown = Array.isArray(value) || Number.isFinite(value);
    return how in HOW && isKnown ? HOW[how](value) : num(value, Number(how));
  });

/** The sentences of these names, one after the other; a name that is false or null is passed over. */
export const sentences = ({ says }, values, ...names) =>
  names.filter(Boolean).map((name) => filled(says[name], values)).join(" ");

/** Rows of figures, [name, value, unit] each; of several lists the one of this name. */
export const figuresOf = ({ rows }, values, name) =>
  (rows[name] ?? rows).map((row) => row.map((text) => filled(text, values)));
