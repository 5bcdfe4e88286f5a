/** Pictures of a prompt, and over them the attention of a word: grey, tinted in the word's colour where it is large. */

import { h, setName, setText } from "../kit/base/dom.js";
import { bytesOf } from "../kit/image/paint.js";
import { palette } from "../kit/chart/palette.js";
import { rove } from "../kit/base/rove.js";
import { COLOUR_SIDE, drawScene, sceneOf } from "../spaces/colour.js";

const MAP_SIDE = 6; // positions on a side of a map, each a patch of 8×8 pixels
const POSITIONS = MAP_SIDE * MAP_SIDE;
const PATCH = COLOUR_SIDE / MAP_SIDE;
const PIXELS = COLOUR_SIDE * COLOUR_SIDE;
const [GREY, TINT] = [0.6, 0.8]; // brightness of the picture, and weight of the colour where the attention is largest
const LUMINANCE = [0.3, 0.59, 0.11];

/** Colour of the word at a place, as the page's theme has it. @param {HTMLElement} element @param {number} place */
export const colourAt = (element, place) =>
  palette(document.body.classList.contains("dark") ? "dark" : "light", element).classes[place % 10];

/**
 * Attention of one word: 36 values of one picture and layer; layer 0 is the mean of all.
 * @param {{maps: Uint8Array, words: string[]}} frame @param {number} picture @param {number} layer @param {number} word
 */
export function mapOf({ maps, words }, picture, layer, word) {
  const count = Math.max(1, words.length);
  const layers = maps.length / (4 * POSITIONS * count);
  const chosen = layer ? [layer - 1] : Array.from({ length: layers }, (_, each) => each);
  const at = (each, position) => maps[((picture * layers + each) * POSITIONS + position) * count + word];
  return Float32Array.from(
    { length: POSITIONS },
    (_, position) => chosen.reduce((sum, each) => sum + at(each, position), 0) / (255 * chosen.length),
  );
}

/**
 * Draws a picture in grey with a map over it.
 * @param {HTMLCanvasElement} canvas @param {Uint8Array} scene @param {Float32Array} map @param {string} colour
 */
function drawMap(canvas, scene, map, colour) {
  drawScene(canvas, scene);
  const context = canvas.getContext("2d");
  const hue = bytesOf(context, colour);
  const image = context.getImageData(0, 0, COLOUR_SIDE, COLOUR_SIDE);
  const least = Math.min(...map);
  const range = Math.max(...map) - least || 1;
  for (let i = 0; i < PIXELS; i++) {
    const [row, column] = [Math.floor(i / COLOUR_SIDE), i % COLOUR_SIDE];
    const share = (map[Math.floor(row / PATCH) * MAP_SIDE + Math.floor(column / PATCH)] - least) / range;
    const grey = LUMINANCE.reduce((sum, weight, channel) => sum + weight * image.data[4 * i + channel], 0);
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * i + channel] = (1 - TINT * share) * GREY * grey + TINT * share * hue[channel];
    }
  }
  context.putImageData(image, 0, 0);
}

/** A row of pictures with captions, one of which is watched. */
export class Scenes {
  /** @param {{label: string, count: number, onChoose: (place: number) => void}} how */
  constructor({ label, count, onChoose }) {
    this.label = label;
    this.all = Array.from({ length: count }, (_, place) => {
      const canvas = h("canvas", {
        class: "crisp image",
        width: COLOUR_SIDE,
        height: COLOUR_SIDE,
        "aria-hidden": "true",
      });
      const choice = h("button", { type: "button", class: "choice", onclick: () => onChoose(place) }, canvas);
      const caption = h("figcaption", {});
      return { canvas, choice, caption, figure: h("figure", {}, choice, caption) };
    });
    this.element = rove(
      h("div", { class: "scenes", role: "group", "aria-label": label }, this.all.map(({ figure }) => figure)),
    );
  }

  /**
   * Shows pictures; `map(place)` is what is laid over one, null for nothing.
   * @param {{bytes: Uint8Array, captions: string[], chosen: number, map: ((place: number) => Float32Array) | null,
   * colour: string}} what
   */
  show({ bytes, captions, chosen, map, colour }) {
    this.all.forEach(({ canvas, choice, caption }, place) => {
      const scene = sceneOf(bytes, place);
      if (map) drawMap(canvas, scene, map(place), colour);
      else drawScene(canvas, scene);
      setText(caption, captions[place] ?? "");
      choice.setAttribute("aria-pressed", String(place === chosen));
      setName(choice, `${this.label}, ${place + 1}`, captions[place] ?? "");
    });
  }
}

/** The words of a prompt, each with its map over the watched picture. */
export class WordMaps {
  /** @param {{label: string, onChoose: (place: number) => void}} how */
  constructor({ label, onChoose }) {
    this.onChoose = onChoose;
    this.key = "";
    this.made = [];
    this.element = rove(h("div", { class: "word-maps", role: "group", "aria-label": label }));
  }

  /** @param {string[]} words */
  build(words) {
    this.made = words.map((word, place) => {
      const canvas = h("canvas", {
        class: "crisp image",
        width: COLOUR_SIDE,
        height: COLOUR_SIDE,
        "aria-hidden": "true",
      });
      const title = h("span", { class: "word", translate: "no" }, word);
      const choice = h(
        "button",
        { type: "button", class: "word-map", onclick: () => this.onChoose(place) },
        canvas,
        title,
      );
      return { canvas, choice, word };
    });
    this.element.replaceChildren(...this.made.map(({ choice }) => choice));
  }

  /**
   * Shows the maps of a picture; `map(word)` are the 36 values of a word.
   * @param {{words: string[], scene: Uint8Array, chosen: number | null, map: (word: number) => Float32Array}} what
   */
  show({ words, scene, chosen, map }) {
    if (this.key !== (this.key = JSON.stringify(words))) this.build(words);
    this.made.forEach(({ canvas, choice, word }, place) => {
      const [values, colour] = [map(place), colourAt(this.element, place)];
      drawMap(canvas, scene, values, colour);
      choice.style.setProperty("--hue", colour);
      choice.setAttribute("aria-pressed", String(place === chosen));
      const [least, most] = [Math.min(...values), Math.max(...values)].map((weight) => Math.round(100 * weight));
      choice.title = `“${word}” has from ${least} to ${most} % of a position's attention`;
      setName(choice, `Map of “${word}”`, `from ${least} to ${most} %`);
    });
  }
}
