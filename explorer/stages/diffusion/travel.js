/** Travel: two images are taken up to their noises, and nine noises between these down again, beside the VAE's path. */

import { h } from "../kit/base/dom.js";
import { updates, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { Strip } from "../kit/film/strip.js";
import { createImagePicker } from "../kit/image/image_picker.js";
import { startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas, imageOf, PIXELS } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";

const ENDS = { img: 8, img2: 12 };
const STOPS = 9;
const TILE = 82;
const LARGE = 264;
const timeWords = (t) => t === 0 ? "nine images" : `at t = ${t.toLocaleString("en")}`;

/** True if a frame is on the way down from the noises; else it is on the way up to them. */
const isDecoding = ({ x }) => x.length === STOPS * PIXELS;

function travel(self) {
  const { ctx, state, declared, visits } = self;
  const dataset = computed(() => ctx.net().dataset);
  const ends = Object.entries(ENDS).map(([key, example], k) => {
    const [name, title] = k ? ["Second image", "To No."] : ["First image", "From No."];
    return createImagePicker(ctx, { key, example, name, title });
  });
  const [first, second] = ends.map((end) => () => ({ test: end.index(), set: dataset.value }));
  const stop = computed(() => Math.round(state.place * (STOPS - 1))); // the watched image of nine
  const film = askedFilm(self, {
    nameOf: () => "There and back",
    request: () => ctx.net().error ? null : { ...requestOf(ctx, declared), first: first(), second: second() },
    reportOf: ({ report }) => ({ ...report, ...report.stops?.[stop.value] }),
  });
  const { frames, frame, current, request, filmOf } = film;
  whenever(() => visits.value && ctx.images(dataset.value));

  /** The two images where they are inverted, at their noises once these are there. */
  const inverted = computed(() =>
    frame.value && isDecoding(frame.value) ? frames.value.findLast((each) => !isDecoding(each)) : frame.value
  );
  /** The nine once they are denoised, and the VAE's path between the pair, if there is one. */
  const rows = {
    diffusion: computed(() => frame.value && isDecoding(frame.value) ? frame.value.x : null),
    vae: computed(() => frames.value[0]?.pictures.vae ?? null),
  };
  const isWhole = computed(() => Boolean(filmOf(request.value)?.done));
  whenever(() => {
    if (!frame.value) return;
    ctx.show("noise", imageOf(inverted.value.x, 0));
    ctx.show("out", rows.diffusion.value && imageOf(rows.diffusion.value, stop.value));
  });

  const inverting = ["from", "to"].map((word, k) => {
    const canvas = imageCanvas(`Image ${k + 1} on its way to noise`, TILE);
    whenever(() => inverted.value && drawImage(canvas, imageOf(inverted.value.x, k)));
    return h("figure", { class: "captioned" }, canvas, h("figcaption", {}, () => inverted.value ? word : ""));
  });
  const large = (row, text) => {
    const canvas = imageCanvas(text, LARGE);
    whenever(() => row.value && drawImage(canvas, imageOf(row.value, stop.value)));
    const hidden = () => !row.value;
    return h("figure", { class: "captioned result", hidden }, canvas, h("figcaption", {}, text));
  };
  /** Nine images with their name; a click on one goes to its place. */
  const line = (name, label, words) => {
    const [row, strip] = [rows[name], new Strip(label, STOPS, TILE)];
    const choose = (event) => ctx.store.commit({ place: strip.placeAt(event) / (STOPS - 1) });
    strip.canvas.addEventListener("click", choose);
    whenever(() => {
      if (row.value) strip.show(row.value, words());
      else strip.clear();
      strip.mark(stop.value);
    });
    const head = h("h2", {}, () => row.value || !frame.value ? label : `${label}: once both are noise`);
    return h("div", {}, head, h("div", { class: "result" }, strip.element));
  };
  const screen = h(
    "div",
    { class: "travel" },
    h(
      "div",
      { class: "pictures" },
      h("div", { class: "inverting" }, inverting),
      large(rows.diffusion, "diffusion, here"),
      large(rows.vae, "VAE, here"),
    ),
    line("diffusion", "Between their noises", () => timeWords(frame.value.time)),
    line("vae", "Between their codes, β-VAE", () => "nine images"),
  );
  const main = film.play({
    screen,
    place: () => ({ plays: () => false }), // a film stands where the address says
    label: "There and back",
    framesPerSecond: 15,
  });

  return {
    ...{ main, above: [h("div", { class: "travel-ends" }, ends.map(updates))], under: [film.numbers] },
    ...{ ...film.mode, vae: rows.vae, enter: () => startWithExample(ctx) },
    hasResult: () => isWhole.value,
    table() {
      const table = isWhole.value && current.value.frames.at(-1).report.table;
      return table && { name: `${ctx.net().name}-travel`, rows: table };
    },
  };
}

export default mode(travel);
