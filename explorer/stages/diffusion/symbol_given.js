/** The pad of the visitor's own sign: draw it 5 to 40 times, or open pictures of it; then the network learns it. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { BOX, centre } from "../kit/image/drawing.js";
import { greysOf, prepared } from "../kit/image/opened_picture.js";
import { Pad } from "../kit/image/pad.js";
import { drawImage, imageCanvas, imageOf, PIXELS, toBytes } from "../kit/image/pixels.js";
import { dropSign, examples, keepSign, keptSign } from "./own_sign.js";

const [FEWEST, MOST] = [5, 40];
const KEPT_HERE = "Your drawings are not part of the address. The server forgets them with this page.";

/** Drawings of this page, the newest last; no reload keeps them. @type {import("../kit/base/vendor/signals-core.js").Signal<Uint8Array[]>} */
const own = signal([]);

/** Bytes of drawings one after another. @param {Uint8Array[]} drawings */
function joined(drawings) {
  const all = new Uint8Array(drawings.length * PIXELS);
  drawings.forEach((each, k) => all.set(each, k * PIXELS));
  return all;
}

/**
 * The pad, with its buttons and the drawings so far.
 * @param {import("../kit/panel/mode.js").Self} self
 */
export function createSignGiven({ ctx, state, visits }) {
  /** @type {ImageData[]} */
  let strokes = []; // the pad after each stroke
  const inked = signal(0); // number of strokes on the pad
  /** @type {Float32Array | null} */
  let now = null;
  const pad = new Pad({ onStroke: (ink, size) => stroke(centre(ink, size)) });
  const file = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Pictures of your sign" });
  const says = h("p", { class: "quiet", role: "status" });
  const trouble = signal("");
  const isOwn = () => state.sign === "own";

  /** What is learned: the visitor's drawings, or those of an example. @returns {Uint8Array[]} */
  const drawings = computed(() => {
    if (isOwn()) return own.value;
    const all = examples.value[state.sign] ?? new Uint8Array();
    return Array.from({ length: all.length / PIXELS }, (_, k) => imageOf(all, k));
  });

  /** @param {Float32Array | null} image */
  function stroke(image) {
    now = image;
    const { width, height } = pad.ink;
    if (image) strokes.push(pad.context.getImageData(0, 0, width, height));
    else strokes = [];
    inked.value = strokes.length;
  }

  /** Other drawings: a training on the former ones is no longer meant. @param {Uint8Array[]} all */
  function take(all) {
    own.value = all.slice(0, MOST);
    trouble.value = "";
    dropSign();
    ctx.store.commit({ sign: "own", go: false, at: null });
  }

  function clearPad() {
    pad.clear();
    stroke(null);
  }

  function add() {
    if (!now) return;
    const drawing = toBytes(now);
    clearPad();
    take([...own.peek(), drawing]);
  }

  /** Takes back the last stroke on the pad, else the last drawing. */
  function undo() {
    if (!strokes.length) return take(own.peek().slice(0, -1));
    strokes.pop();
    const last = strokes.pop();
    if (!last) return clearPad();
    pad.context.putImageData(last, 0, 0);
    pad.pen.down = true;
    pad.lift();
  }

  function clear() {
    if (inked.peek()) clearPad();
    else take([]);
  }

  /** @param {File[]} chosen */
  async function open(chosen) {
    const found = [];
    let refused = "";
    for (const each of chosen.slice(0, MOST)) {
      const { draw, error } = await prepared(each, BOX);
      if (draw) found.push(Uint8Array.from(greysOf(draw)));
      else refused = error ?? "";
    }
    if (found.length) take([...own.peek(), ...found]);
    trouble.value = refused;
  }

  async function train() {
    const { sign } = state;
    await keepSign(sign, isOwn() ? joined(own.peek()) : null);
    if (keptSign.peek().key && state.sign === sign) ctx.store.commit({ go: true, at: null });
  }

  file.addEventListener("change", () => {
    const chosen = [...file.files];
    file.value = "";
    open(chosen);
  });
  pad.element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  });
  whenever(() => {
    const { sign } = state;
    if (visits.value && sign !== "own" && !examples.value[sign]) untracked(() => keepSign(sign, null));
  });

  const adding = button("Add drawing", add, { kind: "primary" });
  const undoing = button("Undo", undo);
  const clearing = button("Clear", clear);
  const start = button("Train", train, { kind: "primary" });
  const note = h("p", { class: "quiet" }, KEPT_HERE);
  const drawn = h("div", { class: "symbol-drawn", role: "group", "aria-label": "The drawings" });
  whenever(() => {
    const [{ length }, strokeCount, mine] = [drawings.value, inked.value, isOwn()];
    adding.disabled = !strokeCount || own.value.length >= MOST;
    clearing.disabled = undoing.disabled = !strokeCount && !(mine && length);
    start.disabled = length < FEWEST;
    const { error, words } = keptSign.value;
    const lacks = mine && length < FEWEST ? `${length} drawings; at least ${FEWEST} are needed.` : "";
    const counted = `${length} of ${MOST} drawings. A click on one removes it.`;
    const made = length ? words || `${length} drawings, made by code.` : "Code makes twenty drawings of this sign.";
    setText(says, error || trouble.value || lacks || (mine ? counted : made));
    note.hidden = !mine;
    says.classList.toggle("symbol-refused", Boolean(error || trouble.value));
  });
  whenever(() => {
    const mine = isOwn();
    fill(drawn, drawings.value.map((image, k) => drawingOf(image, k, mine)));
  });

  /** @param {Uint8Array} image @param {number} k @param {boolean} mine */
  function drawingOf(image, k, mine) {
    const canvas = imageCanvas(`Drawing ${k + 1}`, 44);
    drawImage(canvas, image);
    if (!mine) return canvas;
    const element = button("", () => take(own.peek().filter((_, i) => i !== k)), { kind: "picture-one" });
    element.setAttribute("aria-label", `Remove drawing ${k + 1}`);
    canvas.setAttribute("aria-hidden", "true");
    element.append(canvas);
    return element;
  }

  const buttons = h("div", { class: "row" }, adding, undoing, clearing, button("Open files", () => file.click()), file);
  const model = imageCanvas("The first drawing", 240);
  const instead = h(
    "div",
    { class: "row" },
    button("Draw your own", () => ctx.store.commit({ sign: "own", go: false })),
  );
  const hand = h("div", { class: "symbol-hand" }, pad.element, buttons, model, instead);
  whenever(() => {
    const mine = isOwn();
    pad.element.hidden = buttons.hidden = !mine;
    model.hidden = instead.hidden = mine;
    const [first] = drawings.value;
    if (!mine && first) drawImage(model, first);
  });
  const side = h("div", { class: "symbol-side" }, says, drawn, h("div", { class: "row" }, start), note);
  const element = h("div", { class: "symbol-given" }, hand, side);
  whenever(() => element.classList.toggle("is-small", state.go));
  return element;
}
