/**
 * The map: one noise turned into images by five families, three ways to begin, and all families with a drawn image or
 * points. A family stands at the branch of its model's capabilities, or at the year of its paper. Under the pointer, it
 * draws again by its own steps.
 */

import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { rove } from "../kit/base/rove.js";
import { mode } from "../kit/panel/mode.js";
import { fillPanel } from "../kit/panel/parts.js";
import { filled } from "../kit/panel/says.js";
import { createDie } from "../kit/panel/seed.js";
import { drawings } from "./drawings.js";
import { factsOf, leafOf } from "./leaf.js";
import { oneNoise } from "./noise.js";
import { promptDoor } from "./prompt_door.js";
import { branchesOf, yearsOf } from "./tree.js";

const SIZE = /^(\d+) /; // of a code, before what it counts
const HEAD = ["network", "branch", "log p(x)", "evaluations", "milliseconds", "code", "parameters", "size of the code"];

function map(self) {
  const { ctx, state, declared, seen } = self;
  const value = ctx.value();
  const inside = signal(false); // true while the mode is on screen
  const families = computed(() => ctx.columns());
  const isDated = computed(() => state.order === "year");
  const alike = computed(() => alikeOf(families.value));
  const pointed = signal(/** @type {import("./leaf.js").Leaf | null} */ (null));
  const toDraw = computed(() => {
    const { net, error, can } = pointed.value?.family ?? { error: true };
    return error || !can.sample ? null : net;
  });
  const drawn = drawings(self, { families, alike, pointed: toDraw, inside });
  const { last, isKnown, isRecorded, recorded, drawnOf, frameAt, queue, filmOf, missing, isReady } = drawn;
  const noise = oneNoise(ctx, { alike, last, frameAt, isReady, onTake: () => (pointed.value = null) });
  const again = signal(/** @type {number | null} */ (null)); // the seed that was drawn anew
  whenever(() => {
    void families.value;
    const stand = again.value === state.seed ? noise.wait : noise.rest;
    const act = !isKnown.value ? noise.stop : isRecorded.value ? noise.begin : stand;
    untracked(act);
  });

  /** A family that is recorded follows the clock, unless one is pointed at. */
  const stillOf = (net) => (pointed.value ? null : recorded(net, noise.at)) ?? drawnOf(net);
  const leafFor = (family) => {
    const leaf = leafOf(family, {
      isDated: isDated.peek(),
      film: () =>
        inside.value && toDraw.value === family.net && !ctx.prefersReducedMotion() ? filmOf(family.net) : null,
      still: () => stillOf(family.net),
      onPoint: () => point(leaf),
    });
    return leaf;
  };
  function point(leaf) {
    if (pointed.peek() === leaf && leaf.timer) return;
    noise.end();
    pointed.value = leaf;
    ctx.store.commit({ leaf: leaf.family.family });
  }
  const leaves = signal(/** @type {import("./leaf.js").Leaf[]} */ ([]));
  const tree = rove(h("div", { class: "tree", role: "group", "aria-label": "The families by what p(x) is to them" }));
  whenever(() => {
    const made = families.value.map(leafFor);
    tree.classList.toggle("dated", isDated.value);
    fill(tree, isDated.value ? yearsOf(made) : branchesOf(made, value, declared.says.none));
    pointed.value = null;
    leaves.value = made;
  });
  whenever(() => {
    const bytes = (pointed.value ?? leaves.value[0])?.bytes.value;
    if (bytes) ctx.show("out", bytes);
  });

  const another = createDie("Draw again", () => {
    noise.end();
    again.value = Math.floor(Math.random() * 2 ** 31);
    ctx.store.commit({ seed: again.value });
  }, "Every family draws from another seed");
  const { point: byPointer, tap } = declared.says;
  const how = h("p", {}, matchMedia("(hover: hover)").matches ? byPointer : tap); // whether one can point without opening
  const isOfPoints = () => families.value.some(({ space }) => space === "plane");
  const meaning = h("p", {}, () => filled(declared.says["p of x"], { x: isOfPoints() ? "point" : "picture" }));
  const above = h("div", { class: "above-map off-paper" }, how, meaning);
  whenever(() => (alike.value.length > 1 ? noise.controls : above).append(another));
  const about = h("div", { class: "about" });
  whenever(() => {
    const family = families.value.find((each) => each.family === state.leaf);
    fill(about, family && factsOf(family));
  });
  return {
    ...{ leaves, pointed, noise, queue, recorded, missing },
    main: [noise.element, waysIn(value), above, tree],
    words: computed(() => {
      const drawn = families.value.filter(({ net }) => drawnOf(net)).length;
      const words = ctx.net().says[isDated.value ? "years" : "map"];
      return drawn ? filled(words, { drawn, seed: state.seed }) : "";
    }),
    panel(controls) {
      meaning.after(controls);
      fillPanel(ctx, h("div", { class: "said" }, seen.element, queue.element), about);
    },
    enter: () => (inside.value = true),
    leave: () => (inside.value = false),
    table: () => ({ name: `families-${ctx.net().name}`, rows: [HEAD, ...families.value.map(rowOf)] }),
  };
}

/** Families that begin with the same noise, one of each tab, those that use most of its numbers first. */
function alikeOf(families) {
  const alike = families.filter(({ error, noise }) => !error && noise);
  const isFirst = ({ tab }, k) => alike.findIndex((other) => other.tab === tab) === k;
  return alike.filter(isFirst).sort((a, b) => b.noise - a.noise);
}

/** The ways in, and the courses. */
function waysIn({ door, begin, courses }) {
  const wayIn = ([title, words, href]) =>
    h("a", { class: "way-in", href }, h("strong", {}, title), h("span", {}, words));
  const links = Object.entries(courses).map(([name, [href, title]]) => h("a", { href, title }, name));
  return h(
    "div",
    { class: "begin off-paper" },
    promptDoor(door),
    begin.map(wayIn),
    rove(h("p", { class: "courses" }, "Courses:", links)),
  );
}

const rowOf = ({ net, branch, kind, passes, cost, code, parameters }) => [
  ...[net, branch, kind, passes, cost?.milliseconds],
  ...[code.replace(SIZE, ""), parameters, code.match(SIZE)?.[1]],
];

export default mode(map);
