/** Name of a β, and the note on answers that are still an earlier one's. */

import { h, setText } from "../kit/base/dom.js";
import { dim } from "../kit/panel/parts.js";
import { formatBeta } from "./card.js";

export const betaName = (beta) => `β = ${formatBeta(beta)}`;

/**
 * A note for answers from Python, which come when β lies still: `mark(beta)` dims the elements and says which β they
 * belong to, `mark(null)` says that they are the present one's.
 */
export function createEarlier(...elements) {
  const note = h("p", { class: "note", hidden: true });
  const mark = (beta) => {
    note.hidden = beta === null;
    if (beta !== null) setText(note, `Dimmed: these belong to ${betaName(beta)}. They follow when β comes to rest.`);
    for (const element of elements) dim(element, beta !== null);
  };
  return Object.assign(mark, { element: note });
}
