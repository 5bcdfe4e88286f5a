/** Causal flow: a digit to z and back, pass by pass, by two flows; a changed patch of z; samples and times. */

import { h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { ImageGrid } from "../kit/image/grid.js";
import { drawnOrTest, NO_PICTURE, Picture, startWithExample } from "../kit/image/picture.js";
import { imageOf, PIXELS } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { createMode } from "../kit/panel/mode.js";
import { parted } from "../kit/panel/parted.js";
import { takeNet } from "../kit/panel/take_net.js";
import { takeImages } from "./of_images.js";

const FLOWS = ["TarFlow", "Coupling flow"];
const HEADS = ["x", "z = f(x)", "from z back to x"];

/**
 * x, z and the state of each flow, one after the other: 784 bytes each.
 * @param {import("../kit/film/asked.js").Frame} first brings the pictures of x and z @param {Uint8Array} state
 */
function rowsOf({ pictures: { x, z } }, state) {
  const bytes = new Uint8Array(FLOWS.length * HEADS.length * PIXELS);
  FLOWS.forEach((_, k) =>
    [x, imageOf(z, k), imageOf(state, k)].forEach((each, column) =>
      bytes.set(each, (k * HEADS.length + column) * PIXELS)
    )
  );
  return bytes;
}

/** @param {import("../kit/panel/mode.js").Self} self */
function passesFilm(self) {
  const { ctx, state, declared } = self;
  const chooser = new Picture(ctx, { others: false });
  const picture = computed(() => drawnOrTest(state, ctx.net().dataset));
  const film = askedFilm(self, {
    nameOf: () => "From z back to x, pass by pass",
    nothing: () => ctx.net().error ?? (picture.value ? null : NO_PICTURE),
    request: () => ctx.net().error || !picture.value ? null : { ...requestOf(ctx, declared), picture: picture.value },
  });
  const { frames, frame } = film;
  const grid = new ImageGrid({ label: "A digit, its z, and the way back", columns: HEADS.length, rows: 3.8 });
  const images = computed(() => frame.value && rowsOf(frames.value[0], frame.value.x));
  shows(grid, () =>
    images.value && {
      bytes: images.value,
      names: FLOWS,
      heads: HEADS,
      words: frame.value.report.caption,
    });
  whenever(() => {
    if (!images.value) return;
    ctx.show("x", imageOf(images.value, 0));
    ctx.show("z", imageOf(images.value, 1));
    ctx.show("out", imageOf(images.value, 2));
  });
  const screen = h("div", { class: "passes-screen" }, grid.element, film.curves.element);
  const main = film.play({ screen, label: "From z back to x, pass by pass", framesPerSecond: 8 });
  const enter = () => {
    if (!declared.nets.includes(state.net)) takeNet(ctx, declared.nets);
    startWithExample(ctx, 108);
  };
  return { main, above: [film.numbers], below: [chooser], grid, enter, ...film.mode };
}

export default parted({ passes: createMode(passesFilm) }, takeImages);
