/** Probability that each hidden unit is on, as a field of small squares. */

import { h } from "../kit/base/dom.js";

const COLUMNS = 25;
const CELL = 9;
const ROWS = 20; // room until the units come

export function createUnits() {
  const canvas = h("canvas", { class: "crisp units", role: "img", width: COLUMNS * CELL, height: ROWS * CELL });
  /** `on` are probabilities; the square of the unit `chosen` has a frame in the colour `you`. */
  function show(on, chosen, you) {
    const rows = Math.ceil(on.length / COLUMNS);
    Object.assign(canvas, { width: COLUMNS * CELL, height: rows * CELL });
    canvas.setAttribute("aria-label", `${on.filter((p) => p > 0.5).length} of ${on.length} hidden units are on`);
    const context = canvas.getContext("2d");
    on.forEach((p, unit) => {
      const [x, y] = [(unit % COLUMNS) * CELL, Math.floor(unit / COLUMNS) * CELL];
      context.fillStyle = "#333";
      context.fillRect(x, y, CELL - 1, CELL - 1);
      context.fillStyle = `rgb(255 255 255 / ${p})`;
      context.fillRect(x, y, CELL - 1, CELL - 1);
      if (unit !== chosen) return;
      Object.assign(context, { strokeStyle: you, lineWidth: 2 });
      context.strokeRect(x, y, CELL - 1, CELL - 1);
    });
  }
  return { element: canvas, show };
}
