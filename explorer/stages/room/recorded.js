/** Runs that were recorded: the rows of their card, and the images of one of them. */

import { fill, h, setText } from "../kit/shell/dom.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, empty, fillPanel, segmented } from "../kit/shell/parts.js";
import { imageOf, PIXELS } from "../kit/image/pixels.js";
import { rowsPicture, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";

const DRAWS = 5;
const FREE = 10;

/** The figures of a run by their names: {elbo, rate, distortion, iwae, used}, each a row. */
export function figuresOf({ rows }, run) {
  return Object.fromEntries(rows.filter((row) => row.run === run).map((row) => [row.name, row]));
}

/** The images of a run: test images with what was drawn from their codes, and what was drawn from the prior. */
class RunImages {
  constructor(ctx) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, "recorded", () => ctx.refresh("recorded"));
    this.strips = Array.from({ length: 4 }, (_, k) => new Strip(`Test image ${k + 1} and draws`, DRAWS + 1, 72));
    this.free = new Strip("Drawn from the prior", FREE, 56);
    this.words = h("p", { class: "note" });
    this.element = h("div", { class: "run-images" });
    fill(
      this.element,
      h("h2", {}, "A test image, and five draws from its codes"),
      this.strips.map(({ element }) => element),
      h("h2", {}, "Ten drawn from the prior"),
      this.free.element,
      this.words,
    );
  }

  update(run, wanted) {
    if (wanted) this.found.want([{ run }]);
    const answer = this.found.of({ run });
    if (answer && answer !== this.answer) this.take(answer);
    dim(this.element, !answer);
    setText(this.words, this.found.hasFailed({ run }) ? "The images of this run did not arrive." : this.told);
  }

  take(answer) {
    const [x, drawn, free] = ["x", "drawn", "free"].map((name) => fromBase64(answer[name]));
    this.rows = this.strips.map((_, k) => {
      const bytes = new Uint8Array((DRAWS + 1) * PIXELS);
      bytes.set(imageOf(x, k));
      bytes.set(imageOf(drawn, k, DRAWS), PIXELS);
      return bytes;
    });
    this.strips.forEach((strip, k) => strip.show(this.rows[k], "the test image first"));
    this.free.show(free, "ten images");
    this.ctx.show("x", imageOf(x, 0));
    this.ctx.show("out", imageOf(drawn, 0));
    Object.assign(this, { answer, told: `Recorded on ${answer.date}.` });
  }

  hasResult() {
    return Boolean(this.answer);
  }

  picture() {
    if (!this.answer) return null;
    const rows = this.rows.map((bytes, k) => ({ name: `image ${k + 1}`, bytes }));
    return rowsPicture(rows, DRAWS + 1, this.ctx.colours());
  }
}

/** A mode about recorded runs, one of which is chosen: `left` stands beside its images, and a subclass `show`s it. */
export class Recorded {
  /** `key` is the field that says the run, `nameOf(run)` what it is called, and `note` what all of them are. */
  constructor(ctx, { key, label, nameOf, note, left }) {
    Object.assign(this, { ctx, field: key, known: ctx.value().runs, runs: ctx.fields[key].choices });
    this.choice = segmented(label, this.runs.map((run) => [run, nameOf(run)]), (run) => this.choose(run));
    this.images = new RunImages(ctx);
    this.empty = empty("These runs are not measured here: python -m explorer.evaluate vae-runs trains them.");
    this.screen = h("div", { class: "recorded" }, left, this.images.element);
    fill(ctx.main, this.empty, this.screen);
    this.seen = createSeen();
    const told = h("p", { class: "note with-words" }, note);
    fillPanel(ctx, told, this.choice, this.seen.element, createTries(ctx));
  }

  choose(run, rest = true) {
    this.ctx.store.set({ [this.field]: run }, { commit: rest });
  }

  key({ key }) {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const at = this.runs.indexOf(this.ctx.store.get()[this.field]) + (move ?? 0);
    if (!move || at < 0 || at >= this.runs.length) return false;
    this.choose(this.runs[at]);
    return true;
  }

  update(changed) {
    const run = this.ctx.store.get()[this.field];
    this.choice.set(run);
    const own = figuresOf(this.known, run);
    this.empty.hidden = Boolean(own.rate);
    this.screen.hidden = !own.rate;
    if (!own.rate) return this.seen("");
    this.images.update(run, [this.field, "mode"].some((key) => changed.has(key)));
    const words = this.show(run, own);
    this.seen(words);
    this.ctx.describe(words);
  }

  hasResult(what) {
    return this.images.hasResult?.(what) ?? true;
  }

  picture() {
    return this.images.picture();
  }
}
