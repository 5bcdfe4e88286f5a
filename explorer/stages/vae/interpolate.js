/** From one image to another, through the plane: the same pair at this β and at β = 0. */
import { Chart } from "../kit/chart/chart.js";
import { filmOf } from "../kit/film/film.js";
import { Strip } from "../kit/film/strip.js";
import { button, fill, h, lettering, say, select, setName, setText } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { mode } from "../kit/panel/mode.js";
import { createMore } from "../kit/panel/more.js";
import { empty, fillPanel, withArticle } from "../kit/panel/parts.js";
import { paintCursor } from "../kit/image/paint.js";
import { codeImage, contextOf, drawImage, imageCanvas, toBytes } from "../kit/image/pixels.js";
import { codesAt, Path, typical } from "./codes.js";
import { betaName } from "./card.js";
import { onMap } from "./on_map.js";
import { paintDot, paintImage } from "./paint.js";

const FRAMES = 25;
const EVERY = 4; // frames from one image of a row to the next
const STOPS = Array.from({ length: 7 }, (_, k) => EVERY * k);
const SIDE = 62;
const PAIR = 104;
const APART = 16;
const ENDS = ["a", "b"];
const CLASSES = { a: 3, b: 8 };

/** Two images side by side, each with its name below. */
function drawPair(canvas, images, names, colour) {
  const [width, height] = [2 * PAIR + APART, PAIR + 20];
  const context = contextOf(canvas, width, height);
  canvas.style.width = `${width}px`;
  context.clearRect(0, 0, width, height);
  Object.assign(context, { fillStyle: colour, font: lettering(13), textAlign: "center" });
  images.forEach((image, k) => {
    const left = k * (PAIR + APART);
    paintImage(context, image, left, 0, PAIR);
    context.fillText(say(names[k]), left + PAIR / 2, PAIR + 15);
  });
}

