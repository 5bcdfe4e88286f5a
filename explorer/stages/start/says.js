/** Kind of answer of a model for log p(x), in words and by the mark that the page uses everywhere. */

export const MARKS = { exact: "=", bound: "≤", estimate: "≈", ratio: "∝", none: "∅" };

/** Branches of the map, from an exact p(x) to none. */
export const BRANCHES = [
  { id: "tractable", title: "Exact p(x)", words: "computed, not estimated" },
  { id: "approximate", title: "Bound or estimate of p(x)", words: "from below, or by sampling" },
  { id: "unnormalised", title: "Relative p(x)", words: "ratios exactly" },
  { id: "implicit", title: "No p(x)", words: "samples only" },
];

/** True if a visitor can point at something without opening it. */
export const canPoint = () => matchMedia("(hover: hover)").matches;

/** The kind of likelihood of a family: "exact", "bound", "estimate", "ratio" or "none". */
export const kindOf = ({ can }) => can.likelihood ?? (can.ratio ? "ratio" : "none");
