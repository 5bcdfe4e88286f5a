/** Warp: a grid, points and a density go through the layers of a flow, from noise to data and back. */

import { fill, h, setName } from "../kit/base/dom.js";
import { latestOf, shows, whenever } from "../kit/base/live.js";
import { batch, computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { filmOf } from "../kit/film/film.js";
import { LARGE, squareIn } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { dimAnswer } from "../kit/panel/parts.js";
import { createLegend } from "../kit/plane/legend.js";
import { dataOf, netOfPlane } from "../kit/plane/points.js";
import { gaussians } from "../kit/plane/random.js";
import { paintGround } from "../kit/plane/screen.js";
import { wantedWeights } from "../kit/plane/weights.js";
import { pointOf } from "./choices.js";
import { overStill, Plane } from "./plane.js";
import { readFlow, standardNormal } from "./plane_flow.js";
import {
  axesOf,
  paintDots,
  paintGrid,
  paintOrigin,
  paintShade,
  paintWay,
  shadeDensity,
  shadeVolume,
  volumesOf,
} from "./plane_paint.js";
import { inSlices } from "./slices.js";
import { captionOf, placeName, placeWords, sumRows, warpWords } from "./warp_words.js";
import { warped, warpedAt } from "./warped.js";

const NOISE = 400;
const PER_LAYER = 12; // frames of the film
const REACH = 4; // of a point in the address
/** Marks of the plane, whose grid is square where the points begin. */
const keysOf = (from) => [
  ["│", `equal ${from}₁`, (colours) => axesOf(colours)[0]],
  ["─", `equal ${from}₂`, (colours) => axesOf(colours)[1]],
  ["●", "your point", ({ you }) => you],
  ["━", "path, axis by axis", ({ you }) => you],
];
const OF_HEAT = {
  volume: [
    ["█", "next layer grows", (colours) => volumesOf(colours)[0]],
    ["█", "shrinks", (colours) => volumesOf(colours)[1]],
  ],
  density: [["█", "density", ({ quiet }) => quiet]],
  none: [],
};

/** Points of N(0, I): x0, y0, x1, y1, … */
function noise(seed) {
  const next = gaussians(seed);
  return Float64Array.from({ length: 2 * NOISE }, next);
}

/** A point at all its states, and what each layer does to the volume there. */
function pointIn(flow, x) {
  const { states, logDets } = flow.states(x);
  const logDet = logDets.map(([value]) => value);
  const z = states.at(-1);
  const base = standardNormal(z);
  return { x, z, base, logDet, ends: states.map((each) => [...each]), logP: logDet.reduce((a, b) => a + b, base) };
}

/** Where a point is at a place. */
function stateAt({ ends }, place) {
  const from = Math.min(Math.floor(place), ends.length - 2);
  return ends[from].map((value, i) => value + (place - from) * (ends[from + 1][i] - value));
}

/** What makes the small picture of a layer: once for the values of a shade and the colours. */
function createShades() {
  const context = document.createElement("canvas").getContext("2d");
  const known = new WeakMap();
  return (values, paint, colours) => {
    if (known.get(values)?.colours !== colours) {
      known.set(values, { colours, small: paint(context, values, colours) });
    }
    return known.get(values).small;
  };
}

function warp(self) {
  const { ctx, state, seen, news } = self;
  const flow = wantedWeights(self, () => {
    const { curve, depth } = state;
    const net = netOfPlane(ctx);
    return { ...net, key: `${net.name} ${curve}-${depth}`, curve, depth };
  }, (url, { curve, depth }) => readFlow(url, curve, depth));
  const isBack = computed(() => state.way === "back");
  const points = computed(() => isBack.value ? noise(state.seed) : dataOf(ctx));
  /** Number of layers between x and the state on screen. */
  const place = computed(() => Math.min(state.place, state.depth));
  const moved = inSlices(() => flow.value && warped(flow.value, points.value, state.way, place.peek()));
  const isThere = computed(() => moved.value !== null);
  const colours = computed(() => (news.value, ctx.colours()));

  const hovered = signal(null);
  const held = signal(false);
  const point = computed(() => flow.value && isThere.value ? pointIn(flow.value, hovered.value ?? pointOf(ctx)) : null);
  /** The x of a point of the plane, in the address. */
  const undone = (at) =>
    [...flow.peek().undo(Float64Array.from(at), place.peek())].map((value) =>
      Number(Math.max(-REACH, Math.min(REACH, value)).toFixed(4))
    );

  const shade = createShades();
  /** The small pictures that are seen at a place, each with its opacity: between two layers there are two densities. */
  function shadesAt(place) {
    const { heat } = state;
    const from = Math.floor(place);
    const share = place - from;
    const all = { none: [], volume: [[from, 1]], density: [[from, 1 - share], [from + 1, share]] }[heat];
    const paint = heat === "density" ? shadeDensity : shadeVolume;
    const there = all.filter(([layer, opacity]) => opacity && moved.value.heats[layer]);
    return there.map(([layer, opacity]) => [shade(moved.value.heats[layer][heat], paint, colours.value), opacity]);
  }
  /** What stands still at a place while the point moves. */
  const stillAt = (place) =>
    moved.value && { ...warpedAt(moved.value, place), shades: shadesAt(place), colours: colours.value };
  const still = computed(() => stillAt(place.value));
  const begin = computed(() => isBack.value ? state.depth : 0);
  const stillOrigin = computed(() => stillAt(begin.value));
  const sceneAt = (still, place) =>
    still && point.value && { still, ends: point.value.ends, at: stateAt(point.value, place), colours: colours.value };
  const scene = computed(() => sceneAt(still.value, place.value));
  const origin = computed(() => sceneAt(stillOrigin.value, begin.value));
  const description = computed(() => {
    const { depth, curve, way } = state;
    return placeWords({ place: place.value, depth, curve, way, title: netOfPlane(ctx).title });
  });

  const plane = new Plane({
    label: "The plane at a place between data and noise.",
    size: LARGE,
    paintStill,
    paint: (context, { ends, at, colours }, size) => paintWay(context, ends, at, size, colours),
    /** Takes the point whose state at this place is dragged. */
    onMove: (point, { rest }) =>
      isThere.value && batch(() => {
        hovered.value = null;
        held.value = !rest;
        ctx.store.set({ x: undone(point) }, { commit: rest });
      }),
    onHover: (point) => isThere.value && (hovered.value = point && undone(point)),
  });
  whenever(() => {
    if (!scene.value) return;
    const now = { ...scene.value, words: description.value };
    untracked(() => plane.show(now));
    ctx.show("out", plane.canvas);
    ctx.describe(description.value);
  });

  /** Layers on the way of the film, by those from x, and the other way about. */
  const turned = (layers) => isBack.value ? state.depth - layers : layers;
  const placeOf = (at) => turned(at / PER_LAYER);
  const film = filmOf(self, {
    key: "place",
    words: wordsOf(self, { point, place, isSilent: () => held.value || hovered.value !== null }),
    what: () => ({
      length: isThere.value ? PER_LAYER * state.depth + 1 : 0,
      caption: (at) => captionOf(placeOf(at), state.depth),
      where: (at) => placeName(placeOf(at), state.depth),
    }),
    place: () => ({
      indexOf: () => Math.round(PER_LAYER * turned(place.value)),
      stateOf: (at) => ({ place: placeOf(at) }),
      plays: () => false,
    }),
    options: {
      screen: h("div", { class: "beside" }, plane.element, sideOf(self, { point, place, origin, isBack, isThere })),
      label: "The way through the layers",
      filename: "flow.gif",
      framesPerSecond: 12,
      stride: { size: PER_LAYER, name: "layer" },
      frames: 49,
    },
  });
  whenever(() => dimAnswer({ dims: [film.host], seen }, !isThere.value));
  return {
    ...{ main: film.host, warped: moved, hovered, scene },
    leave: () => (hovered.value = null),
    hasResult: () => isThere.value,
    /** The way of the point, layer by layer. */
    table() {
      if (!point.value) return null;
      const { ends, logDet } = point.value;
      const rows = ends.map(([a, b], k) => [k, a, b, k ? logDet[k - 1] : null]);
      return {
        name: `${ctx.net().name}-${state.curve}-${state.depth}`,
        rows: [["layers", "h1", "h2", "log |det J| of the layer, nats"], ...rows],
      };
    },
  };
}

/** The sentence on the point; it stays while it `isSilent`. */
function wordsOf({ ctx, state }, { point, place, isSilent }) {
  const latest = latestOf(computed(() => {
    if (!point.value || isSilent()) return null;
    const { curve, depth } = state;
    const thread = netOfPlane(ctx).threads?.[`${curve}-${depth}`] ?? "";
    return warpWords({ point: point.value, place: place.value, curve, thread });
  }));
  return computed(() => latest.value ?? "");
}

/** What stands beside the plane: the sum of log p(x), the origin of the points, which the plane has left behind, a legend. */
function sideOf({ ctx, state }, { point, place, origin, isBack, isThere }) {
  const sum = h("div", { class: "flow-sum" });
  const rows = computed(() => point.value && sumRows(point.value, place.value));
  const count = computed(() => rows.value?.length ?? 0);
  whenever(() => {
    if (!count.value) return;
    const made = headline(untracked(() => rows.value), count.value - 2);
    fill(sum, shows(made, () => rows.value));
  });

  const words = () => isBack.value ? "Began as noise z" : "Began as data x";
  const canvas = h("canvas", { class: "landscape", role: "img" });
  const begun = h("figure", {}, canvas, h("figcaption", {}, words));
  whenever(() => setName(canvas, `${words()}, with your point`));
  const paint = overStill(paintStill, (context, { at, colours }, size) => paintOrigin(context, at, size, colours));
  const draw = squareIn(begun, canvas, (context, side) => origin.value && paint(context, side, origin.value));
  whenever(() => {
    void origin.value;
    untracked(draw);
  });

  const legend = createLegend(ctx);
  shows(legend, () => {
    const dots = ["•", isBack.value ? "samples" : "test points", ({ ink }) => ink];
    return isThere.value && [dots, ...keysOf(isBack.value ? "z" : "x"), ...OF_HEAT[state.heat]];
  });
  return h("div", { class: "beside-side" }, sum, begun, legend.element);
}

function paintStill(context, { still: { points, grid, shades, colours } }, size) {
  paintGround(context, size, colours);
  for (const [small, opacity] of shades) paintShade(context, small, size, opacity);
  paintGrid(context, grid, size, colours);
  paintDots(context, points, size, colours.ink);
}

export default mode(warp, { hint: "Drag your point; play the layers" });
