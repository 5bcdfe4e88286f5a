/** Fill in: masked characters become known, in any order, given both sides; any can be masked again. */

import { h } from "../kit/base/dom.js";
import { mode } from "../kit/panel/mode.js";
import { charactersOf } from "./letters.js";
import { kinds, maskedFilm } from "./masked_film.js";

const BLANK = "_";

function fill(self) {
  const { ctx, state } = self;

  /** The finished text with this character masked, or the gap closed by what was drawn there. */
  function onMask(place, { frames }) {
    const drawn = charactersOf(frames.peek().at(-1).x, ctx.value().alphabet);
    const masked = (each, i) => (each === BLANK ? drawn[i] : BLANK);
    const gap = [...state.gap].map((each, i) => (i === place ? masked(each, i) : each)).join("");
    if (gap.includes(BLANK)) ctx.store.commit({ gap });
  }

  return maskedFilm(self, {
    nameOf: ({ steps }) => `The gaps, in at most ${steps} steps`,
    legend: h(
      "p",
      { class: "letters-legend" },
      kinds({ given: "given", filled: "drawn", guess: "masked: most probable" }),
    ),
    onMask,
  });
}

export default mode(fill, { hint: "A network fills the gaps, given both sides; tap a character" });
