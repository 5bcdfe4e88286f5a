/** The class that a network is asked for. */

import { fill, h, select } from "../base/dom.js";

const ANY = "any";

/** The class; `initial` stands there while none is chosen, "any" unless it is given. @param {Ctx} ctx */
export function createClass(ctx, { initial = ANY } = {}) {
  const { store } = ctx;
  const element = select("Class", [], "", (value) => store.commit({ label: value === ANY ? null : +value }));
  let shown = null;
  const update = () => {
    const { name, classes } = ctx.net();
    element.hidden = !classes.length || !ctx.columns().some((column) => !column || column.can.label);
    if (name !== shown) {
      fill(
        element.input,
        initial === ANY && h("option", { value: ANY }, ANY),
        classes.map((text, i) => h("option", { value: i }, text)),
      );
    }
    shown = name;
    element.input.value = String(store.get().label ?? initial);
  };
  return { element, update };
}
