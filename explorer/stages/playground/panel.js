/** The controls of the playground: presets, tools of the board, families, and the settings that all of them share. */

import { contextOf, onSize } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { button, figures, fill, FINDING, h, select, setText } from "../kit/base/dom.js";
import { createMore } from "../kit/panel/more.js";
import { num } from "../kit/base/format.js";
import { keySegments, numberTable } from "../kit/panel/parts.js";
import { rove } from "../kit/base/rove.js";
import { keySlider } from "../kit/panel/slider.js";
import { plane } from "../spaces/plane.js";
import { paintGround, toScreen } from "../kit/plane/screen.js";
import { paintDots } from "./paint.js";
import { FIGURES } from "./figures.js";
import { createGiven } from "./given.js";

const CARD = 38;
const TOOLS = [["spray", "Spray"], ["line", "Line"], ["erase", "Eraser"]];

/** The presets as small pictures, with the name of the one in use; a choice sets the noise that is usual for it. */
export function createPresets(ctx, presets, view) {
  const cards = presets.map(({ name, title, noise, points }) => {
    const canvas = h("canvas", { "aria-hidden": "true" });
    const choose = () => ctx.store.commit({ data: name, noise });
    const element = button("", choose, { kind: "preset-card", title, pressed: false });
    element.setAttribute("aria-label", title);
    element.append(canvas);
    return { name, title, element, canvas, points: plane.read(fromBase64(points)) };
  });
  const { ground, you } = ctx.colours();
  const paint = ({ canvas, points }) => {
    canvas.style.width = canvas.style.height = `${CARD}px`;
    const context = contextOf(canvas, CARD);
    paintGround(context, CARD, { ground, line: ground });
    paintDots(context, points, { place: toScreen(CARD, view), radius: 0.9, colour: you });
  };
  for (const card of cards) onSize(card.element, () => paint(card));
  const heading = h("h2");
  const row = rove(
    h("div", { class: "preset-cards", role: "group", "aria-label": "Points" }, cards.map((c) => c.element)),
  );
  const set = (data) => {
    const chosen = cards.find(({ name }) => name === data);
    setText(heading, chosen ? `Or take points: ${chosen.title}` : "Or take points");
    for (const card of cards) card.element.setAttribute("aria-pressed", String(card === chosen));
  };
  return { element: h("div", { class: "headed" }, heading, row), set };
}

/** Tools of the board: the brush, its width, and undo. */
export function createTools(ctx, { onUndo, onClear, onLetters, onGiven }) {
  const tool = keySegments(ctx, "tool", "Tool", TOOLS);
  const spread = keySlider(ctx, "spread", "Brush width", {
    step: 0.01,
    words: (value) => num(value, 2),
    label: "Spread",
  });
  const undo = button("Undo", onUndo, { title: "Take the last stroke back", kind: "more" });
  const clear = button("Clear", onClear, { title: "An empty board", kind: "more" });
  const letters = h("input", {
    type: "text",
    class: "letters",
    maxlength: 3,
    placeholder: "ABC",
    title: "Type up to three letters",
  });
  letters.setAttribute("aria-label", "Letters as points");
  letters.addEventListener("change", () => letters.value.trim() && onLetters(letters.value.trim()));
  const head = h("div", { class: "seen-head" }, h("h2", {}, "Draw, or type"), letters, undo, clear);
  const given = createGiven(ctx, onGiven);
  const element = h("div", { class: "tools" }, head, given, h("div", { class: "tool-row" }, tool, spread.element));
  const set = (state, canUndo) => {
    tool.set(state.tool);
    spread.set(state.spread);
    undo.disabled = !canUndo;
  };
  return { element, set };
}

/** A chip for each family, and the figure under it; at least one stays chosen, and at most `most`. */
export function createFamilies(ctx, learners, most) {
  const toggle = (index) => {
    const { learn } = ctx.store.get();
    const next = learn.includes(index)
      ? learn.filter((each) => each !== index)
      : [...learn, index].sort((a, b) => a - b);
    if (next.length > most) return ctx.say(`At most ${most} families learn at once: put one away first.`);
    if (next.length) ctx.store.commit({ learn: next });
    else ctx.say("At least one family has to learn.");
  };
  const chips = learners.map(({ title, group }, index) => {
    const element = button(title, () => toggle(index), { kind: "family", pressed: false });
    element.dataset.group = group;
    return element;
  });
  /** @type {[string, string][]} */
  const options = Object.entries(FIGURES).map(([value, { name }]) => [value, name]);
  const figure = select("Figure", options, "", (value) => ctx.store.commit({ figure: value }));
  const head = h("div", { class: "seen-head" }, h("h2", {}, "Families"), figure);
  const row = rove(h("div", { class: "families row", role: "group", "aria-label": "Families that learn" }, chips));
  const set = (state) => {
    chips.forEach((element, index) => element.setAttribute("aria-pressed", String(state.learn.includes(index))));
    figure.input.value = state.figure;
  };
  return { element: h("div", { class: "headed" }, head, row), set };
}

/** The setting that each family alone has, of those that learn. */
export function createKnobs(ctx, learners) {
  const put = (place, value) => {
    const knobs = [...ctx.store.get().knobs];
    knobs[place] = Number(value);
    ctx.store.commit({ knobs });
  };
  const lists = learners.map(({ title, knob }, place) =>
    knob && select(`${title}: ${knob.title}`, knob.choices.map((words, k) => [k, words]), "", (k) => put(place, k))
  );
  const set = ({ learn, knobs }) =>
    lists.forEach((list, place) => {
      if (!list) return;
      list.hidden = !learn.includes(place);
      list.input.value = Math.min(knobs[place] ?? 0, learners[place].knob.choices.length - 1);
    });
  return { element: h("div", { class: "settings knobs" }, lists.filter(Boolean)), set };
}

/** Who comes nearest to the data as the headline, and all figures of all families on demand. */
export function createNumbers() {
  /** @type {FigureRow} */
  const none = [FINDING, "Nothing is measured yet.", ""];
  const list = figures([none]);
  list.children[0].classList.add("chief");
  const table = h("div", { class: "all-figures" });
  const more = createMore("numbers", ["All numbers", "Fewer numbers"], (isOpen) => (table.hidden = !isOpen));
  const element = h("div", { class: "headline" }, list, more, table);
  const set = (frame) => {
    list.set([frame?.report.chief ?? none]);
    fill(table, (frame?.report.tables ?? []).map(({ label, head, rows }) => numberTable(label, head, rows)));
  };
  return { element, set };
}
