/** Parts shared by the two energies of images: a picture, four chains from it or from noise, and the sentences. */

import { setText } from "../kit/base/dom.js";
import { createControls } from "../kit/panel/controls.js";
import { Answered } from "../kit/ask/answered.js";
import { createSeen, empty, fillPanel } from "../kit/panel/parts.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { StripFilm } from "../kit/film/strip_film.js";
import { takeNet } from "../kit/panel/take_net.js";
import { createTries } from "../kit/lesson/tries.js";
import { OF_IMAGES } from "./of_images.js";

export const PICTURE = ["img", "draw", "source", "set", "mode"];
export const ANY = { test: 0, set: "mnist" }; // where no picture decides what chains do

/**
 * A subclass says `from`, the picture with which its chains begin (null for none), `nothing` (what to do without one), and gives
 * `tell(moving)`.
 */
export class ImageChains {
  /** `question` is the server function that looks at the picture, `chains` what a `StripFilm` is given. */
  constructor(ctx, mode, { question, chains }) {
    Object.assign(this, { ctx, mode });
    this.found = new Answered(ctx, question, () => ctx.refresh("looked"));
    this.chains = new StripFilm(ctx, {
      ...chains,
      captionOf: (_, { caption }) => caption,
      onChange: (moving) => this.tell(moving),
    });
    this.empty = empty();
    this.chooser = new Picture(ctx, { others: false });
    this.controls = createControls(ctx, ctx.value().panels[mode]);
    this.seen = createSeen();
  }

  /** Lays elements between the picture and the controls, and below what is seen. */
  fillPanel(above, below = []) {
    const { chooser, controls, seen, ctx } = this;
    fillPanel(ctx, chooser.element, above, controls.element, seen.element, below, createTries(ctx));
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

  /** What the server found in the picture; null before that. */
  get looked() {
    return this.found.isCurrent ? this.found.value : null;
  }

  /** Question to Python about the chains; null while they have no picture. */
  get wanted() {
    return this.from && { ...this.controls.request(), picture: this.from };
  }

  /** Has the chains asked where what they are asked has changed. */
  update(changed) {
    const { error } = this.ctx.net();
    this.chooser.update();
    this.controls.update();
    if (["mode", ...this.controls.asks].some((key) => changed.has(key))) {
      this.chains.ask(error ? null : this.wanted);
    } else if (changed.has("at")) this.chains.arrived();
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

  table() {
    return this.chains.table(`${this.ctx.net().name}-chains`);
  }
}
