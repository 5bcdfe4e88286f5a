/** The GAN has no likelihood to show; instead the nearest image to a picture is searched for, as a film. */

import { h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { Board } from "../kit/image/board.js";
import { createNearest } from "../kit/image/nearest.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { createSentences } from "../kit/panel/more.js";

const SIZE = 232;
/** Refusal that stands where other families show a likelihood. */
const NO_LIKELIHOOD =
  "A GAN draws images and defines no density, so no likelihood. It has no encoder either: the code " +
  "of the nearest image must be searched for.";
const NOTHING = {
  test: "Choose a test image: the nearest image that the generator can make is searched for.",
  draw: "Draw something on the pad: the nearest image that the generator can make is searched for.",
  open: "Open a picture: the nearest image that the generator can make is searched for.",
};
/** @type {Record<string, [label: string, bytesOf: (frame: Partial<Frame>) => ArrayLike<number>]>} */
const BOARDS = {
  target: ["the picture", ({ pictures }) => pictures.target],
  found: ["nearest image", ({ x }) => x],
  left: ["difference", ({ pictures }) => pictures.left],
};

const shares = (bytes) => Float32Array.from(bytes, (value) => value / 255);

function cannot(self) {
  const { ctx, state, declared } = self;
  const chooser = new Picture(ctx);
  const picture = computed(() => drawnOrTest(state, ctx.net().dataset));
  const film = askedFilm(self, {
    nameOf: () => "Searching for a code",
    request: () => ctx.net().error || !picture.value ? null : { ...requestOf(ctx, declared), picture: picture.value },
    nothing: () => ctx.net().error ?? (picture.value ? null : NOTHING[chooser.kind]),
  });
  const { frame, frames, request, filmOf } = film;

  const nearest = createNearest(ctx);
  const found = computed(() => filmOf(request.value));
  whenever(() => {
    void frames.value; // it may be done now
    const { done, id, frames: all } = found.value ?? {};
    nearest.meet(done ? String(id) : null, done ? shares(all.at(-1).x) : null, ctx.net().dataset);
  });
  whenever(() => frame.value && ctx.show("out", shares(frame.value.x)));

  const boards = {};
  const figures = Object.entries(BOARDS).map(([key, [label, bytesOf]]) => {
    boards[key] = new Board({ label, size: SIZE });
    /** @param {import("../kit/film/asked.js").Frame} frame */
    const what = ({ report, ...all }) => ({ values: shares(bytesOf(all)), words: report.caption });
    return h("figure", {}, shows(boards[key], () => frame.value && what(frame.value)), h("figcaption", {}, label));
  });
  const why = createSentences({});
  why.set(NO_LIKELIHOOD);
  const main = film.play({
    screen: h("div", { class: "search result" }, h("div", { class: "search-boards" }, figures), film.curves.element),
    place: () => ({ plays: () => false }), // the newest frame is shown while the search goes on
    words: computed(() => frames.value.at(-1)?.report.words ?? ""),
    label: "The search, step by step",
    filename: "gan-search.gif",
    framesPerSecond: 8,
  });

  return {
    main: [h("div", { class: "cannot" }, why.element, why.more), main],
    ...{ above: [film.numbers, chooser], under: [nearest], boards, ...film.mode },
    enter: () => startWithExample(ctx),
  };
}

export default mode(cannot);
