/** Sparse: the few units of many that fire for an image, the picture that each adds, and what is left without one. */

import { button, h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { atEnd, whenever } from "../kit/base/live.js";
import { same } from "../kit/base/store.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { createSlider } from "../kit/panel/slider.js";

const PICTURE = ["net", "img", "draw", "source", "set"]; // fields that choose the picture and the network

/** @param {import("../kit/panel/mode.js").Self} self */
function dictionary(self) {
  const { ctx, state, declared } = self;
  const { initial, bounds: [[low, high]] } = ctx.fields.gains;
  /** The factor of the chosen unit: an answer has every one of it. */
  const factor = () => state.gains[state.unit];
  /** The factors of all units, that of the chosen one being `value`. */
  const gainsWith = (value) => [...state.gains].map((each, i) => (i === state.unit ? value : each));
  const gain = (value, commit) => ctx.store.set({ gains: gainsWith(value) }, { commit });
  const { value, shown, show } = exhibit(self, {
    now: { factor },
    question(_, usual) {
      const asked = usual();
      return asked && { ...asked, gains: gainsWith(1) };
    },
  });
  const slider = createSlider("Activation ×", {
    field: { low, high },
    step: 0.1,
    words: (value) => num(value, 1),
    label: "The chosen unit's activation, times this",
    onPreview: (value) => gain(value, false),
    onRelease: (value) => gain(value, true),
  });
  const remove = button("Remove it", () => gain(factor() ? 0 : 1, true));
  const restore = button("Reset", () => ctx.store.commit({ gains: initial }));
  whenever(() => {
    slider.set(factor());
    setText(remove, factor() ? "Remove it" : "Put it back");
    restore.disabled = state.gains.every((each) => each === 1);
  });
  forgets(ctx, declared.nets, initial);
  return {
    ...show({ below: [slider.element, h("div", { class: "row" }, remove, restore)] }).mode,
    table: () => value.value && { name: "sparse-units", rows: shown.value.table },
  };
}

/** With another picture or network, the factors of the earlier one go, unless they come with it. */
function forgets({ store }, nets, initial) {
  let before = store.get();
  atEnd(store.subscribe(PICTURE, (changed, { state }) => {
    const had = before.img !== null || before.draw !== null;
    const isOther = had && [before, state].every(({ net }) => nets.includes(net));
    before = state;
    const isGiven = changed.has("mode") || changed.has("gains");
    if (isOther && !isGiven && !same(state.gains, initial)) store.set({ gains: initial });
  }));
}

export default mode(dictionary);
