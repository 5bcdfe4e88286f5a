/** One map: where each of four autoencoders keeps the test images, and what any other place would decode to. */

import { num, pair } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { bytesOf } from "../kit/image/paint.js";
import { drawImage, imageCanvas, LARGE } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { captioned, withArticle } from "../kit/panel/parts.js";
import { readDense } from "../kit/plane/dense.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { floats32 } from "../kit/plane/tensors.js";
import { wantedWeights } from "../kit/plane/weights.js";
import { latticeOf, paintMap } from "./code_paint.js";

const DECODED = 140;
const LATTICE = 20;
const NEAR = 0.1; // of the spread of the codes

/** The decoder of a network: codes to grey levels, on the weights that torch runs. @param {string} url */
async function readDecoder(url) {
  const [decoder] = await readDense(url, ["decoder."]);
  return (z) => decoder.run(z).map((value) => 1 / (1 + Math.exp(-value)));
}

/** The test image whose code is nearest to a place, and how many are within a tenth of the spread. */
function nearestOf({ codes, labels, spread }, [x, y]) {
  const reach = NEAR * spread;
  const far = labels.map((_, i) => Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y));
  const distance = far.reduce((least, each) => Math.min(least, each), Infinity);
  return { distance, reach, label: labels[far.indexOf(distance)], within: far.filter((each) => each <= reach).length };
}

/** The headline: of what the nearest image is, or that there is none. */
const placeFinding = ({ within, label }, classes) =>
  within ? `The nearest code is that of ${withArticle(classes[label])}.` : "A hole: no test image has its code here.";

/** Sentence on a place of the map. */
function placeWords(place, { within, reach, label, distance }, classes) {
  const nearest = withArticle(classes[label]);
  return within
    ? `${within} of 2,000 test images ${within === 1 ? "has its code" : "have their codes"} within ${num(reach)} of ${
      pair(place)
    }. The nearest is ${nearest}.`
    : `No test image has its code within ${num(reach)} of ${pair(place)}: a hole, where the decoder was hardly ` +
      `trained. The nearest code, of ${nearest}, is ${num(distance)} away.`;
}

/** @param {import("../kit/panel/mode.js").Self} self */
function codeMap(self) {
  const { ctx, state, declared } = self;
  const hovered = signal(/** @type {Point | null} */ (null));
  /** The place that is decoded: under the cursor, or the chosen one. */
  const place = () => hovered.value ?? state.z;
  const decode = wantedWeights(self, () => ({ ...ctx.net(), key: ctx.net().name }), readDecoder);
  const { value, asked, shown, show } = exhibit(self, {
    /** The numbers of the place, and sentences: what a short code is good for; at the pointer first, of the place. */
    shown(answer) {
      const { classes } = ctx.net();
      const near = nearestOf(foundIn(value.value), place());
      const figures = [[placeFinding(near, classes)], [num(near.distance)], [classes[near.label]], [
        String(near.within),
        "of 2,000",
      ]];
      const numbers = declared.shows.heads.map((name, k) => [name, ...figures[k]]);
      const [ofPlace, useful] = [`${placeWords(place(), near, classes)} ${answer.decoded}`, answer.useful];
      const first = hovered.value ? [ofPlace, useful] : [useful, ofPlace];
      return { ...answer, numbers, words: [...first, answer.words].join(" ") };
    },
  });
  const pixels = computed(() => value.value && decode.value?.(place()));
  const plane = new PlaneCanvas({
    label: "The map of codes. Arrow keys move the cursor, Enter chooses a place.",
    size: LARGE,
    paint: paintMap,
    onMove: (z) => (hovered.value = z),
    onChoose: (z) => ctx.store.commit({ z }),
    onRest: (z) => ctx.store.commit({ z }),
  });
  for (const name of ["pointerleave", "blur"]) plane.canvas.addEventListener(name, () => (hovered.value = null));
  plane.element.classList.add("result"); // codes near the place
  const lattice = latticesOf(ctx);
  whenever(() => {
    if (!shown.value) return;
    const [found, { z }] = [foundIn(value.value), state];
    const decoded = decode.value && lattice(asked.value.net, decode.value, found);
    plane.look(found.middle, found.half);
    const scene = {
      found,
      classes: ctx.net().classes,
      lattice: decoded,
      z,
      own: value.value.own,
      colours: ctx.colours(),
    };
    plane.show(scene, shown.value.words);
    ctx.show("code", plane.canvas);
  });
  const { laid, mode } = show({ add: [plane.element] });
  /** @type {HTMLElement} */ (laid.lastChild).prepend(decodedFigure(ctx, pixels, place, hovered));
  return { ...mode, decode, pixels, place: computed(place), hovered };
}

/** The codes of an answer, unpacked once. */
const foundIn = (
  answer,
) => (answer.found ??= { ...answer.map, codes: floats32(answer.map.codes), spread: answer.spread });

/** Decoded places of the map, once for a network and a theme. */
function latticesOf(ctx) {
  /** @type {Map<string, OffscreenCanvas>} */
  const made = new Map();
  return (net, decode, found) => {
    const key = `${net} ${ctx.theme()}`;
    if (!made.has(key)) {
      const ink = bytesOf(new OffscreenCanvas(1, 1).getContext("2d"), ctx.theme() === "dark" ? "#ffffff" : "#000000");
      made.set(key, latticeOf(decode, found, LATTICE, ink));
    }
    return made.get(key);
  };
}

/** What the place decodes to. */
function decodedFigure(ctx, pixels, place, hovered) {
  const canvas = imageCanvas("What the place decodes to", DECODED);
  const element = captioned(canvas, () => `${hovered.value ? "+" : "○"} decoded at ${pair(place())}`);
  element.classList.add("result");
  whenever(() => {
    if (!pixels.value) return;
    drawImage(canvas, pixels.value);
    ctx.show("out", pixels.value);
  });
  return element;
}

export default mode(codeMap);
