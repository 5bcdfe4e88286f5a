/** Slow: one image drawn with the cache and without it, row by row, on one clock. */

import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { costFilm } from "../kit/film/cost_film.js";
import { Board } from "../kit/image/board.js";
import { LARGE, SIDE } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";

function slow(self) {
  const { frame, shown, go, play } = costFilm(self, {
    nameOf: () => "The same image, drawn twice",
    label: "The image, row by row",
    framesPerSecond: 6,
    along: "rows",
  });
  const image = computed(() => frame.value && Float32Array.from(frame.value.x, (byte) => byte / 255));
  const board = new Board({
    label: "The image being drawn. A tap goes to its row",
    size: LARGE,
    onTap: (pixel) => go(Math.floor(pixel / SIDE)),
  });
  whenever(() => self.ctx.show("out", image.value));
  const drawn = () => ({ values: image.value, known: (shown.value + 1) * SIDE, words: frame.value.report.caption });
  return play(shows(board, () => image.value && drawn()));
}

export default mode(slow, { hint: "How long does drawing take on this server?" });
