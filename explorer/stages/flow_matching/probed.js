/** A plane in which a mode's point is followed by the cursor, and put by a click. */

import { PlaneCanvas } from "../kit/plane/plane_canvas.js";

/** While the cursor is over the plane, the mode's `hovered` is where; null else. */
export function createProbed(mode, how) {
  const { ctx } = mode;
  const hover = (point) => {
    mode.hovered = point;
    ctx.refresh("cursor");
  };
  const plane = new PlaneCanvas({
    label: "The plane. Arrow keys move the cursor, Enter puts your point there.",
    onMove: hover,
    onChoose: (x) => ctx.store.commit({ x }),
    onRest: (x) => ctx.store.commit({ x }),
    ...how,
  });
  plane.canvas.addEventListener("pointerleave", () => hover(null));
  return plane;
}
