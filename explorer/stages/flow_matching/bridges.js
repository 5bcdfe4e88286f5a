/** Bridges: an entropic coupling of two clouds as lines, and the Schrödinger bridges that follow from it. */

import { askedAnswer } from "../kit/ask/asked.js";
import { h, setName } from "../kit/base/dom.js";
import { latestOf, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { isAbout, requestOf } from "../kit/panel/controls.js";
import { dragged } from "../kit/panel/dragged.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { paintGround, toScreen } from "../kit/plane/screen.js";
import { floats32 } from "../kit/plane/tensors.js";
import { bridges, costs, coupling, measured, partners } from "./bridges_of.js";
import { paintDots, paintPaths } from "./paint.js";

const STEPS = 40;
const TIME = 0.5; // until one is chosen
const FAINTEST = 0.01; // of a point's mass, that is drawn as a line
const PLACES = Array.from({ length: 11 }, (_, i) => -1.5 + i / 4); // decimal logarithms of ε of the chart
const noiseOf = ({ classes }) => classes[0];
const dataOf = ({ ink }) => ink;
const pathOf = ({ classes }) => classes[3];
const KEYS = [
  ["●", "noise", noiseOf],
  ["●", "data", dataOf],
  ["━", "coupled", ({ quiet }) => quiet],
  ["━", "bridge", pathOf],
];

/** The coupling that puts all mass of a point on one partner. */
function planOf(pairs) {
  const plan = new Float64Array(pairs.length ** 2);
  pairs.forEach((j, i) => (plan[i * pairs.length + j] = 1 / pairs.length));
  return plan;
}

/** Lines between coupled points, as strong as their mass. */
function paintPlan(context, size, { noise, data, plan, colours }) {
  const [place, n] = [toScreen(size, HALF), noise.length / 2];
  paintGround(context, size, colours);
  Object.assign(context, { strokeStyle: colours.quiet, lineWidth: 1.4 });
  for (let k = 0; k < plan.length; k++) {
    const share = plan[k] * n;
    if (share < FAINTEST) continue;
    const [i, j] = [Math.floor(k / n), k % n];
    context.globalAlpha = Math.sqrt(Math.min(1, share));
    context.beginPath();
    context.moveTo(...place(noise[2 * i], noise[2 * i + 1]));
    context.lineTo(...place(data[2 * j], data[2 * j + 1]));
    context.stroke();
  }
  context.globalAlpha = 1;
  paintDots(context, noise, place, { colour: noiseOf(colours), radius: 3 });
  paintDots(context, data, place, { colour: dataOf(colours), radius: 3 });
}

function paintBridges(context, size, { noise, data, states, at, colours }) {
  const place = toScreen(size, HALF);
  paintGround(context, size, colours);
  paintDots(context, noise, place, { colour: noiseOf(colours), radius: 2 });
  paintDots(context, data, place, { colour: dataOf(colours), radius: 2 });
  paintPaths(context, states, states.length, place, { colour: pathOf(colours), width: 1, opacity: 0.25 });
  paintPaths(context, states, at + 1, place, { colour: pathOf(colours), width: 1.2, opacity: 0.9 });
  paintDots(context, states[at], place, { colour: colours.ink, radius: 3 });
}

/** The mean squared distance over ε, between that of optimal transport and that of independent pairs. */
function curveOf({ curve, exact, batch, independent, place, cost }) {
  const xs = [PLACES[0], PLACES.at(-1)];
  const across = (value) => xs.map((x) => [x, value]);
  return {
    ...{ xs, ys: [0, 1.15 * independent], name: "Mean squared distance of coupled points, by ε: drag the dot" },
    ticks: { x: [-1, 0, 1] },
    names: { x: ["0.1", "1", "10"] },
    lines: [
      { points: across(independent), colour: "quiet", dash: [2, 3], label: "independent", at: 0, over: true },
      { points: across(batch), colour: "quiet", dash: [7, 4], label: "minibatch OT", at: 1 },
      { points: across(exact), colour: "ink", dash: [2, 3], label: "optimal transport", at: 1, below: true },
      { points: curve, colour: "you", width: 2 },
    ],
    grips: { logeps: { at: [place, cost], value: place } },
  };
}

function bridgesMode(self) {
  const { ctx, state, declared } = self;
  const request = computed(() => JSON.stringify(isAbout(ctx, declared) ? requestOf(ctx, declared) : null));
  const answer = askedAnswer(self, declared.ask, () => JSON.parse(request.value));
  const came = latestOf(computed(() => answer.value));
  const clouds = computed(() => {
    if (!came.value) return null;
    const [noise, data] = [came.value.noise, came.value.data].map(floats32);
    return { noise, data, cost: costs(noise, data), plans: new Map() };
  });

  /** The coupling at a decimal logarithm of ε, computed once. */
  function planAt({ cost, plans }, place) {
    const key = place.toFixed(2);
    if (!plans.has(key)) plans.set(key, coupling(cost, 10 ** place));
    return plans.get(key);
  }
  const isEntropic = computed(() => state.plan === "entropic");
  const plan = computed(() => {
    if (!clouds.value) return null;
    return isEntropic.value ? planAt(clouds.value, state.logeps) : planOf(came.value.grouped);
  });
  const states = computed(() => {
    if (!plan.value) return null;
    const { noise, data } = clouds.value;
    const pairs = partners(plan.value, noise.length / 2, state.seed);
    return bridges(noise, data, pairs, { epsilon: 10 ** state.logeps, steps: STEPS, seed: state.seed });
  });
  const fixed = computed(() => {
    if (!clouds.value) return null;
    const { cost } = clouds.value;
    const ofPairs = (pairs) => measured(planOf(pairs), cost).squares;
    const curve = PLACES.map((place) => [place, measured(planAt(clouds.value, place), cost).squares]);
    const independent = measured(new Float64Array(cost.length).fill(1 / cost.length), cost).squares;
    return { exact: ofPairs(came.value.optimal), batch: ofPairs(came.value.grouped), independent, curve };
  });
  const { found, figure, words, show } = dragged(self, {
    find() {
      if (!plan.value) return {};
      const { cost } = clouds.value;
      const now = measured(plan.value, cost);
      const place = state.logeps;
      const onCurve = isEntropic.value ? now.squares : measured(planAt(clouds.value, place), cost).squares;
      const partnersOf = (clouds.value.noise.length / 2) / Math.exp(now.information);
      return {
        ...{ ...fixed.value, place, epsilon: 10 ** place, group: state.group, information: now.information },
        ...{ cost: onCurve, drawn: now.squares, partners: partnersOf, t: state.time ?? TIME, title: ctx.net().title },
      };
    },
    namesOf: ({ exact }) => exact === undefined ? [] : ["plan", isEntropic.value ? "wide" : "minibatch", "bridge"],
  });

  const resized = signal(0);
  const canvases = [h("canvas", { role: "img" }), h("canvas", { role: "img" })];
  whenever(() => {
    void resized.value;
    if (!states.value) return;
    const { noise, data } = clouds.value;
    const colours = ctx.colours();
    const at = Math.round((state.time ?? TIME) * STEPS);
    const painters = [
      (context, side) => paintPlan(context, side, { noise, data, plan: plan.value, colours }),
      (context, side) => paintBridges(context, side, { noise, data, states: states.value, at, colours }),
    ];
    canvases.forEach((canvas, k) => {
      setName(canvas, k ? "Bridges between coupled points" : "The coupling of noise and data", words.value);
      const side = canvas.clientWidth;
      if (side) painters[k](contextOf(canvas, side), side);
    });
    ctx.show("out", canvases[1]);
  });
  const titles = ["Coupling", "Schrödinger bridges"];
  const pictures = h(
    "div",
    { class: "walks" },
    canvases.map((canvas, k) => h("figure", {}, canvas, h("figcaption", {}, titles[k]))),
  );
  onSize(pictures, () => (resized.value += 1));
  const legend = createLegend(ctx);
  legend.show(KEYS);
  const chart = figure(
    "Mean squared distance by ε",
    170,
    (found) => found.exact === undefined ? null : curveOf(found),
    {
      grips: ["logeps"],
    },
  );
  return show([pictures, legend.element, chart], {
    ...{ answer, found, states },
    hasResult: () => states.value !== null,
    table: () => fixed.value && tableOf(fixed.value),
  });
}

function tableOf({ curve, exact, batch, independent }) {
  const rows = curve.map(([place, squares]) => [10 ** place, squares, exact, batch, independent]);
  return { name: "bridges", rows: [["ε", "mean square", "optimal transport", "minibatch OT", "independent"], ...rows] };
}

export default mode(bridgesMode, { hint: "Drag ε: from independent pairs to optimal transport" });
