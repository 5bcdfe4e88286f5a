/** The film strip of an interpolation: two rows of frames, and under each frame how many encoded images lie near. */
import { fill, h, say } from "../kit/shell/dom.js";
import { contextOf, drawImage, imageCanvas } from "../kit/image/pixels.js";
import { rove } from "../kit/shell/rove.js";
import { paintImage } from "./paint.js";

const EVERY = 4;
const SIDE = 58;
const LARGE = 104;
const GAP = 16;

/** Two images side by side, each with its name below. */
export function drawPair(canvas, images, names, colour) {
  const [width, height] = [2 * LARGE + GAP, LARGE + 20];
  const context = contextOf(canvas, width, height);
  canvas.style.width = `${width}px`;
  context.clearRect(0, 0, width, height);
  Object.assign(context, { fillStyle: colour, font: "13px system-ui, sans-serif", textAlign: "center" });
  images.forEach((image, k) => {
    const left = k * (LARGE + GAP);
    paintImage(context, image, left, 0, LARGE);
    context.fillText(say(names[k]), left + LARGE / 2, LARGE + 15);
  });
}

export function createStrip(onchoose) {
  const element = rove(h("div", { class: "strip", role: "group", "aria-label": "Film strip" }));
  let cells = [];

  function cell(way, name, frame) {
    const canvas = imageCanvas("", SIDE);
    canvas.removeAttribute("aria-label");
    canvas.setAttribute("role", "presentation");
    drawImage(canvas, way.image(frame));
    const label = `Frame ${frame + 1} at ${name}: ${way.counts[frame]} codes near`;
    const count = h("span", { class: "number with-words" }, String(way.counts[frame]));
    const element = h(
      "button",
      {
        type: "button",
        class: "strip-frame",
        "aria-label": label,
        onclick: () => onchoose(frame),
      },
      canvas,
      count,
    );
    return { frame, element };
  }

  function show(ways, names) {
    const frames = ways[0].points.map((_, i) => i).filter((i) => i % EVERY === 0);
    const rows = ways.map((way, k) => frames.map((frame) => cell(way, names[k], frame)));
    cells = rows.flat();
    fill(
      element,
      rows.map((row, k) =>
        h(
          "div",
          { class: "strip-row" },
          h("span", { class: "strip-name" }, names[k]),
          row.map((entry) => entry.element),
        )
      ),
    );
  }

  /** Marks the frame of the strip that is nearest to the film's. */
  function mark(frame) {
    const nearest = EVERY * Math.round(frame / EVERY);
    for (const entry of cells) entry.element.classList.toggle("current", entry.frame === nearest);
  }

  return { element, show, mark };
}
