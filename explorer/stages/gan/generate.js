/** Generate: sixteen images of a seed, the plane through three of their codes, and the film from one to another. */

import { askedAnswers } from "../kit/ask/asked.js";
import { h } from "../kit/base/dom.js";
import { latestOf, shows, whenever } from "../kit/base/live.js";
import { batch, computed, signal } from "../kit/base/vendor/signals-core.js";
import { imageOf } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { dim, dimAnswer, segmented } from "../kit/panel/parts.js";
import { sentences } from "../kit/panel/says.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createLooking } from "./looking.js";
import { createPath } from "./path.js";
import { Plane } from "./plane.js";
import { CORNERS, Tiles } from "./tiles.js";

/** Asks for the grid, and once it is there, for what lies between its images: the plane, a point of it, the film. */
function askedOf(self) {
  const { ctx, state, declared } = self;
  const read = (answer) => ({ ...answer, x: fromBase64(answer.x) });
  const grid = askedAnswers(self, declared.ask, () => ctx.net().error ? null : requestOf(ctx, declared), { read });
  const settled = latestOf(
    computed(() => grid.isCurrent.value ? { of: grid.asked.value, corners: state.plane } : null),
  );
  const within = (name, asks) =>
    askedAnswers(self, name, () => settled.value && { ...settled.value.of, ...asks(settled.value.corners) }, { read });
  return {
    grid,
    sheet: within("sheet", (corners) => ({ corners })),
    point: within("plane", (corners) => ({ corners, u: state.u, v: state.v })),
    between: within("between", (corners) => ({ pair: corners.slice(0, 2) })),
  };
}

/** The known image that is nearest to the cursor; `exact` is the answer if it is the cursor's own. */
function nearestTo({ u, v }, sheet, point) {
  const { side, x, names } = sheet.value.value;
  const [column, row] = [u, v].map((value) => Math.round(value * (side - 1)));
  const away = (a, b) => Math.hypot(a - u, b - v);
  const own = point.asked.value;
  const fits = own && JSON.stringify({ ...own, u: undefined, v: undefined }) === JSON.stringify(sheet.asked.value);
  if (fits && away(own.u, own.v) <= away(column / (side - 1), row / (side - 1))) {
    const { x: image, names: [name] } = point.value.value;
    return { image, name, exact: point.isCurrent.value ? point.value.value : null };
  }
  const at = row * side + column;
  return { image: imageOf(x, at), name: names[at], exact: null };
}

/** One of the images of an answer, with its score and its sentence. */
const partOf = ({ x, scores, words }, asked, i) => ({
  image: imageOf(x, i),
  score: scores[i],
  words: words[i],
  key: JSON.stringify([asked, i]),
});

