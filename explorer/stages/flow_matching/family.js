/** One family of paths: three curves to bend, and the ODE and the SDE that share their marginals. */

import { h, setName } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { compare } from "../kit/base/verdict.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { labelled } from "../kit/chart/figure.js";
import { bytesOf } from "../kit/image/paint.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { dragged } from "../kit/panel/dragged.js";
import { createLegend } from "../kit/plane/legend.js";
import { sharesAt } from "../kit/plane/mixture.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { netOfPlane } from "../kit/plane/points.js";
import { paintGround, paintOver, paintRings, pictureOfCells, toScreen } from "../kit/plane/screen.js";
import { curvesAt, distancesAt, errorOf, exactly, KNOTS, marginalAt, snrOf, walkFrom, wordsAt } from "./family_of.js";
import { paintDots, paintPaths } from "./paint.js";
import { createProbed } from "./probed.js";

const COUNT = 600;
const MOVING = 150; // points while a curve is dragged
const SILENT = [0, 0, 0]; // the noise of the ODE
const TRACED = 16;
const SHADES = 48; // cells along a side
const DARKEST = 110; // of 255
const SIDE = 340;
const POINT = [0.5, 0.3];
const PLACES = Array.from({ length: 81 }, (_, i) => i / 80);
const LEAST_SIGMA = 0.05; // that a grip may reach
const CURVES = { alpha: ["α", "ink"], sigma: ["σ", "quiet"], epsilon: ["ε", "you"] };
const KEYS = [
  ["█", "exact density", ({ quiet }) => quiet],
  ["●", "points", ({ ink }) => ink],
  ["━", "their paths", ({ classes }) => classes[3]],
];
const WALKS = { ode: "ODE: dx = v dt", sde: "SDE: dx = (v + ε s) dt + √(2ε) dW" };

/** How far out the plane reaches, so that x_t is in sight. */
const halfOf = ({ alpha, sigma }) => HALF * Math.max(1, Math.hypot(alpha, sigma));

/** The exact density of x_t, over cells of what is in sight. */
function shadesOf(toy, curves, half) {
  const place = (i) => ((2 * i + 1) / SHADES - 1) * half;
  const cells = Float64Array.from(
    { length: 2 * SHADES ** 2 },
    (_, i) => i % 2 ? -place(Math.floor((i >> 1) / SHADES)) : place((i >> 1) % SHADES),
  );
  return sharesAt(marginalAt(toy, curves), cells);
}

function paintWalk(context, size, { states, at, half, shades, colours, point = null }) {
  const place = toScreen(size, half);
  const ink = bytesOf(context, colours.ink);
  paintGround(context, size, colours);
  paintOver(context, pictureOfCells(shades, (share) => [...ink, DARKEST * Math.sqrt(share)]), size);
  const traced = states.slice(0, at + 1).map((each) => each.subarray(0, 2 * TRACED));
  paintPaths(context, traced, traced.length, place, { colour: colours.classes[3], width: 1.2, opacity: 0.8 });
  paintDots(context, states[at], place, { colour: colours.ink, radius: 1.5 });
  if (point) paintRings(context, point, place, 6, colours);
}

/** The three curves, with a grip at each value that bends one. */
function curvesOf({ family, time }) {
  const all = PLACES.map((t) => ({ t, ...curvesAt(family, t) }));
  const most = Math.max(...all.map(({ alpha, sigma }) => Math.max(alpha, sigma)));
  /** @param {string} key @param {string[]} look @param {number} k */
  const lineOf = (key, [label, colour], k) => ({
    ...labelled(all.map((each) => [each.t, each[key]]), label, [0.88, 0.12, 0.5][k]),
    ...{ colour, dash: k === 2 ? [6, 4] : undefined, width: 2 },
  });
  return {
    ...{ xs: [0, 1], ys: [0, Math.max(1.3, most, ...family.noise) * 1.05], name: "α, σ and ε, by t: drag the dots" },
    lines: Object.entries(CURVES).map(([key, look], k) => lineOf(key, look, k)),
    cursor: time,
    grips: Object.fromEntries(
      Object.keys(CURVES).flatMap((key, k) =>
        KNOTS[key].map((t, i) => {
          const at = curvesAt(family, t)[key];
          const value = k < 2 ? family.bent[k * KNOTS.alpha.length + i] : at;
          return [`${key}${i}`, { at: [t, at], value, of: (y) => y - (at - value) }];
        })
      ),
    ),
  };
}

/** The state after a grip: a curve's value is what is added to the preset's, that of ε is its own. */
function patchOf(state, key, value) {
  const i = Number(key.at(-1));
  if (key.startsWith("epsilon")) return { epsilon: state.epsilon.with(i, value) };
  const isSigma = key.startsWith("sigma");
  const t = (isSigma ? KNOTS.sigma : KNOTS.alpha)[i];
  const usual = curvesAt({ path: state.path, bent: state.bent.map(() => 0), noise: state.epsilon }, t);
  const least = isSigma ? LEAST_SIGMA - usual.sigma : -usual.alpha;
  return { bent: state.bent.with(isSigma ? KNOTS.alpha.length + i : i, Number(Math.max(least, value).toFixed(3))) };
}

