/** What a film out of noise is made with: seed, one or sixteen, class and guidance, sampler, steps and η. */

import { createClass } from "../kit/image/class_choice.js";
import { h, numberBox, select } from "../kit/shell/dom.js";
import { moreControls } from "../kit/shell/more.js";
import { segmented } from "../kit/shell/parts.js";
import { createSeed } from "../kit/shell/seed.js";
import { createSlider } from "../kit/shell/slider.js";

const FIRST = ["ddim", "ddpm"]; // of the samplers; the others are listed

export function createReverseControls(ctx) {
  const { store, fields } = ctx;
  const commit = (patch) => store.set(patch, { commit: true });
  const seed = createSeed(ctx);
  const count = segmented("How many", [[1, "1"], [16, "16"]], (grid) => commit({ grid }));
  const label = createClass(ctx);
  const w = createSlider("w", {
    field: fields.w,
    step: 0.25,
    words: (value) => `w = ${Number(value.toFixed(2))}`,
    label: "Guidance scale w",
    onRelease: (value) => commit({ w: value }),
  });
  const titles = Object.entries(ctx.value().samplers).map(([name, { title }]) => [name, title]);
  const isFirst = ([name]) => FIRST.includes(name);
  const sampler = segmented("Sampler", titles.filter(isFirst), (value) => commit({ sampler: value }));
  const others = titles.filter((each) => !isFirst(each));
  const other = select("or", [["", "another"], ...others], "", (value) => value && commit({ sampler: value }));
  other.input.setAttribute("aria-label", "Another sampler");
  const steps = numberBox("Steps", { field: fields.steps, onchange: (value) => commit({ steps: value }) });
  const eta = createSlider("η", {
    field: fields.eta,
    step: 0.05,
    words: (value) => value.toFixed(2),
    label: "η of DDIM",
    onRelease: (value) => commit({ eta: value }),
  });
  seed.element.append(count);
  const row = (...children) => h("div", { class: "row" }, children);
  const element = h(
    "div",
    { class: "controls" },
    seed.element,
    row(label.element, w.element),
    moreControls(row(sampler, other, steps), eta.element),
  );

  function update() {
    const state = store.get();
    seed.update();
    label.update();
    count.set(state.grid);
    sampler.set(state.sampler);
    other.input.value = FIRST.includes(state.sampler) ? "" : state.sampler;
    steps.set(state.steps);
    w.set(state.w);
    eta.set(state.eta);
    w.element.hidden = state.label === null;
    eta.element.hidden = state.sampler !== "ddim";
  }

  return { element, update };
}
