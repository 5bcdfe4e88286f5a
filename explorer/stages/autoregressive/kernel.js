/** A masked kernel to switch by hand: which taps a first layer (A) and the later ones (B) may keep, and what leaks. */

import { button, fill, h, setText } from "../kit/shell/dom.js";
import { segmented } from "../kit/shell/parts.js";
import { placeOf } from "../kit/image/board.js";
import { SIDE } from "../kit/image/pixels.js";
import { chosenPixel, MaskPart, underlay } from "./masks_common.js";
import { centreOf, kindsOf, offsetOf } from "./taps.js";

const MOVES = { ArrowLeft: -1, ArrowRight: 1 };
const SIGNS = { kept: "1", off: "0", missing: "0", itself: "×", future: "×" };
const WORDS = {
  kept: "kept",
  off: "masked",
  missing: "switched off, though it may be kept",
  itself: "kept, and it is the pixel itself",
  future: "kept, and it comes later",
};
const LEAKS = new Set(["itself", "future"]);

export class Kernel extends MaskPart {
  constructor(ctx) {
    super(ctx, "Where the kernel lies");
    const { commit } = ctx.store;
    this.sizes = segmented(
      "Kernel",
      [3, 5, 7].map((size) => [size, `${size} × ${size}`]),
      (kernel) => commit({ kernel, taps: [] }),
    );
    this.types = segmented(
      "Mask",
      [["A", "A: first layer"], ["B", "B: later layers"]],
      (type) => commit({ type, taps: [] }),
    );
    this.mend = button("As the mask wants it", () => commit({ taps: [] }));
    this.grid = h("div", { class: "kernel", role: "group", "aria-label": "Kernel; the outlined cell is its centre" });
    this.grid.addEventListener("keydown", (event) => this.key(event));
    const kernel = h(
      "figure",
      { class: "kernel-figure" },
      this.grid,
      h("figcaption", { class: "with-words" }, "Tap a cell to switch it: 1 keeps the weight, 0 masks it, × leaks."),
    );
    const mend = h("div", { class: "row" }, this.mend);
    this.panel = h("div", { class: "mode-body" }, this.sizes, this.types, kernel, this.seen.element, mend);
    this.size = null;
  }

  update() {
    const { kernel, type, taps } = this.ctx.store.get();
    const kinds = kindsOf(kernel, type, taps);
    this.sizes.set(kernel);
    this.types.set(type);
    this.mend.disabled = taps.length === 0;
    if (this.size !== kernel) this.lay(kernel);
    kinds.forEach((kind, cell) => this.showCell(cell, kind, kernel));
    this.showBoard(kinds, kernel);
    this.seen(verdict(kinds, type));
  }

  lay(size) {
    this.size = size;
    this.grid.style.setProperty("--size", size);
    const cells = Array.from(
      { length: size * size },
      (_, cell) =>
        h("button", {
          type: "button",
          class: "tap number",
          tabindex: cell === centreOf(size) ? 0 : -1,
          onclick: () => this.toggle(cell),
        }),
    );
    cells[centreOf(size)].classList.add("is-centre");
    fill(this.grid, cells);
  }

  toggle(cell) {
    const { taps } = this.ctx.store.get();
    const next = taps.includes(cell) ? taps.filter((other) => other !== cell) : [...taps, cell].sort((a, b) => a - b);
    this.ctx.store.commit({ taps: next });
  }

  showCell(cell, kind, size) {
    const element = this.grid.children[cell];
    const [down, right] = offsetOf(cell, size);
    setText(element, SIGNS[kind]);
    element.dataset.kind = kind;
    element.setAttribute("aria-pressed", String(kind === "kept" || LEAKS.has(kind)));
    element.setAttribute("aria-label", `${where(down, right)}: ${WORDS[kind]}`);
  }

  /** The kernel laid on an image whose later pixels are not there yet. */
  showBoard(kinds, size) {
    const ring = chosenPixel(this.ctx);
    const [veil, marks] = [new Float32Array(SIDE * SIDE), new Uint8Array(SIDE * SIDE)];
    let outside = 0;
    kinds.forEach((kind, cell) => {
      if (kind === "off" || kind === "missing") return;
      const [down, right] = offsetOf(cell, size);
      const [row, column] = [Math.floor(ring / SIDE) + down, (ring % SIDE) + right];
      if (row < 0 || row >= SIDE || column < 0 || column >= SIDE) outside += 1;
      else if (LEAKS.has(kind)) marks[row * SIDE + column] = 1;
      else veil[row * SIDE + column] = 0.8;
    });
    this.board.show({
      values: underlay(this.ctx),
      known: ring,
      ring,
      veil,
      marks,
      words: `centre at ${placeOf(ring)}`,
    });
    const beyond = outside
      ? ` ${outside} of its taps ${outside === 1 ? "lies" : "lie"} outside the image and read 0.`
      : "";
    setText(this.caption, `Centre at ${placeOf(ring)}. Later pixels do not exist yet.${beyond}`);
  }

  /** Arrow keys walk over the cells; Enter and Space switch them, as they do any button. */
  key(event) {
    const at = [...this.grid.children].indexOf(event.target);
    const by = { ...MOVES, ArrowUp: -this.size, ArrowDown: this.size }[event.key];
    const next = this.grid.children[at + by];
    if (at < 0 || by === undefined || !next) return;
    for (const cell of this.grid.children) cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  }

  table() {
    const { kernel, type, taps } = this.ctx.store.get();
    const rows = kindsOf(kernel, type, taps).map((
      kind,
      cell,
    ) => [...offsetOf(cell, kernel), Number(kind === "kept" || LEAKS.has(kind)), kind]);
    return {
      name: `mask-${type}-${kernel}x${kernel}`,
      rows: [["row_offset", "column_offset", "kept", "meaning"], ...rows],
    };
  }
}

function where(down, right) {
  if (down === 0 && right === 0) return "centre";
  const parts = [
    down && `${Math.abs(down)} ${down < 0 ? "up" : "down"}`,
    right && `${Math.abs(right)} ${right < 0 ? "left" : "right"}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** What the output of a layer with these taps would know. */
function verdict(kinds, type) {
  const count = (wanted) => kinds.filter((kind) => kind === wanted).length;
  const [kept, missing, future, itself] = ["kept", "missing", "future", "itself"].map(count);
  if (itself && future) return `It sees its own pixel, and ${later(future)}. ${COPYING}`;
  if (itself) return `It sees its own pixel. ${COPYING}`;
  if (future) {
    return `It sees ${later(future)}: training could use what drawing does not have yet, so log p would no ` +
      "longer be a sum of conditionals.";
  }
  const fewer = missing
    ? ` ${missing} ${missing === 1 ? "tap that it may keep is" : "taps that it may keep are"} off: ` +
      "nothing leaks, it only knows less."
    : "";
  if (type === "A") {
    return `Nothing leaks: the ${kept} taps come before the pixel, and its own value is masked. That is ` +
      `needed in the first layer, which reads the pixels themselves.${fewer}`;
  }
  return `Nothing leaks: the ${kept} taps come before the pixel or lie on it. Its own place is safe here, ` +
    `as what a layer above the first finds there was computed without the pixel.${fewer}`;
}

const COPYING = "A first layer that sees the pixel copies it: in training −log p falls towards 0, and drawing " +
  "has nothing to copy from.";

const later = (count) => (count === 1 ? "one pixel that comes later" : `${count} pixels that come later`);
