/** There and back: a digit in the other domain and back again, by networks that were trained with other terms. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { num } from "../kit/shell/format.js";
import { h } from "../kit/shell/dom.js";
import { withArticle } from "../kit/shell/parts.js";
import { OfPicture, shareOf } from "./of_picture.js";
import { Pictures } from "./pictures.js";

const TITLES = {
  cycle: "With the cycle term",
  free: "Without the cycle term",
  identity: "With the cycle and the identity term",
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
        { pixels: fromBase64(again), caption: `back: error ${num(cycle, 3)}`, result: true },
        { pixels: fromBase64(same), caption: `identity: ${num(identity, 3)}`, result: true },
      ]);
    }
    this.ctx.show("s", given[0].pixels);
    this.ctx.show("y", fromBase64(terms.cycle.made));
  }

  rows(value) {
    const { cycle, free } = value?.terms ?? {};
    const of = (run, name) => (run ? num(run[name], 3) : "–");
    return [
      ["cycle error with the cycle term", of(cycle, "cycle"), "of 1"],
      ["cycle error without it", of(free, "cycle"), "of 1"],
      ["identity: change of a target image", of(cycle, "identity"), "of 1"],
      ["difference from the computed answer", of(cycle, "difference"), "of 1"],
      ["class kept on test images", ...shareOf(cycle?.measured.kept)],
      ["the same without the cycle term", ...shareOf(free?.measured.kept)],
    ];
  }

  words({ source_as, terms: { cycle, free } }) {
    const kept = ({ made_as: { label, name } }) =>
      `${label === source_as.label ? "it stays" : "it becomes"} ${withArticle(name)}`;
    return `With the cycle term ${kept(cycle)}, without it ${kept(free)}. ` +
      `The way back differs from the digit by ${num(cycle.cycle, 3)} ` +
      `and ${num(free.cycle, 3)}. No pair was ever shown: each training digit is in one of the domains only. ` +
      "The identity picture shows what the network does to an image that is already in the target domain.";
  }

  picture() {
    return this.value && this.runs.cycle.picture();
  }

  table() {
    const { value } = this;
    const head = ["terms", "class", "probability", "cycle", "identity", "difference"];
    const lines = Object.entries(value?.terms ?? {}).map(([term, each]) => [
      term,
      each.made_as.name,
      each.made_as.share,
      each.cycle,
      each.identity,
      each.difference,
    ]);
    return value && { name: "there-and-back", rows: [head, ...lines] };
  }
}

export default {
  hint: "Draw a digit: does it come back, and is it still the same digit?",
  create: (ctx) => new Unpaired(ctx),
};
