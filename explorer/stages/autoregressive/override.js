/** Change a pixel of a finished image: the network goes on from there, and both branches stay on screen. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { dimAnswer, numberTable, whileBusy } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { LARGE, PIXELS, SIDE } from "../kit/image/pixels.js";
import { createSlider } from "../kit/panel/slider.js";
import { createFilm } from "../kit/film/player.js";
import { Board, placeOf } from "../kit/image/board.js";
import { branchOf, differences, inForce, levelOf, overrideOf, pixelOf, reportOf } from "./branches.js";
import { levelName } from "./levels.js";

const PER_SECOND = 60;
const GIF_FRAMES = 100;
const EXAMPLE = 11 * SIDE + 15; // the pixel that is marked at first

class Override extends ByHand {
  constructor(ctx) {
    super(ctx, "override");
    Object.assign(this, {
      original: null,
      branch: null,
      asked: null,
      shownKey: null,
      turn: 0,
    });
    this.build();
  }

  build() {
    const { ctx } = this;
    const help = "Arrow keys choose a pixel, Enter overrides it";
    this.left = new Board({
      label: `The image as it was drawn. ${help}, and starts a new branch`,
      onTap: (pixel) => this.tap(pixel, []),
      size: LARGE,
    });
    this.right = new Board({
      label: `The branch after your overrides. ${help} as well`,
      onTap: (pixel) => this.tap(pixel, ctx.store.get().over),
      size: LARGE,
    });
    this.captions = [h("p", { class: "branch-words" }), h("p", { class: "branch-words" })];
    const half = (board, title, caption) => h("div", { class: "branch" }, h("h2", {}, title), board.element, caption);
    this.pair = h(
      "div",
      { class: "branches" },
      half(this.left, "As it was drawn", this.captions[0]),
      half(this.right, "With your overrides", this.captions[1]),
    );
    this.film = createFilm({
      screen: this.pair,
      label: "What is drawn again",
      filename: "override.gif",
      framesPerSecond: PER_SECOND,
      stride: { size: SIDE, name: "row" },
      frames: GIF_FRAMES,
      tell: (moving) => this.tell(moving),
    });
    this.open(this.film.host, this.buildPanel());
    this.showBoards(PIXELS);
  }

  buildPanel() {
    const { ctx } = this;
    const { commit } = ctx.store;
    this.undo = button("Undo the last", () => commit({ over: ctx.store.get().over.slice(0, -1) }));
    this.clear = button("Undo all", () => commit({ over: [] }));
    this.diff = button("Mark the differences", () => commit({ diff: !ctx.store.get().diff }), { pressed: true });
    this.level = createSlider("Its level", {
      ...{ field: { low: 0, high: 255 }, step: 1, words: String, label: "Level of the pixel overridden last" },
      onRelease: (level) => this.setLevel(level),
    });
    this.list = h("div", { class: "overrides" });
    this.dims = [this.left.element, this.right.element, ...this.captions, this.film.parts.caption, this.list];
    this.numbers = headline(this.rows, 0);
    const actions = h("div", { class: "row" }, this.undo, this.clear, this.diff);
    return { above: [this.numbers], below: [actions, this.level.element, this.list] };
  }

  /** Overrides a pixel after the overrides `over`, on the branch that they made: black for white, white for black. */
  tap(pixel, over) {
    const { original, branch } = this;
    if (this.isEarlier) return;
    const { most } = this.ctx.fields.over;
    if (over.length === most) return this.ctx.say(sentences(this.declared, { most }, "many"));
    const from = over.length && branch ? branch : original;
    const { levels } = from.net;
    this.ctx.store.commit({ over: [...over, overrideOf(pixel, levels - 1 - from.image()[pixel])] });
  }

  setLevel(level) {
    const { over } = this.ctx.store.get();
    this.ctx.store.commit({ over: [...over.slice(0, -1), overrideOf(pixelOf(over.at(-1)), level)] });
  }

  update(changed) {
    const { over, diff } = this.ctx.store.get();
    this.controls.update();
    this.diff.setAttribute("aria-pressed", String(diff));
    this.undo.disabled = this.clear.disabled = over.length === 0;
    this.showLevel(over);
    if (changed.has("diff") || changed.has("over")) this.redraw();
    this.ask();
  }

  redraw() {
    if (this.branch) this.film.show(this.film.index);
    else this.showBoards(PIXELS);
  }

  showLevel(over) {
    const { levels } = this.ctx.net();
    this.level.element.hidden = levels === 2 || over.length === 0;
    this.level.input.max = levels - 1;
    if (over.length) this.level.set(levelOf(over.at(-1)));
  }

  /** Has the image drawn, and then what follows each override; what is on screen stays, dimmed, until it is. */
  async ask() {
    const { ctx } = this;
    const { over } = ctx.store.get();
    const key = this.wanted;
    if (key === this.asked) return;
    this.asked = key;
    const turn = ++this.turn;
    this.controls.seed.failed(false);
    this.dim();
    if (ctx.net().error) return this.clear();
    const found = await whileBusy(this.controls.seed.again, () => this.read(over), "Drawing…");
    if (turn !== this.turn) return;
    if (found) this.take(found, over, key);
    else this.asked = null;
    this.controls.seed.failed(!found);
    this.dim();
  }

  /** The image and the overrides that are wanted now. */
  get wanted() {
    const { drawn, store } = this.ctx;
    return `${drawn.key} ${drawn.index} ${store.get().over}`;
  }

  /** True if the picture follows another image or other overrides than those wanted now. */
  get isEarlier() {
    return this.shownKey !== this.wanted;
  }

  dim() {
    dimAnswer(this, this.original && this.isEarlier);
  }

  /** Nothing of another network stays where this one cannot be read; the status says why. */
  clear() {
    Object.assign(this, { original: null, branch: null, shownKey: null });
    this.dim();
    this.film.clear();
    this.showBoards(PIXELS);
    fill(this.list);
    this.seen("");
  }

  async read(over) {
    const { drawn } = this.ctx;
    const { key, index } = drawn;
    const request = drawn.asking("override");
    const original = await drawn.watched();
    if (original && !this.original) this.begin(original);
    const branch = original && (await branchOf(drawn, original, over, { key, index, request }));
    return branch && { original, branch };
  }

  /** The image as it was drawn is there before what becomes of it. */
  begin(original) {
    this.original = original;
    this.dim();
    this.showBoards(PIXELS);
  }

  take({ original, branch }, over, key) {
    const same = over.length === 0;
    Object.assign(this, {
      original,
      branch: same ? null : branch,
      over: inForce(over, original.places),
      shownKey: key,
    });
    this.change = same ? null : differences(original, branch, this.over);
    this.film.setSteps(same ? { length: 0 } : this.steps());
    this.film.show(this.film.steps.length - 1);
    this.showBoards(PIXELS);
    fill(this.list, this.branch ? this.overridesTable() : []);
    this.tell();
  }

  /** The branch as it is drawn again, from the first override on. */
  steps() {
    const from = this.change.first + 1;
    return {
      length: PIXELS - from + 1,
      show: (step) => this.showBoards(from + step),
      caption: (step) => this.say(step === PIXELS - from ? "both" : step === 1 ? "step" : "steps", from + step),
      place: (step) => `${from + step}/${PIXELS}`,
    };
  }

  scenes(known) {
    const { original, branch, change, over } = this;
    const nothing = { values: new Float32Array(PIXELS), known: 0 };
    if (!original) return [nothing, nothing];
    const { order } = original;
    const { over: chosen } = this.ctx.store.get();
    const rings = chosen.length ? inForce(chosen, original.places).map(pixelOf) : [EXAMPLE];
    const marks = branch && this.ctx.store.get().diff ? change.flags : null;
    const soFar = marks?.map((flag, pixel) => (original.places[pixel] < known ? flag : 0));
    const left = { values: original.grey(), rings, marks };
    return [left, branch ? { values: branch.grey(), known, order, rings: over.map(pixelOf), marks: soFar } : nothing];
  }

  showBoards(known) {
    const [left, right] = this.scenes(known);
    const words = this.captionsAt(known);
    this.pair.classList.toggle("fresh", !this.branch);
    this.left.show({ ...left, words: words[0] });
    this.right.show({ ...right, words: words[1] });
    this.ctx.show("out", (this.branch ? right : left).values);
    this.captions.forEach((caption, i) => setText(caption, words[i]));
  }

  /** Number of drawn pixels of the branch on screen. */
  get known() {
    return this.branch ? this.change.first + 1 + this.film.index : PIXELS;
  }

  /** Captions under the two boards when so many pixels are drawn. */
  captionsAt(known) {
    const waiting = this.ctx.store.get().over.length ? "waits" : "none";
    const name = !this.branch ? waiting : known === PIXELS ? "done" : "known";
    return [this.original ? this.say("cost", known) : "", this.say(name, known)];
  }

  /** Figures of both branches when so many pixels are drawn; of the image alone while there is no other. */
  reportAt(known) {
    const { original, branch, change, over, declared } = this;
    if (!branch) return { cost: [original && -original.logProbSoFar()] };
    return reportOf({ original, branch, change, over, known }, declared.says);
  }

  say(name, known) {
    return sentences(this.declared, this.reportAt(known), name);
  }

  /** Figures of the image with its overrides, and of the one as it was drawn. */
  get rows() {
    return figuresOf(this.declared, this.reportAt(PIXELS), this.branch ? "overridden" : "drawn");
  }

  tell(moving) {
    const { branch, change, known } = this;
    const drawn = change?.before === 0 ? "unchanged" : "changed";
    this.numbers.set(this.rows);
    this.seen(this.say(!branch ? "start" : known < PIXELS ? "begun" : drawn, known), moving);
  }

  overridesTable() {
    const { original, over } = this;
    const rows = over.map((override, i) => {
      const pixel = pixelOf(override);
      return [
        String(i + 1),
        placeOf(pixel),
        levelName(original.net, original.image()[pixel]),
        levelName(original.net, levelOf(override)),
      ];
    });
    return numberTable("Your overrides", ["", "pixel", "was", "is"], rows);
  }

  hasResult(what) {
    return Boolean(what === "table" ? this.branch : this.original);
  }

  table() {
    const { original, branch } = this;
    if (!branch) return null;
    const [head, ...rows] = original.rows();
    const names = ["level_after", "log_prob_after_nats", "entropy_after_nats"];
    const other = branch.rows().slice(1);
    return {
      name: `${original.net.name}-override`,
      rows: [[...head, ...names], ...rows.map((row, i) => [...row, ...other[i].slice(3)])],
    };
  }
}

export default {
  create: (ctx) => new Override(ctx),
};
