/**
 * Complete: what is kept of a picture stays, and the network fills in the rest four times, with resampling (RePaint).
 */

import { greyOf } from "../kit/chosen.js";
import { createClass } from "../kit/class_choice.js";
import { button, fill, h, setText } from "../kit/dom.js";
import { createSeen, empty, segmented } from "../kit/parts.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/picture.js";
import { PIXELS, SIDE } from "../kit/pixels.js";
import { createSeed } from "../kit/seed.js";
import { createSlider } from "../kit/slider.js";
import { packBits, toBase64 } from "../kit/tensors.js";
import { createTries } from "../kit/tries.js";
import { Answers } from "./answers.js";
import { createScale, createSteps, few } from "./choices.js";
import { compare, completeWords } from "./complete_words.js";
import { keptOf, Mask, maskOf, toMask } from "./mask.js";

const ASK_AGAIN = ["net", "img", "draw", "source", "keep", "mask", "seed", "label", "w", "steps", "resamples", "mode"];
const LEFT = toMask(maskOf((_, column) => column < SIDE / 2));
const HOLE = toMask(maskOf((row, column) => Math.hypot(row - 13.5, column - 13.5) > 6));
const TRIES = [
  ["No resampling: r = 1", { resamples: 1, at: null }],
  ["A hole in the middle", { keep: "painted", mask: HOLE, at: null }],
  ["Half a shirt", {
    net: "diffusion-fashion-mnist",
    img: 6,
    draw: null,
    source: null,
    keep: "painted",
    mask: LEFT,
    label: null,
    seed: 7,
    resamples: 5,
    at: null,
  }],
];
const NOTHING = {
  test: "Choose a test image: what you keep of it stays, and the network fills in the rest.",
  draw: "Draw something on the pad: what you keep of it stays, and the network fills in the rest.",
};
const ALL_KEPT = "Everything is kept. Rub out a part of the picture, and the network fills it in four times.";

class Complete {
  constructor(ctx) {
    this.ctx = ctx;
    this.painting = false;
    this.build();
  }

  build() {
    const { ctx } = this;
    const commit = (patch) => ctx.store.set(patch, { commit: true });
    this.mask = new Mask((kept, { commit: ended }) => this.paint(kept, ended));
    this.answers = new Answers(ctx, {
      name: "complete",
      doing: "Filling in",
      label: "Four answers",
      beside: this.mask.element,
      onChange: (moving) => this.tell(moving),
    });
    this.empty = empty();
    this.answers.fill(ctx.main, this.empty);
    this.chooser = new Picture(ctx, { others: false });
    this.keep = segmented("Keep", [["top", "Top half"], ["painted", "Painted"]], (keep) => commit({ keep }));
    this.brush = segmented("Brush", [[false, "Rub out"], [true, "Bring back"]], (keeps) => this.takeBrush(keeps));
    this.all = button("Whole picture", () => commit({ keep: "painted", mask: null }), {
      title: "Keep every pixel again",
    });
    this.resamples = createSlider("rounds a step", {
      field: ctx.fields.resamples,
      step: 1,
      words: String,
      label: "Resampling rounds a step",
      onRelease: (resamples) => commit({ resamples }),
    });
    this.seed = createSeed(ctx, { words: "4 others" });
    this.label = createClass(ctx);
    this.scale = createScale(ctx);
    this.steps = createSteps(ctx);
    this.seen = createSeen();
    const brushes = h("div", { class: "row" }, this.keep, this.brush, this.all);
    const choices = h(
      "div",
      { class: "row" },
      this.label.element,
      this.steps.element,
      this.scale.element,
      this.answers.queue.element,
    );
    const tries = createTries(ctx, TRIES);
    fill(
      ctx.panel,
      h(
        "div",
        { class: "mode-body" },
        this.chooser.element,
        brushes,
        this.resamples.element,
        this.seed.element,
        choices,
        this.seen.element,
        tries,
      ),
    );
    this.takeBrush(false);
  }

  takeBrush(keeps) {
    this.mask.keeps = keeps;
    this.brush.set(keeps);
  }

  /** A dab of the brush; the network is asked once it is lifted. */
  paint(kept, ended) {
    this.painting = !ended;
    this.ctx.store.set({ keep: "painted", mask: toMask(kept) }, { commit: ended });
    if (ended) this.ctx.refresh("mask");
  }

  enter() {
    startWithExample(this.ctx);
  }

  leave() {
    this.answers.leave();
  }

  key(event) {
    return this.answers.key(event);
  }

  get kept() {
    return keptOf(this.ctx.store.get());
  }

  get isWhole() {
    return this.kept.every((flag) => flag);
  }

  /** What Python is asked; null while nothing is chosen, or nothing is left to fill in. */
  get request() {
    const { net, seed, label, w, steps, resamples } = this.ctx.store.get();
    const picture = drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset);
    if (!picture || this.isWhole) return null;
    return {
      net,
      picture,
      known: toBase64(packBits(this.kept)),
      seed,
      label,
      w: label === null ? 1 : w,
      steps: few(steps),
      resamples,
    };
  }

  update(changed) {
    const { keep, resamples } = this.ctx.store.get();
    for (const part of [this.chooser, this.seed, this.label, this.scale, this.steps]) part.update();
    this.keep.set(keep);
    this.resamples.set(resamples);
    this.show();
    if (this.painting) return;
    if (ASK_AGAIN.some((key) => changed.has(key))) this.answers.ask(this.ctx.net().error ? null : this.request);
    else if (changed.has("at")) this.answers.seek();
    else if (changed.has("assets")) this.tell();
  }

  /** The picture with what is kept of it, and why there is nothing beside it where that is so. */
  show() {
    const grey = greyOf(this.ctx);
    const { error } = this.ctx.net();
    const chosen = drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset) !== null;
    this.empty.hidden = chosen && !error && !this.isWhole;
    this.answers.host.hidden = !chosen || Boolean(error);
    setText(this.empty, error ?? (chosen ? ALL_KEPT : NOTHING[this.chooser.kind]));
    if (grey) this.mask.show(Float32Array.from(grey, (value) => value / 255), this.kept);
  }

  tell(moving) {
    const { frame, request } = this.answers;
    const grey = greyOf(this.ctx);
    this.found = frame && grey ? compare(frame.x, grey, this.kept) : null;
    this.answers.caption(this.found?.captions ?? []);
    const words = () =>
      completeWords({
        ...this.found,
        s: frame.time,
        kept: this.kept,
        name: nameOf(request.picture),
        resamples: request.resamples,
      });
    this.seen(this.found ? words() : "", moving);
  }

  picture() {
    return this.answers.picture();
  }

  table() {
    if (!this.found) return null;
    const { net, seed, resamples } = this.answers.request;
    const known = this.kept.reduce((sum, flag) => sum + flag, 0);
    const rows = this.found.rest.map((
      value,
      k,
    ) => [k + 1, known, PIXELS - known, resamples, seed, value, this.found.seams[k]]);
    const head = [
      "answer",
      "pixels kept",
      "pixels filled in",
      "resamples",
      "seed",
      "L2 distance from the real rest",
      "jump at the seam",
    ];
    return { name: `${net}-complete`, rows: [head, ...rows] };
  }
}

export default {
  hint: "Rub out a part of the picture: the network fills it in four times",
  create: (ctx) => new Complete(ctx),
};
