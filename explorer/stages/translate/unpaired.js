/** There and back: a digit in the other domain and back again, by networks that were trained with other terms. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { num } from "../kit/shell/format.js";
import { h } from "../kit/shell/dom.js";
import { OfPicture } from "./of_picture.js";
import { Pictures } from "./pictures.js";

const TITLES = {
  cycle: "Cycle term",
  free: "No cycle term",
  identity: "Cycle and identity terms",
};

class Unpaired extends OfPicture {
  constructor(ctx) {
    super(ctx, "unpaired", Object.keys(ctx.value().kinds));
    this.given = new Pictures("The digit in both domains", 1);
    this.given.element.classList.add("tr-given");
    this.runs = Object.fromEntries(Object.entries(TITLES).map(([term, title]) => [term, new Pictures(title, 3)]));
    this.sections = Object.fromEntries(
      Object.entries(this.runs).map(([term, run]) => [term, h("section", {}, h("h2", {}, TITLES[term]), run.element)]),
    );
    this.lay([], [...Object.values(this.sections), this.given.element]);
  }

  /** What the images of the source and of the target are called. */
  get kinds() {
    const { net, way } = this.ctx.store.get();
    const kinds = this.ctx.value().kinds[net] ?? ["", ""];
    return way === "back" ? [...kinds].reverse() : kinds;
  }

  draw({ source, source_as, target, terms }) {
    const [from, to] = this.kinds;
    const given = [
      { pixels: fromBase64(source), caption: `${from}: ${source_as.name}` },
      { pixels: fromBase64(target), caption: `${to}, computed`, result: true },
    ];
    this.given.show(given);
    for (const [term, section] of Object.entries(this.sections)) section.hidden = !(term in terms);
    for (const [term, { made, again, same, made_as, cycle, identity }] of Object.entries(terms)) {
      this.runs[term].show([
        { pixels: fromBase64(made), caption: `${to}: ${made_as.name}`, result: true },
        { pixels: fromBase64(again), caption: `back: ${num(cycle, 3)} off`, result: true },
        { pixels: fromBase64(same), caption: `identity: ${num(identity, 3)} off`, result: true },
      ]);
    }
    this.ctx.show("s", given[0].pixels);
    this.ctx.show("y", fromBase64(terms.cycle.made));
  }

  picture() {
    return this.value && this.runs.cycle.picture();
  }
}

export default {
  hint: "Does a digit come back as itself?",
  create: (ctx) => new Unpaired(ctx),
};
