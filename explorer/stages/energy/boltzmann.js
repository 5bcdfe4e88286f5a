/** A Boltzmann machine: what its hidden units make of an image, what it dreams, and what it fills in. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { Strip } from "../kit/film/strip.js";
import { drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { createSentences } from "../kit/panel/more.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { imageChains } from "./image_chains.js";
import { createUnits } from "./units.js";

const FILTER = 56;
const SHOWN = 144;
/** @type {[string, string, string][]} */
const CHARTS = [["energy", "free energy, nats", "The free energy of every chain, step by step"]];

function boltzmann(self) {
  const { state } = self;
  const chains = imageChains(self, {
    isFree: () => state.begin === "noise" && state.clamp === "none",
    nothing: "Choose a test image or draw one: the machine's hidden units look at it.",
    asks: ["look"],
    doing: "Block Gibbs",
    label: "Four chains of the machine",
    fold: "Free energy",
    charts: CHARTS,
  });
  const { looked, said, chooser, isEmpty } = chains;
  whenever(() => chooser.fed(looked.value ? fromBase64(looked.value.x) : null, 2));
  const machine = machineOf(self, looked);
  whenever(() => (machine.hidden = isEmpty()));
  const host = chains.play(() => [looked.value?.words, said.value?.words]);
  const title = h("h2", {}, "Visible units");
  return { ...chains.mode, main: [chains.empty, machine, title, host], above: [chooser, chains.numbers] };
}

/** The hidden units, and the weights of those that an image turns on most; one of them is chosen. */
function machineOf({ ctx, state }, looked) {
  const units = createUnits();
  const filters = new Strip(
    "The weights of the units that this image turns on most",
    ctx.fields.unit.high + 1,
    FILTER,
  );
  filters.canvas.addEventListener("click", (event) => ctx.store.commit({ unit: filters.placeAt(event) }));
  const filter = imageCanvas("The weights of one unit", SHOWN);
  const words = createSentences({ class: "note" });
  const title = h("h2", {}, () => looked.value ? `${looked.value.on.length} hidden units: white is on` : "");
  const one = h("div", { class: "one-unit" }, filter, h("div", { class: "unit-words" }, words.element, words.more));
  const weights = h("div", {}, h("h2", {}, "Weights to pixels"), filters.element, one);
  const machine = h("div", { class: "machine" }, h("div", {}, title, units.element), weights);
  whenever(() => {
    machine.classList.toggle("awaited", !looked.value); // its room is there before it is
    if (!looked.value) return;
    const { on, units: known, filters: bytes, report } = looked.value;
    const { unit } = state;
    const images = fromBase64(bytes);
    units.show(on, known[unit], ctx.colours().you);
    filters.show(images, `${known.length} units, the one that adds most first`);
    filters.mark(unit);
    drawImage(filter, imageOf(images, unit));
    words.set(report[unit]);
  });
  return machine;
}

export default mode(boltzmann, { hint: "Draw hidden and visible units in turn" });
