/** The number of steps, as several modes let a visitor choose it. */

import { numberBox } from "../kit/shell/dom.js";

const MANY = 100;

/** The steps of a film that is drawn several times over: those chosen, but at most a hundred. */
export const few = (steps) => Math.min(MANY, steps);

/** How many steps of DDIM. */
export function createSteps({ store, fields }) {
  const element = numberBox("Steps", {
    field: { ...fields.steps, high: MANY },
    onchange: (steps) => store.commit({ steps }),
  });
  return { element, update: () => element.set(few(store.get().steps)) };
}
