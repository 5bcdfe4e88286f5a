/** Cached: one text drawn with the cache and without it, and the masked diffusion beside it, on one clock. */

import { whenever } from "../kit/base/live.js";
import { costFilm } from "../kit/film/cost_film.js";
import { mode } from "../kit/panel/mode.js";
import { charactersOf, Letters } from "./letters.js";

function cached(self) {
  const { frame, shown, go, play } = costFilm(self, {
    nameOf: () => "The same text, drawn twice",
    label: "The text, character by character",
    framesPerSecond: 30,
    along: "characters",
  });
  const { alphabet } = self.ctx.value();
  const letters = new Letters({ label: "The text. Arrow keys choose a character.", onChoose: (place) => go(place) });
  whenever(() => {
    if (!frame.value) return;
    letters.show(charactersOf(frame.value.x.subarray(0, shown.value + 1), alphabet), { chosen: shown.value });
  });
  return play(letters.element);
}

export default mode(cached, { hint: "What does a character cost, with and without the cache?" });
