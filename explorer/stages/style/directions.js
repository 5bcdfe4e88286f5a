/** Directions: the principal directions of w, a slider each, beside what lies along them. */

import { h, setName, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { createSlider } from "../kit/panel/slider.js";

const SIZE = 168; // px

/** @param {import("../kit/panel/mode.js").Self} self */
function directions(self) {
  const { ctx } = self;
  const canvas = imageCanvas("The image of the sliders", SIZE);
  const rows = ctx.fields.along.bounds.map(([low, high], i) => {
    const name = h("span");
    const slider = createSlider("", {
      field: { low, high },
      step: 0.5,
      label: `Direction ${i + 1}`,
      words: (value) => num(value, 1),
      onPreview: (value) => preview(i, value),
      onRelease: (value) => ctx.store.commit({ along: now("along").with(i, value) }),
    });
    return { ...slider, name, row: h("div", { class: "style-direction" }, name, slider.element) };
  });
  const { value, now, bytesOf, parts, show } = exhibit(self, {
    /** The names of the rows are the sliders. */
    shown: ({ grids: [grid], ...answer }) => ({ ...answer, grids: [{ ...grid, names: rows.map(({ row }) => row) }] }),
  });

  /** While a slider is dragged, the image is the nearest of its strip. */
  function preview(i, along) {
    const [grid] = value.value?.grids ?? [];
    const { columns } = parts.grids[0];
    const place = i * columns + Math.round(along) + (columns - 1) / 2;
    if (grid) drawImage(canvas, imageOf(bytesOf(grid.images), place));
  }
  whenever(() => {
    const along = now("along");
    rows.forEach(({ set }, i) => set(along[i]));
  });
  whenever(() => {
    if (!value.value) return;
    const { pictures, seen, grids: [{ names }] } = value.value;
    rows.forEach(({ name, input }, i) => {
      setText(name, names[i]);
      input.setAttribute("aria-label", names[i]);
    });
    drawImage(canvas, bytesOf(pictures.out));
    setName(canvas, "The image of the sliders", seen);
  });
  return show({ below: [canvas] }).mode;
}

export default mode(directions);
