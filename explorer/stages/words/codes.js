/** Codes: a scene, rebuilt from tokens and from latents, where both are wrong, and what one changed code changes. */

import { askedAnswers } from "../kit/ask/asked.js";
import { h, isBrowsers, setName, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { Bars } from "../kit/chart/bars.js";
import { heatColour } from "../kit/chart/heat.js";
import { palette } from "../kit/chart/palette.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { captioned } from "../kit/panel/parts.js";
import { COLOUR_SIDE, drawScene, sceneOf } from "../spaces/colour.js";

const CODES = 12; // on a side
const SCALE = 10; // pixels of the canvas to one of a scene
const CELL = (SCALE * COLOUR_SIDE) / CODES;
const PIXELS = COLOUR_SIDE * COLOUR_SIDE;
const TOP = 0.4; // difference at the bright end of the maps, as a share of the range
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Mean difference of two scenes over red, green and blue, from 0 to 1, pixel by pixel. @param {Uint8Array} one @param {Uint8Array} other */
export const differenceOf = (one, other) =>
  Float32Array.from(
    { length: PIXELS },
    (_, i) => [0, 1, 2].reduce((sum, c) => sum + Math.abs(one[c * PIXELS + i] - other[c * PIXELS + i]), 0) / (3 * 255),
  );

/** The place that a key leads to; null where it leads nowhere. @param {number} place @param {string} key */
export function neighbour(place, key) {
  if (!(key in MOVES)) return null;
  const [column, row] = [place % CODES + MOVES[key][0], Math.floor(place / CODES) + MOVES[key][1]];
  return column >= 0 && column < CODES && row >= 0 && row < CODES ? row * CODES + column : null;
}

/** A scene, or a map of 48×48 values; with `onChoose(place)`, a grid of codes of which one is chosen. */
class CodePicture {
  /** @param {string} label @param {((place: number) => void) | null} onChoose */
  constructor(label, onChoose = null) {
    this.label = label;
    this.small = h("canvas", { width: COLOUR_SIDE, height: COLOUR_SIDE });
    this.canvas = h("canvas", {
      class: "code-picture",
      role: onChoose ? "application" : "img",
      tabindex: onChoose ? 0 : null,
      "aria-label": label,
      width: SCALE * COLOUR_SIDE,
      height: SCALE * COLOUR_SIDE,
    });
    this.place = 0;
    if (!onChoose) return;
    this.canvas.addEventListener("click", (event) => {
      const box = this.canvas.getBoundingClientRect();
      const cell = (value, span) => Math.max(0, Math.min(CODES - 1, Math.floor((value / span) * CODES)));
      onChoose(CODES * cell(event.clientY - box.top, box.height) + cell(event.clientX - box.left, box.width));
    });
    this.canvas.addEventListener("keydown", (event) => {
      if (isBrowsers(event) || !(event.key in MOVES)) return;
      const next = neighbour(this.place, event.key);
      if (next !== null) onChoose(next);
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** @param {Uint8Array | Float32Array} values @param {{place?: number | null, lines?: boolean, words?: string}} how */
  show(values, { place = null, lines = false, words = "" } = {}) {
    setName(this.canvas, this.label, words);
    if (values instanceof Uint8Array) drawScene(this.small, values);
    else drawHeat(this.small, values);
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(this.small, 0, 0, SCALE * COLOUR_SIDE, SCALE * COLOUR_SIDE);
    context.fillStyle = "rgb(128 128 128 / 0.35)";
    for (let k = 1; lines && k < CODES; k++) {
      context.fillRect(k * CELL - 1, 0, 2, SCALE * COLOUR_SIDE);
      context.fillRect(0, k * CELL - 1, SCALE * COLOUR_SIDE, 2);
    }
    if (place === null) return;
    this.place = place;
    const colours = palette(document.body.classList.contains("dark") ? "dark" : "light", this.canvas);
    Object.assign(context, { strokeStyle: colours.you, lineWidth: 6 });
    context.strokeRect((place % CODES) * CELL, Math.floor(place / CODES) * CELL, CELL, CELL);
  }
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array} values */
function drawHeat(canvas, values) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(COLOUR_SIDE, COLOUR_SIDE);
  const words = new Uint32Array(image.data.buffer);
  values.forEach((value, i) => (words[i] = heatColour(value, TOP)));
  context.putImageData(image, 0, 0);
}

/** @param {import("../kit/panel/mode.js").Self} self */
function codes(self) {
  const { ctx, state } = self;
  const { value, bytesOf, show } = exhibit(self);
  const costs = askedAnswers(self, "code_costs", () => (ctx.net().error ? null : {}));
  const choose = (codec) => (place) => ctx.store.commit({ codec, place });
  const scene = new CodePicture("The test scene");
  const rebuilt = {
    tokens: new CodePicture("The scene from its 144 tokens", choose("tokens")),
    latents: new CodePicture("The scene from its latents", choose("latents")),
  };
  const wrong = { tokens: new CodePicture("Error of the tokens"), latents: new CodePicture("Error of the latents") };
  const effect = new CodePicture("Effect of the changed code");
  const caption = captioned(scene.canvas, "test scene");
  whenever(() => {
    if (!value.value) return;
    const { images, caption: text } = value.value;
    const [x, tokens, latents, changed] = [0, 1, 2, 3].map((k) => sceneOf(bytesOf(images), k));
    const before = { tokens, latents };
    const { codec, place } = state;
    scene.show(x, { words: text });
    setText(caption.caption, `“${text}”`);
    for (const kind of ["tokens", "latents"]) {
      const isChosen = kind === codec;
      rebuilt[kind].show(isChosen ? changed : before[kind], { place: isChosen ? place : null, lines: isChosen });
      wrong[kind].show(differenceOf(before[kind], x));
    }
    effect.show(differenceOf(before[codec], changed), { place });
  });
  const bars = new Bars("Time of one step");
  whenever(() => costs.value.value?.bars && bars.show(costs.value.value.bars));
  const told = h("p", { class: "quiet" }, () => costs.value.value?.words ?? "Both steps are timed on this server…");
  const pictures = h(
    "div",
    { class: "code-pictures" },
    caption,
    captioned(rebuilt.tokens.canvas, "from 144 tokens"),
    captioned(rebuilt.latents.canvas, "from 144 latents of 4 numbers"),
    captioned(effect.canvas, "what the changed code changes"),
    captioned(wrong.tokens.canvas, "error of the tokens"),
    captioned(wrong.latents.canvas, "error of the latents"),
  );
  return {
    ...show({ add: [pictures, h("div", { class: "code-costs" }, bars.element, told)] }).mode,
    costs: costs.value,
  };
}

export default mode(codes);
