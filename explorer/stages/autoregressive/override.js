/** Change a pixel of a finished image: the network goes on from there, and both branches stay on screen. */

import { awaited } from "../kit/ask/awaited.js";
import { button, fill, h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { filmOf } from "../kit/film/film.js";
import { Board, placeOf } from "../kit/image/board.js";
import { LARGE, PIXELS, SIDE } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { dimAnswer, numberTable } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createSlider } from "../kit/panel/slider.js";
import { branchOf, differences, inForce, levelOf, overrideOf, pixelOf, reportOf } from "./branches.js";
import { levelName } from "./levels.js";

const PER_SECOND = 60;
const GIF_FRAMES = 100;
const EXAMPLE = 11 * SIDE + 15; // the pixel that is marked at first
const HELP = "Arrow keys choose a pixel, Enter overrides it";
const NOTHING = { values: new Float32Array(PIXELS), known: 0 };

function override(self) {
  const { ctx, state, declared, seen } = self;
  const at = signal(0); // pixels of the branch that are drawn again, on screen
  const answer = branchesOf(self);
  const { original, found, isEarlier } = answer;
  const branch = computed(() => found.value?.branch ?? null);
  /** Number of drawn pixels of the branch on screen. */
  const known = computed(() => branch.value ? Math.min(PIXELS, found.value.change.first + 1 + at.value) : PIXELS);
  /** Figures of both branches when so many pixels are drawn; of the image alone while there is no other. */
  const reportAt = (known) =>
    branch.value
      ? reportOf({ ...found.value, known }, declared.says)
      : { cost: [original.value && -original.value.logProbSoFar()] };
  const say = (name, known) => sentences(declared, reportAt(known), name);
  const words = computed(() => {
    if (!found.value) return "";
    if (!branch.value) return say("start", PIXELS);
    const drawn = found.value.change.before === 0 ? "unchanged" : "changed";
    return say(known.value < PIXELS ? "begun" : drawn, known.value);
  });

  const tap = (pixel, over) => isEarlier.peek() || overrides(self, found.peek(), pixel, over);
  const left = new Board({
    label: `The image as it was drawn. ${HELP}, and starts a new branch`,
    onTap: (pixel) => tap(pixel, []),
    size: LARGE,
  });
  const right = new Board({
    label: `The branch after your overrides. ${HELP} as well`,
    onTap: (pixel) => tap(pixel, ctx.store.get().over),
    size: LARGE,
  });
  const scenes = computed(() => scenesOf({ ...found.value, original: original.value }, known.value, state));
  const captions = [() => original.value ? say("cost", known.value) : "", () => {
    const waiting = state.over.length ? "waits" : "none";
    return say(!branch.value ? waiting : known.value === PIXELS ? "done" : "known", known.value);
  }].map((words) => computed(words));
  const showsScene = (board, i) => shows(board, () => ({ ...scenes.value[i], words: captions[i].value }));
  const under = captions.map((words) => h("p", { class: "branch-words" }, () => words.value));
  const half = (board, i, title) => h("div", { class: "branch" }, h("h2", {}, title), showsScene(board, i), under[i]);
  const halves = [half(left, 0, "As it was drawn"), half(right, 1, "With your overrides")];
  const pair = h("div", { class: "branches" }, ...halves);
  whenever(() => pair.classList.toggle("fresh", !branch.value));
  whenever(() => ctx.show("out", scenes.value[branch.value ? 1 : 0].values));

  /** The branch as it is drawn again, from the first override on. */
  const stepsOf = ({ change: { first } }) => ({
    length: PIXELS - first,
    caption: (step) => say(step === PIXELS - first - 1 ? "both" : step === 1 ? "step" : "steps", first + 1 + step),
    where: (step) => `${first + 1 + step}/${PIXELS}`,
  });
  const film = filmOf(self, {
    ...{ at, words, key: null },
    what: () => branch.value ? { of: found.value, ...stepsOf(found.value) } : { length: 0, caption: () => "" },
    options: {
      screen: pair,
      label: "What is drawn again",
      filename: "override.gif",
      framesPerSecond: PER_SECOND,
      stride: { size: SIDE, name: "row" },
      frames: GIF_FRAMES,
    },
  });
  const rows = () => figuresOf(declared, reportAt(PIXELS), branch.value ? "overridden" : "drawn");
  const numbers = headline(rows(), 0);
  const list = h("div", { class: "overrides" });
  whenever(() => fill(list, branch.value ? overridesTable(found.value) : []));
  const dims = [left.element, right.element, ...under, film.parts.caption, list];
  whenever(() => dimAnswer({ dims, numbers, seen }, original.value && isEarlier.value));
  return {
    main: film.host,
    above: [shows(numbers, rows)],
    below: [...actionsOf(self), list],
    ...{ original, branch, over: computed(() => found.value?.over ?? null), isEarlier, shownKey: answer.of },
    draws: answer,
    hasResult: (what) => Boolean(what === "table" ? branch.value : original.value),
    table: () => branch.value && tableOf(found.value),
  };
}

