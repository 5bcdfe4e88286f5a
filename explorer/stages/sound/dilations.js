/** Dilations: the tree of inputs that one prediction depends on, with dilation and without it. */

import { h, placeIn, setName } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";

const HEIGHT = 500;
const EDGE = 30;
const SHOWN = 4800; // samples in the picture
const [NARROW, NAMES, SHORT] = [560, 150, 92]; // pixels: a narrow picture, and the room of the names beside it
const FONT = "13px system-ui, sans-serif";

/** @param {import("../kit/panel/mode.js").Self} self */
function dilations(self) {
  const { ctx, state } = self;
  const { value, shown, show } = exhibit(self);
  const canvas = h("canvas", { class: "tree", role: "img" });
  const frame = h("div", { class: "tree-frame" }, canvas);
  /** The predicted sample, of those in the picture. */
  const tap = () => Math.min(SHOWN - 1, state.tap ?? SHOWN - 240);
  const choose = (tap) => ctx.store.commit({ tap: Math.max(0, Math.min(SHOWN - 1, tap)) });
  canvas.addEventListener("click", (event) => {
    const { offsetWidth: width } = canvas;
    const share = (placeIn(canvas, event)[0] - roomOf(width)) / (width - EDGE - roomOf(width));
    choose(Math.round(share * SHOWN));
  });
  function paint() {
    const width = frame.clientWidth;
    if (!width || !value.value) return;
    const context = contextOf(canvas, width, HEIGHT);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${HEIGHT}px`;
    context.clearRect(0, 0, width, HEIGHT);
    paintPicture(context, value.value.rows, { width, tap: tap(), rate: ctx.value().rate, colours: ctx.colours() });
  }
  onSize(frame, paint);
  whenever(() => {
    paint();
    void tap(); // also where nothing has a width yet
    if (shown.value) setName(canvas, "Dilated layers", shown.value.words);
  });
  return {
    ...show({ add: [frame] }).mode,
    key(event) {
      const by = { ArrowLeft: -10, ArrowRight: 10 }[event.key];
      if (!by) return;
      choose(tap() + by);
      event.preventDefault();
    },
  };
}

/** Paints the tree, with the names of its layers and the time below. */
function paintPicture(context, rows, { width, tap, rate, colours }) {
  const layers = rows.length - 1;
  const x = (sample) => roomOf(width) + (sample / SHOWN) * (width - EDGE - roomOf(width));
  const y = (row) => EDGE + (row / layers) * (HEIGHT - 3 * EDGE);
  paintTree(context, rows, { x: (place) => x(tap + place), y, colours });
  Object.assign(context, { fillStyle: colours.quiet, font: FONT, textAlign: "left" });
  context.fillText("prediction", 0, y(0) - 12);
  context.fillText("the samples that it depends on", 0, y(layers) + 28);
  rows.slice(1).forEach((below, row) => {
    const layer = width < NARROW ? "" : `layer ${layers - row}: `;
    const text = `${layer}dilation ${num(rows[row][0] - below[0], 0)}`;
    context.fillText(text, 0, (y(row) + y(row + 1)) / 2 + 5);
  });
  context.textAlign = "center";
  for (let sample = 0; sample <= SHOWN; sample += 1600) {
    context.fillText(`${(1000 * sample) / rate} ms`, x(sample), HEIGHT - 12);
  }
}

/** Left edge of the tree, beside the names of its layers. */
const roomOf = (width) => (width < NARROW ? SHORT : NAMES);

/** Paints every link of the tree, the output at the top, the samples at the foot. */
function paintTree(context, rows, { x, y, colours }) {
  Object.assign(context, { strokeStyle: colours.ink, lineWidth: 1 });
  const layers = rows.length - 1;
  rows.slice(0, -1).forEach((places, row) => {
    const by = places[0] - rows[row + 1][0];
    context.globalAlpha = Math.max(0.25, 1 / places.length ** 0.3);
    context.beginPath();
    for (const place of places) {
      for (const below of [place, place - by]) {
        context.moveTo(x(place), y(row));
        context.lineTo(x(below), y(row + 1));
      }
    }
    context.stroke();
  });
  context.globalAlpha = 1;
  context.fillStyle = colours.quiet;
  for (const place of rows.at(-1)) context.fillRect(x(place), y(layers), 1, 10);
  context.fillStyle = colours.you;
  context.beginPath();
  context.arc(x(0), y(0), 6, 0, 2 * Math.PI);
  context.fill();
}

export default mode(dilations);
