/** What a model can say of log p(x), in words and by the mark that the page uses everywhere. */

export const MARKS = { exact: "=", bound: "≤", estimate: "≈", none: "∅" };

/** The kind of likelihood of a family: "exact", "bound", "estimate" or "none". */
export const kindOf = ({ can }) => can.likelihood ?? "none";