function generate(self) {
  const { ctx, state, declared, seen } = self;
  const { commit } = ctx.store;
  const say = (name, values = {}) => sentences(declared, values, name);
  const asks = askedOf(self);
  const { grid, sheet, point, between } = asks;
  const [draws, way] = [grid.value, between.value];
  const names = computed(() => draws.value?.labels.map((label) => ctx.net().classes[label]));
  const spot = computed(() => sheet.value.value && nearestTo(state, sheet, point));

  const finders = {
    image: ({ tap }) => ({
      ...partOf(draws.value, grid.asked.value, tap),
      ...{ what: say("of_image", { number: tap + 1 }), name: names.value[tap] },
    }),
    plane() {
      const { image, name, exact } = spot.value;
      const own = { score: exact?.scores[0], words: exact?.words, key: JSON.stringify(point.asked.value) };
      return { image, name, what: say("in_plane"), ...own };
    },
    film({ at }) {
      const { names } = way.value;
      const i = Math.min(at ?? 0, names.length - 1);
      return { ...partOf(way.value, between.asked.value, i), what: say("of_film", { number: i }), name: names[i] };
    },
  };
  /** What was touched last: the image that is looked at, and what is known of it. */
  const found = computed(() => {
    const there = { image: draws, plane: spot, film: way }[state.part].value;
    return draws.value && there ? finders[state.part](state) : null;
  });
  const latest = latestOf(computed(() => found.value ? found.value.words ?? null : ""));
  const words = computed(() => latest.value ?? "");

  /** Makes an image of the grid a corner; where it is one already, the two change places. */
  function setCorner(corner, image) {
    const plane = [...state.plane];
    const before = plane.indexOf(image);
    if (before >= 0) plane[before] = plane[corner];
    plane[corner] = image;
    commit({ plane });
  }
  const tiles = new Tiles({
    count: ctx.fields.tap.high + 1,
    onChoose: (tap) => commit({ tap, part: "image" }),
    onCorner: setCorner,
  });
  shows(tiles, () =>
    draws.value && {
      images: draws.value.x,
      scores: draws.value.scores,
      names: names.value,
      corners: state.plane,
      chosen: state.tap,
    });

  const dragged = signal(false);
  const plane = new Plane(ctx, {
    label: "The plane through the codes of A, B and C. Drag in it, or use the arrow keys.",
    onMove: (u, v, { rest }) =>
      batch(() => {
        dragged.value = !rest;
        ctx.store.set({ u, v, part: "plane" }, { commit: rest });
      }),
  });
  const scoreOf = ({ exact }) => exact ? say("score", { score: exact.scores[0] }) : say("waits");
  shows(plane, () =>
    spot.value && {
      lattice: sheet.value.value.x,
      side: sheet.value.value.side,
      image: spot.value.image,
      at: [state.u, state.v],
      on: state.part === "plane",
      words: scoreOf(spot.value),
    });
  const placeWords = () => spot.value ? say("place", { u: state.u, v: state.v, words: scoreOf(spot.value) }) : "";
  const place = h("p", { class: "note number with-numbers" }, placeWords);

  const path = createPath(self, { way, words, captionOf: (at) => say("caption", { at, name: way.value.names[at] }) });
  const choice = CORNERS.map((name, k) => [k, name]);
  const corner = segmented("Make this image a corner of the plane", choice, (k) => setCorner(k, state.tap));
  whenever(() => corner.set(state.plane.indexOf(state.tap)));
  const hidden = () => state.part !== "image";
  const corners = h("div", { class: "row", hidden }, h("span", { class: "quiet" }, "Corner"), corner);
  const looking = createLooking(self, { found, moves: () => dragged.value || path.moves(), below: corners });

  /* What shows an answer of an earlier seed, class or plane is dimmed: each of the pictures, and what is looked at. */
  whenever(() => {
    const isEarlier = (answer) => !grid.isCurrent.value || !answer.isCurrent.value;
    dim(tiles.element, isEarlier(grid));
    for (const each of [plane.element, place]) dim(each, isEarlier(sheet));
    for (const each of path.dims) dim(each, isEarlier(between));
    dimAnswer({ ...looking, seen }, isEarlier({ image: grid, plane: sheet, film: between }[state.part]));
  });

  const error = () => ctx.net().error;
  const figure = (name, element, place) => h("section", { class: place }, h("h2", {}, say(name)), element);
  const screen = h(
    "div",
    { class: "generate", hidden: () => Boolean(error()), "data-part": () => state.part },
    figure("draws", tiles.element, "generate-grid"),
    figure("plane", [plane.element, place], "generate-plane result"),
    figure("film", path.host, "generate-path"),
  );
  const all = Object.values(asks);
  return {
    main: [h("p", { class: "empty", hidden: () => !error() }, () => error() ?? ""), screen],
    below: [looking.element, looking.nearest],
    draws: { isPending: grid.isPending, failed: computed(() => all.some(({ failed }) => failed.value)) },
    ...{ grid: draws, sheet: sheet.value, between: way, spot },
    isCurrent: computed(() => all.every(({ isCurrent }) => isCurrent.value)),
    hasResult: () => draws.value !== null,
    table() {
      if (!draws.value) return null;
      const isFilm = state.part === "film" && way.value;
      const { scores, lengths } = isFilm ? way.value : draws.value;
      const head = isFilm ? ["frame", "score", "length of the code"] : ["image", "class", "score"];
      const rowOf = (score, k) => isFilm ? [k, score, lengths[k]] : [k + 1, names.value[k], score];
      return { name: `${ctx.net().name}-${isFilm ? "path" : "grid"}`, rows: [head, ...scores.map(rowOf)] };
    },
  };
}

export default mode(generate);