/** The image that is drawn, and then what follows each override of it; the image is there before what becomes of it. */
function branchesOf(self) {
  const { ctx, state } = self;
  const drawn = ctx.drawn.through(ctx);
  const first = signal(null);
  const answer = awaited(self, () => ctx.net().error ? null : `${drawn.key} ${drawn.index} ${state.over}`, async () => {
    const [request, over] = [drawn.asking("override"), state.over];
    const asked = { key: drawn.key, index: drawn.index, request };
    first.value = null;
    drawn.forgive();
    const original = await drawn.watched();
    first.value = original;
    const branch = original && await branchOf(drawn, original, over, asked);
    if (!branch) return null;
    const held = inForce(over, original.places);
    if (!over.length) return { original, branch: null, over: held, change: null };
    return { original, branch, over: held, change: differences(original, branch, held) };
  });
  const original = computed(() => {
    if (answer.value.value) return answer.value.value.original;
    return answer.isPending.value || answer.failed.value ? first.value : null;
  });
  return { ...answer, found: answer.value, original, isEarlier: computed(() => !answer.isCurrent.value) };
}

/** Overrides a pixel after the overrides `over`, on the branch that they made: black for white, white for black. */
function overrides({ ctx, declared }, { original, branch }, pixel, over) {
  const { most } = ctx.fields.over;
  if (over.length === most) return ctx.say(sentences(declared, { most }, "many"));
  const from = over.length && branch ? branch : original;
  const level = from.net.levels - 1 - from.image()[pixel];
  ctx.store.commit({ over: [...over, overrideOf(pixel, level)] });
}

/** The pictures of both boards when so many pixels are drawn. */
function scenesOf({ original, branch, change, over }, known, { over: chosen, diff }) {
  if (!original) return [NOTHING, NOTHING];
  const { order, places } = original;
  const rings = chosen.length ? inForce(chosen, places).map(pixelOf) : [EXAMPLE];
  const marks = branch && diff ? change.flags : null;
  const soFar = marks?.map((flag, pixel) => (places[pixel] < known ? flag : 0));
  const left = { values: original.grey(), rings, marks };
  return [left, branch ? { values: branch.grey(), known, order, rings: over.map(pixelOf), marks: soFar } : NOTHING];
}

/** The buttons that undo overrides and mark what they changed, and the level of the last. */
function actionsOf({ ctx, state }) {
  const { commit } = ctx.store;
  const undo = button("Undo the last", () => commit({ over: state.over.slice(0, -1) }));
  const clear = button("Undo all", () => commit({ over: [] }));
  const diff = button("Mark the differences", () => commit({ diff: !state.diff }), { pressed: true });
  const level = createSlider("Its level", {
    ...{ field: { low: 0, high: 255 }, step: 1, words: String, label: "Level of the pixel overridden last" },
    onRelease: (level) => commit({ over: state.over.with(-1, overrideOf(pixelOf(state.over.at(-1)), level)) }),
  });
  whenever(() => diff.setAttribute("aria-pressed", String(state.diff)));
  whenever(() => (undo.disabled = clear.disabled = state.over.length === 0));
  whenever(() => {
    const { levels } = ctx.net();
    level.element.hidden = levels === 2 || state.over.length === 0;
    level.input.max = String(levels - 1);
    if (state.over.length) level.set(levelOf(state.over.at(-1)));
  });
  return [h("div", { class: "row" }, undo, clear, diff), level.element];
}

function overridesTable({ original, over }) {
  const rows = over.map((override, i) => {
    const pixel = pixelOf(override);
    const [was, is] = [original.image()[pixel], levelOf(override)].map((level) => levelName(original.net, level));
    return [String(i + 1), placeOf(pixel), was, is];
  });
  return numberTable("Your overrides", ["", "pixel", "was", "is"], rows);
}

function tableOf({ original, branch }) {
  const [head, ...rows] = original.rows();
  const names = ["level_after", "log_prob_after_nats", "entropy_after_nats"];
  const other = branch.rows().slice(1);
  return {
    name: `${original.net.name}-override`,
    rows: [[...head, ...names], ...rows.map((row, i) => [...row, ...other[i].slice(3)])],
  };
}

export default mode(override);
