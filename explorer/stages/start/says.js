/** What a model can say of log p(x), in words and by the mark that the page uses everywhere. */

export const MARKS = { exact: "=", bound: "≤", estimate: "≈", none: "∅" };

const WORDS = {
  exact: "says log p(x) exactly",
  bound: "says a lower bound on log p(x)",
  estimate: "says an estimate of log p(x)",
  ratio: "says exactly by how much one x is likelier than another, and nothing absolute",
};

/** The kind of likelihood of a family: "exact", "bound", "estimate" or "none". */
export const kindOf = ({ can }) => can.likelihood ?? "none";

/** What a family says of log p(x), as the end of a sentence. */
export const saysOf = ({ can, cannot, density }) =>
  density
    ? "says the density of continuous pixels exactly, and a lower bound on log p(x) of grey levels"
    : WORDS[can.likelihood] ?? (can.ratio ? WORDS.ratio : `says nothing of log p(x): ${cannot.log_prob}`);

/** How ratios count, where a family says nothing else; a sentence. */
export const ratiosOf = (families) => {
  const count = families.filter(({ can }) => can.ratio).length;
  return count
    ? ` ${count === 1 ? "1 family knows" : `${count} families know`} ratios of p(x) alone, which count as ∅.`
    : "";
};

/** How often a family evaluates its network for an x. */
export const passesOf = ({ passes }) =>
  !passes ? "cannot be shown" : passes === 1 ? "one pass" : `${passes.toLocaleString("en")} passes`;
