/** Kind of answer of a model for log p(x), in words and by the mark that the page uses everywhere. */

import { h } from "../kit/base/dom.js";

const MARKS = { exact: "=", bound: "≤", estimate: "≈", ratio: "∝", none: "∅" };

/** Branches of the map, from an exact p(x) to none, with the kind of answer that most of their families give. */
export const BRANCHES = [
  { id: "tractable", kind: "exact", title: "Exact p(x)", words: "computed exactly" },
  { id: "approximate", kind: "bound", title: "Bound or estimate of p(x)", words: "from below, ≈ by sampling" },
  { id: "unnormalised", kind: "ratio", title: "Relative p(x)", words: "ratios only" },
  { id: "implicit", kind: "none", title: "No p(x)", words: "samples only" },
];

/** True if a visitor can point at something without opening it. */
export const canPoint = () => matchMedia("(hover: hover)").matches;

/** The kind of likelihood of a family: "exact", "bound", "estimate", "ratio" or "none". */
export const kindOf = ({ can }) => can.likelihood ?? (can.ratio ? "ratio" : "none");

/** Words of a kind of answer behind its mark. */
export const marked = (kind, words) => [h("span", { class: `mark ${kind}` }, MARKS[kind]), " ", words];