function interpolate(self) {
  const { ctx, given, state, visits, seen } = self;
  const map = onMap(self);
  const { ready, words, numbers } = map;
  const next = signal("a"); // the end that a click on the map chooses
  whenever(() => visits.value && ctx.images(ctx.net().dataset));

  /** The ways at this β and at β = 0, or at β = 1; null until both ends are chosen. */
  const ways = computed(() => {
    const { a, b, path, beta } = state;
    if (!ready.value || a === null || b === null) return null;
    return [beta, beta === 0 ? 1 : 0].map((value) => new Path(given, { beta: value, a, b, path, frames: FRAMES }));
  });
  const frame = computed(() => Math.min(state.frame, FRAMES - 1));
  whenever(() => {
    const [way] = ways.value ?? [];
    ctx.show("code", way ? codeImage(way.points[frame.value]) : null);
    ctx.show("out", way ? way.image(frame.value) : null);
  });

  const leads = computed(() =>
    (ways.value ?? []).map((way) => ({ name: betaName(way.beta), near: way.counts[way.emptiest] }))
  );
  const fewest = computed(() => {
    const [here, other] = leads.value;
    return here ? words({ here, other }, "fewest") : "";
  });
  shows(numbers, () => {
    const [here, other] = leads.value;
    if (!here) return null;
    const crowd = Math.sign(here.near - other.near);
    const [finding] = map.figures({ here, other }, { 1: "crowded", 0: "alike", [-1]: "empty" }[crowd]);
    return [finding, ...leads.value.flatMap((each) => map.figures(each, "fewest"))];
  });

  let starting = false; // true until the way that a first visit found begins to play
  const film = filmOf(self, {
    key: "frame",
    words: fewest,
    place: () => ({ stateOf: (at) => ({ frame: at }), plays: () => starting && !(starting = false) }),
    what: () => filmed(ways.value, { ctx, words }),
    options: {
      host: h("div", { class: "interpolate-film shown" }),
      label: "Interpolation",
      filename: "interpolation.gif",
    },
  });

  const byClass = (label) => typical(codesAt(given, state.beta), given.assets.labels, label);
  function start(options = { commit: true }) {
    if (!ctx.model.ready) return;
    const [a, b] = ENDS.map((end) => byClass(CLASSES[end])[0]);
    ctx.store.set({ a, b, frame: 0 }, options);
  }
  /** The first visit finds a way in motion; what the address brought is left alone. */
  whenever(() => {
    if (!visits.value || !ready.value || !state.data) return;
    untracked(() => {
      if (state.a !== null || state.b !== null) return;
      starting = !ctx.prefersReducedMotion();
      start({ commit: false });
    });
  });

  const ends = endsOf(self, { map, next, byClass });
  const example = button("from one image to another", () => start());
  whenever(() => {
    if (!ready.value || !state.data) return;
    const [from, to] = ENDS.map((end) => withArticle(given.assets.classes[CLASSES[end]]));
    setText(example, `from ${from} to ${to}`);
  });
  const rows = [0, 1].map((k) => rowOf(self, () => ways.value?.[k], frame));
  const near = new Chart(ctx, {
    label: "Codes near the path",
    height: 98,
    onMove: (t, { rest }) => ctx.store.set({ frame: Math.round(t * (FRAMES - 1)) }, { commit: rest }),
  });
  shows(near, () => ways.value && countsOf(ways.value, frame.value));
  const none = empty("Click or tap two points on the map, or go ", example, ".");
  const full = h("div", { class: "mode-body" }, film.host, rows, near.element);
  whenever(() => {
    none.hidden = ways.value !== null;
    for (const element of [full, numbers, seen.element]) element.hidden = ways.value === null;
  });

  function pointer({ type, nearest }) {
    if (type !== "tap" || nearest < 0) return false;
    const end = next.value;
    next.value = end === "a" ? "b" : "a";
    ctx.store.commit({ [end]: nearest, frame: 0 });
    return true;
  }
  return {
    ...{ ...map.mode, ways, pointer },
    panel(controls) {
      film.root.append(controls);
      fillPanel(ctx, numbers, ends, none, full, seen.element);
    },
    /** Enter chooses the image whose code is nearest to the cursor. */
    mapKey({ key }) {
      if (key !== "Enter" || !ctx.model.ready) return false;
      return pointer({ type: "tap", nearest: ctx.map.nearest(state.z) });
    },
    hasResult: (what) => what === "table" ? ways.value !== null : what === "picture" && ctx.model.ready,
    table: () => ways.value && tableOf(ways.value),
    draw(layer) {
      const { ctx2d, toScreen, colours } = layer;
      if (document.activeElement === ctx2d.canvas) paintCursor(ctx2d, toScreen(state.z), colours.ink);
      if (ways.value) paintWay(layer, ways.value[0].points, frame.value);
    },
  };
}

/** Both images of a frame, side by side. */
function filmed(ways, { ctx, words }) {
  if (!ways) return { length: 0, caption: () => "" };
  const names = ways.map((way) => betaName(way.beta));
  return {
    of: ways,
    length: FRAMES,
    draw: (canvas, i) => drawPair(canvas, ways.map((way) => way.image(i)), names, ctx.map.colours.ink),
    caption: (i) => words({ t: i / (FRAMES - 1), z: ways[0].points[i] }, "caption"),
  };
}

/** Images of a way, of which a click chooses one. */
function rowOf({ ctx }, wayOf, frame) {
  const strip = new Strip("", STOPS.length, SIDE);
  strip.canvas.addEventListener("click", (event) => ctx.store.commit({ frame: STOPS[strip.placeAt(event)] }));
  const name = () => wayOf() ? betaName(wayOf().beta) : "";
  whenever(() => {
    if (!wayOf()) return;
    strip.label = `From A to B at ${name()}`;
    strip.show(Uint8Array.from(STOPS.flatMap((stop) => [...toBytes(wayOf().image(stop))])), "seven images");
  });
  whenever(() => wayOf() && strip.mark(Math.round(frame.value / EVERY)));
  return h("div", {}, h("h2", {}, name), strip.element);
}

