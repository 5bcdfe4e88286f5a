/** Fréchet by hand: two sets in a plane, one to drag; both terms of their distance, and what the distance ignores. */

import { h, placeIn, setName } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { covarianceOf, frechetTerms, kernelDistance, placed, standardPoints } from "./frechet_of.js";

const HALF = 5; // how far the plane reaches from its middle
const STILL = { mean: [0, 0], wide: 1.6, narrow: 0.7, turn: 0 }; // the set that is not dragged
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const KEYS = [["●", "fixed set", ({ ink }) => ink], ["●", "your set: drag it", ({ you }) => you]];

const pointsOf = (shape, seed, { mean, wide, narrow, turn }) =>
  placed(standardPoints(shape, seed), mean, wide, narrow, turn);

/** Distances of the two sets. */
function distances(own, still, moved) {
  const [mine, other] = [own, STILL].map(({ wide, narrow, turn }) => covarianceOf(wide, narrow, turn));
  const terms = frechetTerms(own.mean, mine, STILL.mean, other);
  return { ...terms, distance: terms.means + terms.covariances, kernel: kernelDistance(still, moved) };
}

/** Paints sets, [points, what they are placed by, colour] each, with an ellipse of two widths. */
function paint(context, size, sets, colours) {
  const place = ([x, y]) => [((x + HALF) / (2 * HALF)) * size, ((HALF - y) / (2 * HALF)) * size];
  const scale = size / HALF;
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, size, size);
  for (const [points, { mean, wide, narrow, turn }, colour] of sets) {
    Object.assign(context, { fillStyle: colours[colour], strokeStyle: colours[colour], lineWidth: 2 });
    for (const point of points) context.fillRect(...place(point).map((value) => value - 1.5), 3, 3);
    context.beginPath();
    context.ellipse(...place(mean), wide * scale, narrow * scale, (-turn * Math.PI) / 180, 0, 2 * Math.PI);
    context.stroke();
  }
}

function gaussians(self) {
  const { ctx, state, declared } = self;
  const still = pointsOf("gaussian", 3, STILL);
  const own = computed(() => ({ mean: state.mean, wide: state.wide, narrow: state.narrow, turn: state.turn }));
  const moved = computed(() => pointsOf(state.shape, 5, own.value));
  const report = computed(() => distances(own.value, still, moved.value));
  const words = computed(() =>
    sentences(declared, report.value, "sum", state.shape === "gaussian" ? state.shape : "other")
  );

  /** The orange set's mean comes to a place, to one decimal. */
  function choose(place, rest) {
    const { bounds } = ctx.fields.mean;
    const mean = place.map((value, i) => Number(Math.max(bounds[i][0], Math.min(bounds[i][1], value)).toFixed(1)));
    ctx.store.set({ mean }, { commit: rest });
  }
  const canvas = h("canvas", { class: "lab-plane", role: "application", tabindex: 0 });
  const frame = h("div", { class: "lab-plane-frame" }, canvas);
  const width = signal(0);
  onSize(frame, () => (width.value = frame.clientWidth));
  whenever(() => {
    if (!width.value) return;
    const sets = [[still, STILL, "ink"], [moved.value, own.value, "you"]];
    paint(contextOf(canvas, width.value, width.value), width.value, sets, ctx.colours());
    Object.assign(canvas.style, { width: `${width.value}px`, height: `${width.value}px` });
    setName(canvas, "Two sets in the plane.", words.value);
  });
  const tell = (event, rest) => {
    const [x, y] = placeIn(canvas, event);
    const { offsetWidth: size } = canvas;
    choose([(2 * x / size - 1) * HALF, (1 - 2 * y / size) * HALF], rest);
  };
  onDrag(canvas, { take: () => true, move: (event) => tell(event, false), end: (event) => tell(event, true) });

  const legend = createLegend(ctx);
  legend.show(KEYS);
  const rows = () => figuresOf(declared, report.value);
  return {
    ...{ main: [frame, legend.element], above: [shows(headline(rows(), 0), rows)], words },
    key(event) {
      if (!(event.key in MOVES)) return;
      const by = event.shiftKey ? 1 : 0.1;
      choose(state.mean.map((value, i) => value + by * MOVES[event.key][i]), true);
      event.preventDefault();
    },
  };
}

export default mode(gaussians);