const gripsOf = ({ bent, epsilon }) =>
  Object.entries(CURVES).flatMap(([key, [sign]]) =>
    KNOTS[key].map((t, i) => {
      const [low, high] = (key === "epsilon" ? epsilon : bent).bounds[i];
      return { key: `${key}${i}`, label: `${sign} at t = ${num(t)}`, axis: "y", step: 0.05, low, high };
    })
  );

const nameOf = ({ ode, sde, fresh }) => {
  const [isOde, isSde] = [ode, sde].map((each) => compare(each, fresh, 2) === 1);
  return isOde && isSde ? "both" : isOde ? "ode" : isSde ? "sde" : "alike";
};

function family(self) {
  const { ctx, state, declared } = self;
  const toy = computed(() => netOfPlane(ctx));
  const moving = signal(false);
  const shape = computed(() => ({ path: state.path, bent: state.bent, noise: SILENT })); // all but the SDE follows it
  const asked = computed(() => ({ ...shape.value, noise: state.epsilon }));
  const how = computed(() => ({ steps: state.euler, seed: state.seed, count: moving.value ? MOVING : COUNT }));
  const ode = computed(() => walkFrom(toy.value, shape.value, { ...how.value, isNoisy: false }));
  const sde = computed(() => walkFrom(toy.value, asked.value, { ...how.value, isNoisy: true }));
  const exact = computed(() => exactly(toy.value, shape.value, ode.value[0]));
  const at = computed(() => Math.round((state.time ?? 1) * state.euler));
  const now = computed(() => curvesAt(shape.value, at.value / state.euler));
  let measured = null;
  const distances = computed(() => {
    if (moving.value && measured) return measured; // those of the last rest
    const states = { ode: ode.value[at.value], sde: sde.value[at.value] };
    return (measured = distancesAt(toy.value, now.value, states, how.value));
  });
  const probed = createProbed(self, POINT, { size: SIDE, paint: paintWalk });

  const { found, words, held, figure, show } = dragged(self, {
    find() {
      const [time, d] = [at.value / state.euler, distances.value];
      const { longer, ends } = exact.value;
      const error = errorOf(ode.value.at(-1), ends);
      const point = probed.point.value;
      const said = { ...wordsAt(toy.value, now.value, point), snr: num(snrOf(now.value)) };
      const finding = declared.says[nameOf(d)].replace("{steps:0}", String(state.euler));
      return { family: asked.value, t: time, time, d, longer, error, point, words: said, finding, steps: state.euler };
    },
    namesOf: () => ["marginals", "straight", "fast"],
  });

  whenever(() => (moving.value = held.value));
  const resized = signal(0);
  const half = computed(() => halfOf(now.value));
  const shades = computed(() => shadesOf(toy.value, now.value, half.value));
  const sceneOf = (states) => ({
    ...{ states, at: at.value, half: half.value, shades: shades.value, colours: ctx.colours() },
  });
  const { plane } = probed;
  whenever(() => {
    plane.look([0, 0], half.value);
    probed.show({ ...sceneOf(ode.value), point: probed.point.value }, words.value);
    ctx.show("out", plane.canvas);
  });
  const canvas = h("canvas", { role: "img" });
  whenever(() => {
    void resized.value;
    setName(canvas, WALKS.sde, words.value);
    const side = canvas.clientWidth;
    if (side) paintWalk(contextOf(canvas, side), side, sceneOf(sde.value));
  });
  const pictures = h(
    "div",
    { class: "walks" },
    h("figure", {}, plane.element, h("figcaption", {}, WALKS.ode)),
    h("figure", {}, canvas, h("figcaption", {}, WALKS.sde)),
  );
  onSize(pictures, () => (resized.value += 1));
  const legend = createLegend(ctx);
  legend.show(KEYS);
  const curves = figure("The curves α, σ and ε", 190, curvesOf, {
    grips: gripsOf(ctx.fields),
    patchOf: (key, value) => patchOf(state, key, value),
  });
  return show([pictures, legend.element, curves], {
    ...{ hovered: probed.hovered, distances },
    table: () => tableOf(found.value, state),
  });
}

function tableOf({ family: asked, d }, { path }) {
  const rows = PLACES.map((t) => {
    const curves = curvesAt(asked, t);
    return [t, curves.alpha, curves.sigma, curves.epsilon, snrOf(curves), d.ode.value, d.sde.value];
  });
  return { name: `family-${path}`, rows: [["t", "α", "σ", "ε", "log-SNR", "D² of the ODE", "D² of the SDE"], ...rows] };
}

export default mode(family, { hint: "Drag α, σ or ε: the marginals follow the first two, not the third" });
