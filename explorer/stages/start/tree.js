/** The two orders of the map: by what p(x) is to a family, or by the year of its paper. */

import { h } from "../kit/base/dom.js";
import { marked } from "./says.js";

/** @typedef {import("./leaf.js").Leaf} Leaf */

/** The columns of a branch in two rows and, where the window is high, in three. @param {number} count */
const columnsOf = (count) => `--leaves-low: ${Math.ceil(count / 2) || 1}; --leaves-high: ${Math.ceil(count / 3) || 1}`;

/** The pictures of a branch or of a year. @param {Leaf[]} leaves */
const leavesOf = (leaves) => h("div", { class: "leaves" }, leaves.map(({ element }) => element));

/** A tab of networks with an exact p(x) of texts or sounds. */
const linkOf = ({ title, tab, words }) =>
  h("a", { class: "elsewhere", href: `?tab=${tab}`, title: words }, h("strong", {}, title));

/**
 * The branches that Python names: tractable, approximate, unnormalised and implicit; `none` stands in an empty one.
 * @param {Leaf[]} leaves @param {Record<string, any>} value @param {string} none
 */
export const branchesOf = (leaves, { branches, elsewhere }, none) =>
  branches.map(({ id, title, words, ...answer }) => {
    const here = leaves.filter(({ family }) => family.branch === id);
    return h(
      "section",
      { class: `branch ${id}`, "aria-label": `${title}: ${words}`, style: columnsOf(here.length) },
      h("h2", {}, h("span", {}, title), h("span", { class: "under" }, marked(answer, words))),
      here.length ? leavesOf(here) : h("p", { class: "quiet" }, none),
      id === "tractable" && h("p", { class: "others" }, "Other data:", elsewhere.map(linkOf)),
    );
  });

/** @param {Leaf[]} leaves */
export function yearsOf(leaves) {
  const yearOf = ({ family }) => family.origin?.year ?? "installed";
  const years = [...new Set(leaves.map(yearOf))].sort();
  return years.map((year) => {
    const here = leaves.filter((leaf) => yearOf(leaf) === year);
    return h("section", { class: "year", "aria-label": String(year) }, h("h2", {}, year), leavesOf(here));
  });
}
