/** A plane in which a mode's point is followed by the cursor, and put by a click. */

import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";

/** Returns the plane, the place `hovered` by the cursor, null else, and the `point`: signals; `usual` is the first one. */
export function createProbed({ ctx, state }, usual, how) {
  const hovered = signal(null);
  const plane = new PlaneCanvas({
    label: "The plane. Arrow keys move the cursor, Enter puts your point there.",
    onMove: (point) => (hovered.value = point),
    onChoose: (x) => ctx.store.commit({ x }),
    onRest: (x) => ctx.store.commit({ x }),
    ...how,
  });
  plane.canvas.addEventListener("pointerleave", () => (hovered.value = null));
  const point = computed(() => hovered.value ?? state.x ?? usual);

  /** Shows a scene; the cursor stands at the point while nothing hovers. */
  function show(scene, words) {
    if (!hovered.value) plane.cursor = [...point.value];
    plane.show(scene, words);
  }
  return { plane, hovered, point, show };
}
