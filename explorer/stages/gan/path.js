/** The film from one image of the grid to another along the sphere: its frame, nine of its images, and the player. */

import { h, setName } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { signal } from "../kit/base/vendor/signals-core.js";
import { filmOf } from "../kit/film/film.js";
import { Strip } from "../kit/film/strip.js";
import { drawImage, imageCanvas, imageOf, PIXELS } from "../kit/image/pixels.js";

const SHOWN = 9;
const TILE = 64;
const LARGE = 84;

/**
 * Makes the film of `way`, a signal of the answer with its images `x`, null before; `captionOf(at)` stands under a frame.
 * Returns its `host`, what is dimmed with it, `dims`, and whether it `moves`.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {{way: {value: any, peek: () => any}, words: {value: string, peek: () => string}, captionOf: (at: number) => string}} how
 */
export function createPath(self, { way, words, captionOf }) {
  const [at, moving] = [signal(0), signal(false)];
  const lengthOf = ({ x }) => x.length / PIXELS;
  /** Number of frames between two of the strip. */
  const everyOf = (answer) => (lengthOf(answer) - 1) / (SHOWN - 1);
  const canvas = imageCanvas("The frame of the film", LARGE);
  const strip = new Strip("From A to B along the sphere", SHOWN, TILE);
  strip.element.classList.add("result");
  strip.canvas.addEventListener("click", (event) => {
    if (way.peek()) film.go(strip.placeAt(event) * everyOf(way.peek()));
  });
  whenever(() => {
    if (!way.value) return;
    const row = new Uint8Array(SHOWN * PIXELS);
    for (let k = 0; k < SHOWN; k++) row.set(imageOf(way.value.x, k * everyOf(way.value)), k * PIXELS);
    strip.show(row, "nine images");
  });
  whenever(() => {
    if (!way.value) return;
    drawImage(canvas, imageOf(way.value.x, at.value));
    setName(canvas, "The frame of the film", captionOf(at.value));
    strip.mark(Math.round(at.value / everyOf(way.value)));
  });
  const film = filmOf(self, {
    ...{ at, words },
    what() {
      const length = way.value ? lengthOf(way.value) : 0;
      return { of: way.value, length, caption: captionOf, where: (index) => `${index}/${length - 1}` };
    },
    place: () => ({
      indexOf: (given, { length }) => Math.min(given ?? 0, length - 1),
      stateOf: (index) => ({ at: index, part: "film" }),
      plays: () => false,
    }),
    options: {
      screen: h("div", { class: "path" }, canvas, strip.element),
      label: "From A to B",
      filename: "gan-path.gif",
      framesPerSecond: 10,
      tell(moves) {
        moving.value = moves;
        self.seen(words.peek(), moves);
      },
    },
  });
  return {
    host: film.host,
    dims: [canvas, strip.element, film.parts.caption],
    moves: () => moving.value || film.timer !== null,
  };
}
