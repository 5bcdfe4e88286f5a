/** What the two energies of images have in common: a picture, four chains from it or from noise, and what is said. */

import { setText } from "../kit/shell/dom.js";
import { moreControls } from "../kit/shell/more.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, empty, fillPanel, keySegments } from "../kit/shell/parts.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { createSeed } from "../kit/shell/seed.js";
import { StripFilm } from "../kit/film/strip_film.js";
import { takeNet } from "../kit/shell/take_net.js";
import { createTries } from "../kit/lesson/tries.js";
import { createSets, OF_IMAGES } from "./of_images.js";

export const PICTURE = ["img", "draw", "source", "set", "mode"];
export const ANY = { test: 0, set: "mnist" }; // where no picture decides what chains do

/**
 * A subclass says `mode`, `rollAgain` (the keys that change the chains), `wanted` (what they are asked; null for none),
 * `nothing` (what to do without a picture), and gives `tell(moving)`.
 */
export class ImageChains {
  /** `question` is the server function that looks at the picture, `chains` what a `StripFilm` is given. */
  constructor(ctx, { question, chains }) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, question, () => ctx.refresh("looked"));
    this.chains = new StripFilm(ctx, {
      ...chains,
      captionOf: (_, { caption }) => caption,
      onChange: (moving) => this.tell(moving),
    });
    this.empty = empty();
    this.chooser = new Picture(ctx, { others: false });
    this.sets = createSets(ctx);
    this.seed = createSeed(ctx, { words: "Four others" });
    this.begin = keySegments(ctx, "begin", "Begin with", [["noise", "From noise"], ["picture", "From the picture"]]);
    this.seen = createSeen();
  }

  /** Lays these controls between the picture and what is said, and the `rare` ones behind *More controls*. */
  fillPanel(controls, rare) {
    const { chooser, chains, seen, ctx, sets } = this;
    const told = [chains.queue.element, seen.element, createTries(ctx)];
    fillPanel(ctx, chooser.element, controls, moreControls(sets, rare), told);
  }

  enter() {
    takeNet(this.ctx, [OF_IMAGES[this.mode]]);
    startWithExample(this.ctx);
  }

  leave() {
    this.chains.leave();
  }

  key(event) {
    return this.chains.key(event);
  }

  /** The numbers before they are there. */
  get heads() {
    return this.ctx.value().heads[this.mode].map((name) => [name, "–"]);
  }

  get picked() {
    return drawnOrTest(this.ctx.store.get(), "mnist");
  }

  /** Has the chains asked where what they are asked has changed. */
  update(changed) {
    const { error } = this.ctx.net();
    const { begin, set } = this.ctx.store.get();
    for (const part of [this.chooser, this.seed]) part.update();
    this.begin.set(begin);
    this.sets.set(set ?? "mnist");
    if (this.rollAgain.some((key) => changed.has(key))) this.chains.ask(error ? null : this.wanted);
    else if (changed.has("at")) this.chains.arrived();
    setText(this.empty, error ?? this.nothing);
  }

  /** Says what there is of these words. */
  say(words, moving) {
    const said = words.filter(Boolean).join(" ");
    this.seen(said, moving);
    if (!moving && said) this.ctx.describe(said);
  }

  hasResult(what) {
    return this.chains.hasResult?.(what) ?? true;
  }

  picture() {
    return this.chains.picture();
  }

  table() {
    return this.chains.table(`${this.ctx.net().name}-chains`);
  }
}
