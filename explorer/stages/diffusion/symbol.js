/** Your own symbol: the digits' diffusion learns a sign as an eleventh class; then it draws the sign. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { untracked } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { ImageGrid } from "../kit/image/grid.js";
import { imageOf, PIXELS } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { createMode } from "../kit/panel/mode.js";
import { parted } from "../kit/panel/parted.js";
import { keptSign, noteLearned } from "./own_sign.js";
import { createSignGiven } from "./symbol_given.js";

const PRESS = "Press Train: the digits’ diffusion learns this sign as an eleventh class.";
const UNLEARNED = "No network has learned your sign yet. Choose Learn, and press Train.";
const [SIGNS, COLUMNS] = [12, 6]; // drawings of the sign in a frame, and images in a row

/** Rows of drawings, each above the nearest learned ones: bytes and captions. */
function paired(signs, nearest, captions, away) {
  const bytes = new Uint8Array(2 * SIGNS * PIXELS);
  const texts = [];
  for (let k = 0; k < 2 * SIGNS; k++) {
    const [row, column] = [Math.floor(k / COLUMNS), k % COLUMNS];
    const place = Math.floor(row / 2) * COLUMNS + column;
    bytes.set(imageOf(row % 2 ? nearest : signs, place), k * PIXELS);
    texts.push(row % 2 ? `L2 ${away[place]}` : captions[place]);
  }
  return { bytes, captions: texts };
}

/** @param {import("../kit/panel/mode.js").Self} self */
function symbolLearn(self) {
  const { ctx, state, declared } = self;
  const isReady = () => state.go && keptSign.value.key;
  const film = askedFilm(self, {
    nameOf: () => "Training",
    nothing: () => (isReady() ? null : keptSign.value.error || PRESS),
    request: () => (isReady() ? { ...requestOf(ctx, declared), key: keptSign.value.key } : null),
  });
  const { frame, request, done, current, drawn } = film;
  whenever(() => {
    if (done.value && drawn.value === current.value && request.value) untracked(() => noteLearned(request.value.key));
  });
  const signs = new ImageGrid({
    label: "Drawings of the sign, each above the nearest learned one",
    columns: COLUMNS,
    rows: 7,
    titled: true,
  });
  const digits = new ImageGrid({ label: "One digit of each class", columns: 5, rows: 7, titled: true });
  whenever(() => {
    if (!frame.value) return;
    const { x, pictures: { nearest }, captions, away, lost } = frame.value;
    signs.show(paired(x.subarray(0, SIGNS * PIXELS), nearest, captions, away));
    digits.show({ bytes: x.subarray(SIGNS * PIXELS), captions: lost.map((isLost) => (isLost ? "lost" : "")) });
  });
  const beside = h("div", { class: "symbol-beside" }, digits.element, film.curves.element);
  const screen = h("div", { class: "symbol-screen" }, signs.element, beside);
  const picture = film.play({ screen, label: "The training", framesPerSecond: 1 });
  return {
    main: h("div", { class: "symbol-all" }, createSignGiven(self), picture),
    above: [film.numbers],
    ...film.mode,
  };
}

/** What the network draws that learned the sign. @param {import("../kit/panel/mode.js").Self} self */
function symbolDraw(self) {
  const { show } = exhibit(self, {
    question: (_, usual) => {
      const { key, trained } = keptSign.value;
      const asked = usual();
      return trained && asked ? { ...asked, key } : null;
    },
    lacks: () => UNLEARNED,
  });
  return show().mode;
}

export default parted({ symbol_learn: createMode(symbolLearn), symbol_draw: createMode(symbolDraw) });
