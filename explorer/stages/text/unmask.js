/** Unmask: a text of nothing but masks becomes known, step by step; any of its characters can be masked again. */

import { mode } from "../kit/panel/mode.js";
import { legend } from "./letters.js";
import { kinds, maskedFilm } from "./masked_film.js";

function unmask(self) {
  const confidence = legend([[0, "0"], [0.5, "50"], [1, "100 %"]], "Confidence:");
  confidence.append(...kinds({ filled: "drawn", guess: "masked, most probable" }));

  /** Masks a character of the finished text again, or keeps what it was. */
  function onMask(place, { done, request }) {
    if (!done.peek()) return;
    const { again: before } = request.peek();
    const again = before.includes(place) ? before.filter((each) => each !== place) : [...before, place];
    self.ctx.store.commit({ again, at: null });
  }

  return maskedFilm(self, {
    nameOf: ({ steps, again }) => again.length ? "Your characters, drawn again" : `A text in ${steps} steps`,
    legend: confidence,
    tintsOf: ({ numbers }) => numbers.confidence?.[0] ?? [], // now where it is masked, and when it was drawn
    onMask,
  });
}

export default mode(unmask, { hint: "A network unmasks a text; tap a character to mask it" });
