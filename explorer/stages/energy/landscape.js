/** The landscape: an energy with its density, and chains that a visitor drops on it. */

import { button, h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { Chart } from "../kit/chart/chart.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { LARGE, squareIn } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { EARLIER, onDemand } from "../kit/panel/parts.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF, PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { DeepLandscape } from "./deep_landscape.js";
import { cellOf, paintLandscape, paintShades, shadeKey, shadesOf } from "./paint.js";
import { askedSurface, tableOf } from "./surface.js";

const SIZE = 440;
const FIRST = [0.1, 2]; // where a stranger's first chains are dropped: off the data, so that they run down
const LEGEND = [
  ["─", "equal energy", ({ quiet }) => quiet],
  ["○", "start", ({ you }) => you],
  ["+", "cursor", ({ you }) => you],
  ["●", "chain", ({ classes }) => classes[3]],
  ["●", "first chain", ({ you }) => you],
];
const REJECTED = ["×", "rejected", ({ quiet }) => quiet];

/** Chains that a visitor drops; the first ones run as an example, until the visitor's own take their place. */
function createDrops({ ctx, state }) {
  let [isMet, isExample] = [false, false];

  function meet() {
    if (isMet) return;
    isMet = true;
    if (state.drops.length) return;
    isExample = true;
    ctx.store.set({ drops: FIRST });
  }

  /** Drops chains at a place, beside those that are there; at most so many places. */
  function drop(point) {
    const drops = isExample ? [] : state.drops;
    const { most } = ctx.fields.drops;
    isExample = false;
    if (drops.length === 2 * most) return ctx.say(`At most ${most} places: clear them first.`);
    ctx.store.commit({ drops: [...drops, ...point] });
  }
  return { meet, drop };
}

/** A density as a small picture. */
function densityOf(ctx, surface, name, key) {
  const canvas = h("canvas", { class: "small-density", role: "img", "aria-label": `Density: ${name}` });
  const element = h("figure", { class: "captioned" }, canvas, h("figcaption", {}, name));
  const draw = squareIn(element, canvas, (context, size) => {
    const found = surface.peek();
    if (!found) return;
    const shades = key === "known" ? found.known : shadesOf(found, "density");
    paintShades(context, { shades, half: HALF, size, colours: ctx.colours() });
  });
  whenever(() => surface.value && draw());
  return element;
}

function landscape(self) {
  const { ctx, state, declared } = self;
  const drops = createDrops(self);
  const { answer, surface, base } = askedSurface(self, SIZE);
  const isDrawn = computed(() => surface.value !== null); // the energy is asked for before the chains walk on it
  const film = askedFilm(self, {
    nameOf: () => "Chains walk",
    request: () => isDrawn.value && state.drops.length && ctx.net().points ? requestOf(ctx, declared) : null,
  });
  const { drawn, current, frames, frame, shown, request } = film;
  const cursor = signal([0, 0]);

  const plane = new PlaneCanvas({
    label: "The landscape. Arrow keys move the cursor, Enter drops chains, Backspace takes the last place away.",
    size: LARGE,
    paint: paintLandscape,
    onMove: (point) => (cursor.value = point),
    onChoose: drops.drop,
    onRemove: () => ctx.store.commit({ drops: state.drops.slice(0, -2) }),
  });
  const deep = new DeepLandscape(ctx, SIZE);
  whenever(() => {
    const { form, way, shows } = state;
    plane.element.hidden = form === "surface";
    deep.update({ form, way, shows });
  });
  whenever(() => {
    void cursor.value;
    const opacity = drawn.value === current.value ? 1 : EARLIER;
    const scene = { base: base.value, frames: frames.value, at: shown.value, drops: state.drops, opacity };
    const words = frame.value ? frame.value.report.caption : "shades of the energy with its contours.";
    plane.show({ ...scene, colours: ctx.colours() }, `${ctx.net().title}: ${words}`);
    ctx.show("land", surface.value && plane.canvas);
    deep.chains(frame.value, surface.value);
  });
  const here = () => {
    if (!surface.value) return "";
    const cell = cellOf(surface.value, ...cursor.value);
    const [energy, slope] = [surface.value.energy[cell], surface.value.slope[cell]];
    return `At the cursor: E ${num(energy)}, |∇E| ${num(slope)}, log p ${num(-energy - surface.value.logZ)} nats`;
  };
  const legend = createLegend(ctx);
  whenever(() => {
    const marks = state.kernel === "langevin" ? LEGEND : [...LEGEND, REJECTED]; // Langevin steps are never rejected
    legend.show([shadeKey(state.shows), ...marks]);
  });

  /** Of the chains, or of the landscape alone. */
  const words = computed(() => drawn.value ? film.words.value : answer.value?.words ?? "");
  whenever(() => {
    const rows = answer.value?.numbers ?? film.heads;
    if (!drawn.value) untracked(() => film.numbers.set(rows));
  });
  const rho = new Chart(ctx, { label: "Autocorrelation of x₁", height: 110 });
  const mixing = computed(() => frame.value?.report.mixing ?? null);
  shows(rho, () => mixing.value);
  whenever(() => (rho.element.hidden = !mixing.value));
  const charts = h("div", { class: "mixing-charts" }, film.curves.element, rho.element);

  const clear = button("Clear", () => ctx.store.commit({ drops: [] }));
  whenever(() => (clear.hidden = !state.drops.length));
  const densities = h(
    "div",
    { class: "small-densities" },
    densityOf(ctx, surface, "learned density", "learned"),
    densityOf(ctx, surface, "known density", "known"),
  );
  const note = h("p", { class: "note number with-numbers" }, here);
  const side = h("div", { class: "beside-side" }, densities, film.numbers, note, legend.element, clear);
  const main = film.play({
    screen: h("div", { class: "beside" }, h("div", {}, plane.element, deep.element), side),
    ...{ dims: [charts], words },
    label: "Chains",
    framesPerSecond: 40,
    frames: 60,
  });
  const nothing = h(
    "p",
    { class: "empty", hidden: () => state.drops.length > 0 },
    "Click or tap the landscape to drop chains.",
  );

  /** The chains where there are some, else the surface. */
  function table() {
    const name = `${state.net}-${state.way}`;
    return drawn.value ? chainsOf(frames.value, request.value.chains, name) : tableOf(surface.value, `${name}-energy`);
  }
  return {
    ...{ main, above: [nothing], under: [onDemand("Trace and autocorrelation", charts)] },
    ...{ ...film.mode, surface, base: () => base.value, plane, table },
    enter: drops.meet,
    hasResult: () => surface.value !== null,
  };
}

/** Every move of so many chains. */
function chainsOf(frames, count, name) {
  const chains = Array.from({ length: count }, (_, i) => i);
  const rows = frames.flatMap(({ x, move }) => chains.map((i) => [move, i + 1, x[2 * i], x[2 * i + 1]]));
  return { name: `${name}-chains`, rows: [["move", "chain", "x", "y"], ...rows] };
}

export default mode(landscape);
