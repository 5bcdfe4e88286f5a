/** The way from a shared question about one family to the same question about all of them. */

import { h } from "../base/dom.js";

/**
 * Adds to a `place` a link beside the choice of the question: to the comparison, in the same state, with this family marked. Python
 * says which `modes` of the comparison ask the questions, and which `keys` of the state belong to them.
 * @param {HTMLElement} place @param {Pick<Ctx, "store" | "fields" | "net">} ctx @param {{modes: Record<string, string>,
 * keys: string[]}} shared
 */
export function addCompareLink(place, { store, fields, net }, { modes, keys }) {
  const link = h(
    "a",
    { class: "to-compare", title: "The same question to every family, with this one marked" },
    "Compare",
  );
  const update = () => {
    const state = store.get();
    const { column, compared, dataset } = net();
    link.hidden = !(state.mode in modes && compared);
    if (link.hidden) return link.removeAttribute("href");
    const query = new URLSearchParams({ tab: "compare", data: dataset, mode: modes[state.mode], lit: column.family });
    for (const key of keys) if (state[key] !== fields[key].initial) query.set(key, fields[key].write(state[key]));
    link.href = `?${query}`;
  };
  store.subscribe(null, update);
  update();
  place.append(link);
}
