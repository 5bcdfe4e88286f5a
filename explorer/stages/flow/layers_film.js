/** Sixteen images come out of their z, a layer a step, and the log-density of each state beside them. */

import { h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { Board } from "../kit/image/board.js";
import { LARGE, PIXELS } from "../kit/image/pixels.js";
import { Wall } from "../kit/image/wall.js";
import { createMode } from "../kit/panel/mode.js";
import { split } from "../questions/tiles.js";
import { coarsely } from "./lattice.js";

const CHOSEN = { colour: "you", width: 2.5 };

function layersFilm(self) {
  const { ctx, state } = self;
  const film = askedFilm(self, {
    nameOf: () => "Sixteen images, layer by layer",
    reportOf: ({ report }) => report.each[state.tap],
  });
  const { frame } = film;
  const images = computed(() =>
    frame.value && split(frame.value.x).map((bytes) => Float32Array.from(bytes, (level) => level / 255))
  );
  const chosen = computed(() => images.value?.[state.tap]);
  whenever(() => chosen.value && ctx.show("out", chosen.value));
  const wall = new Wall({
    label: "Sixteen images on their way from z. Arrow keys choose one.",
    onChoose: (tap) => ctx.store.commit({ tap }),
    size: LARGE,
  });
  const board = new Board({ label: "The chosen image", size: LARGE });
  board.element.title = "The chosen image, as large as its part of the lattice of pixels";
  const words = () => frame.value.report.caption;
  const wallOf = (shown) => ({
    images: shown,
    known: PIXELS,
    order: null,
    chosen: state.tap,
    ring: null,
    words: words(),
  });
  const screen = h(
    "div",
    { class: "layers-screen" },
    shows(wall, () => images.value && wallOf(images.value)),
    shows(board, () => chosen.value && { values: coarsely(chosen.value, frame.value.known), words: words() }),
    film.curves.element,
  );
  const main = film.play({
    screen,
    label: "From z to x, layer by layer",
    framesPerSecond: 3,
    styleOf: () => {
      const { tap } = state;
      return (_, image) => image === tap ? CHOSEN : {};
    },
  });
  return { main, above: [film.numbers], wall, board, ...film.mode };
}

export const createLayersFilm = createMode(layersFilm);