/** Codes near both ways, with the frame on screen. */
function countsOf(ways, frame) {
  const at = (i) => i / (FRAMES - 1);
  return {
    xs: [0, 1],
    ys: [0, Math.max(1, ...ways.flatMap(({ counts }) => counts))],
    ticks: { x: [0, 1] },
    names: { x: ["A", "B"] },
    name: "Codes near the path",
    lines: ways.map(({ beta, counts }, k) => ({
      points: counts.map((count, i) => [at(i), count]),
      colour: k ? "quiet" : "you",
      label: betaName(beta),
      at: 18,
      below: counts[18] < ways[1 - k].counts[18],
    })),
    cursor: at(frame),
    words: ways.map(({ beta, counts }) => `${counts[frame]} at ${betaName(beta)}`).join(", "),
  };
}

/** The two ends, each with its image and the choice of another. */
function endsOf(self, { map: { ready, words }, next, byClass }) {
  const { ctx, given, state } = self;

  function another(end) {
    if (!ctx.model.ready) return;
    const now = state[end];
    const members = byClass(now === null ? CLASSES[end] : given.assets.labels[now]);
    ctx.store.commit({ [end]: members[(members.indexOf(now) + 1) % members.length] });
  }
  function aim(end) {
    next.value = end;
    ctx.say(words({ end: end.toUpperCase() }, "aim"));
  }

  const made = ENDS.map((end) => {
    const name = end.toUpperCase();
    const image = imageCanvas(`Image ${name}`, 56);
    const pressed = () => String(next.value === end);
    const onclick = () => aim(end);
    const pick = h("button", { type: "button", class: "end-image", "aria-pressed": pressed, onclick }, image);
    setName(pick, `Choose ${name} on the map`);
    const classes = select(name, [], "", (label) => ctx.store.commit({ [end]: byClass(Number(label))[0] }));
    const other = button("another", () => another(end), { title: `Another image of this class as ${name}` });
    whenever(() => {
      if (!ready.value || !state.data) return;
      const { classes: names, labels } = given.assets;
      const options = names.map((name, label) => h("option", { value: label }, withArticle(name)));
      fill(classes.input, h("option", { value: "", disabled: true }, "choose…"), options);
      classes.input.value = state[end] === null ? "" : String(labels[state[end]]);
    });
    whenever(() => {
      const pixels = state[end] !== null && ctx.assets.sprite(state[end]);
      image.style.visibility = pixels ? "visible" : "hidden";
      if (pixels) drawImage(image, pixels);
      if (end === "a") ctx.show("x", pixels || null);
    });
    const rare = h("div", {}, classes, other);
    return { rare, element: h("div", { class: "end" }, pick, rare) };
  });
  const element = h("div", { class: "ends shown" }, made.map(({ element }) => element));
  element.append(createMore("controls", ["More controls", "Fewer controls"], (isOpen) => {
    element.classList.toggle("wide", isOpen);
    for (const { rare } of made) rare.hidden = !isOpen;
  }));
  return element;
}

function tableOf(ways) {
  const head = ways.flatMap(({ beta }) => ["z1", "z2", "codes near"].map((name) => `${name} at beta ${beta}`));
  const rows = Array.from(
    { length: FRAMES },
    (_, i) => [i / (FRAMES - 1), ...ways.flatMap((way) => [...way.points[i], way.counts[i]])],
  );
  return { name: "interpolation", rows: [["t", ...head], ...rows] };
}

/** A way on the map, with the frame on screen and the names of its ends. */
function paintWay({ ctx2d, toScreen, colours: { you, ground } }, points, frame) {
  const places = points.map(toScreen);
  ctx2d.beginPath();
  places.forEach(([x, y]) => ctx2d.lineTo(x, y));
  Object.assign(ctx2d, { strokeStyle: you, lineWidth: 2 });
  ctx2d.stroke();
  for (const place of places) paintDot(ctx2d, place, 2.5, { fill: you });
  paintDot(ctx2d, places[frame], 7, { fill: you, stroke: ground });
  ctx2d.font = lettering(15, 700);
  for (const [name, [x, y]] of [["A", places[0]], ["B", places.at(-1)]]) {
    Object.assign(ctx2d, { strokeStyle: ground, lineWidth: 4, fillStyle: you });
    ctx2d.strokeText(name, x + 9, y - 9);
    ctx2d.fillText(say(name), x + 9, y - 9);
  }
}

export default mode(interpolate);
