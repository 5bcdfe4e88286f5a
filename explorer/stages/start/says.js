/** Kind of answer of a model for log p(x), by the mark that the page uses everywhere. */

import { h } from "../kit/base/dom.js";

/**
 * Words of a kind of answer ("exact", "bound", "estimate", "ratio" or "none") behind its mark.
 * @param {{kind?: string, mark?: string}} answer @param {string} words
 */
export const marked = ({ kind, mark }, words) => [h("span", { class: `mark ${kind}` }, mark), " ", words];
