/** Kind of answer of a model for log p(x), in words and by the mark that the page uses everywhere. */

export const MARKS = { exact: "=", bound: "≤", estimate: "≈", ratio: "∝", none: "∅" };

/** True if a visitor can point at something without opening it. */
export const canPoint = () => matchMedia("(hover: hover)").matches;

/** The kind of likelihood of a family: "exact", "bound", "estimate", "ratio" or "none". */
export const kindOf = ({ can }) => can.likelihood ?? (can.ratio ? "ratio" : "none");
