/** What a model can say of log p(x), in words and by the mark that the page uses everywhere. */

export const MARKS = { exact: "=", bound: "≤", estimate: "≈", none: "∅" };

/** The kind of likelihood of a family: "exact", "bound", "estimate" or "none". */
export const kindOf = ({ can }) => can.likelihood ?? "none";

/** How ratios count, where a family says nothing else; a sentence. */
export const ratiosOf = (families) => {
  const count = families.filter(({ can }) => can.ratio).length;
  return count
    ? ` ${count === 1 ? "1 family knows" : `${count} families know`} ratios of p(x) alone, which count as ∅.`
    : "";
};
