/** Travel: two images are taken up to their noises, and nine noises between these down again, beside the VAE's path. */

import { Answered } from "../kit/shell/answered.js";
import { figures, fill, h, setText, tryAgain } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { moreNumbers } from "../kit/shell/more.js";
import { createImagePicker } from "../kit/image/image_picker.js";
import { OneFilm } from "../kit/film/one_film.js";
import { captioned, createSeen, empty, fillPanel } from "../kit/shell/parts.js";
import { drawImage, imageCanvas, imageOf, PIXELS } from "../kit/image/pixels.js";
import { keySlider } from "../kit/shell/slider.js";
import { paintRows, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { createSteps, few } from "./choices.js";
import { angleOf, frameWords, greyShare, isDecoding, measure, STOPS, timeWords, travelWords } from "./travel_words.js";

const ASK_AGAIN = ["net", "img", "img2", "steps", "mode"];
const ENDS = { img: 8, img2: 12 };
const TILE = 76;
const LARGE = 170;

class Travel extends OneFilm {
  constructor(ctx) {
    super(ctx);
    this.between = new Answered(ctx, "vae_path", () => this.show());
    this.build();
  }

  build() {
    const { ctx } = this;
    const row = (label) => this.row(label);
    this.rows = { diffusion: row("Between their noises, decoded"), vae: row("Between their codes, by the β-VAE") };
    this.inverting = [0, 1].map((k) => captioned(imageCanvas(`Image ${k + 1} on its way to noise`, LARGE), ""));
    this.here = { diffusion: this.large("diffusion, here"), vae: this.large("VAE, here") };
    this.place = keySlider(ctx, "place", "Place", {
      step: 1 / (STOPS - 1),
      words: (place) => num(place, 3),
      label: "Place along both paths",
      live: true,
    });
    this.numbers = figures(this.measured());
    this.empty = empty();
    const pairs = h("div", { class: "pictures" }, this.inverting, this.here.diffusion, this.here.vae);
    this.roll({
      name: "travel",
      nameOf: () => "There and back",
      screen: h("div", { class: "travel" }, pairs, this.rows.diffusion.element, this.rows.vae.element),
      label: "There and back",
      filename: "travel.gif",
      framesPerSecond: 15,
    });
    fill(ctx.main, this.empty, this.film.host);
    this.ends = Object.entries(ENDS).map(([key, example], k) =>
      createImagePicker(ctx, {
        key,
        example,
        name: k ? "Second image" : "First image",
        title: k ? "To No." : "From No.",
      })
    );
    this.count = createSteps(ctx);
    this.retry = h(
      "p",
      { class: "row", hidden: true },
      "The VAE's path did not arrive.",
      tryAgain(() => this.between.want(this.pair)),
    );
    this.seen = createSeen();
    const pickers = h("div", { class: "travel-ends" }, this.ends.map(({ element }) => element));
    const steps = h("div", { class: "row" }, this.count.element, this.queue.element);
    fillPanel(
      ctx,
      pickers,
      steps,
      this.retry,
      this.place.element,
      this.seen.element,
      moreNumbers(this.numbers),
      createTries(ctx),
    );
  }

  large(text) {
    return captioned(imageCanvas(text, LARGE), text);
  }

  /** Nine images with their name; a click on one goes to its place. */
  row(label) {
    const strip = new Strip(label, STOPS, TILE);
    strip.canvas.addEventListener(
      "click",
      (event) => this.ctx.store.commit({ place: strip.placeAt(event) / (STOPS - 1) }),
    );
    return { strip, element: h("div", {}, h("h2", {}, label), strip.element) };
  }

  enter() {
    this.ctx.images(this.ctx.net().dataset);
  }

  /** The two test images as Python wants them. */
  get pair() {
    const { net } = this.ctx.store.get();
    const [first, second] = this.ends.map((end) => ({ test: end.index(), set: this.ctx.net().dataset }));
    return { net, first, second };
  }

  update(changed) {
    const { error } = this.ctx.net();
    if (changed.has("net")) this.enter();
    for (const part of [...this.ends, this.count]) part.update();
    this.place.set(this.ctx.store.get().place);
    this.empty.hidden = !error;
    this.film.host.hidden = Boolean(error);
    setText(this.empty, error ?? "");
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      this.ask(error ? null : { ...this.pair, steps: few(this.ctx.store.get().steps) });
      if (!error) this.between.want(this.pair);
    } else if (changed.has("at")) this.seek();
    this.show();
  }

  /** The VAE's path between the pair, null until it is there; it is another network, and asked on its own. */
  get vae() {
    const { isCurrent, value } = this.between;
    return isCurrent ? (value.bytes ??= fromBase64(value.values)) : null;
  }

  get finished() {
    return this.current?.done ? this.current.frames.at(-1).x : null;
  }

  /** Which of the nine is looked at. */
  get stop() {
    return Math.round(this.ctx.store.get().place * (STOPS - 1));
  }

  arrived() {
    super.arrived();
    this.show();
  }

  /** Both paths, at the place that is looked at. */
  show() {
    this.retry.hidden = !this.between.failed;
    this.rows.vae.strip.show(this.vae, this.vae ? "nine images" : "not there yet");
    if (this.drawn) this.draw(this.film.index);
    this.tell(this.queue.running !== null);
  }

  captionOf(at) {
    return frameWords(this.drawn.frames[at], at === this.drawn.total - 1);
  }

  /**
   * The two images where they are inverted, at their noises once they are there, and the nine once these are decoded.
   */
  draw(index) {
    const { frames } = this.drawn;
    const frame = frames[index];
    const inverted = isDecoding(frame) ? frames.findLast((each) => !isDecoding(each)) : frame;
    this.inverting.forEach((figure, k) => {
      drawImage(figure.firstChild, imageOf(inverted.x, k));
      setText(figure.caption, `${k ? "to" : "from"}, ${timeWords(inverted.time)}`);
    });
    this.ctx.show("noise", imageOf(inverted.x, 0));
    const { strip } = this.rows.diffusion;
    if (isDecoding(frame)) strip.show(frame.x, frame.time === 0 ? "nine images" : `at ${timeWords(frame.time)}`);
    else strip.clear();
    this.drawHere(this.here.diffusion, isDecoding(frame) ? frame.x : null);
    this.ctx.show("out", isDecoding(frame) ? imageOf(frame.x, this.stop) : null);
    this.drawHere(this.here.vae, this.vae);
    for (const { strip: each } of Object.values(this.rows)) each.mark(this.stop);
  }

  drawHere(figure, row) {
    figure.style.visibility = row ? "" : "hidden";
    if (row) drawImage(figure.firstChild, imageOf(row, this.stop));
  }

  /** The two originals, or null while they are not read. */
  get originals() {
    const { assets } = this.ctx;
    return assets.ready ? this.ends.map((end) => assets.sprite(end.index())) : null;
  }

  tell(moving) {
    const { current, finished, vae, originals } = this;
    const frame = current?.frames[this.film.index];
    const known = {
      frame,
      isOver: finished !== null && this.film.index === this.last,
      angle: angleOf(current),
      diffusion: finished && originals && measure(finished, originals),
      vae: vae && originals && measure(vae, originals),
    };
    this.numbers.set(this.measured());
    this.seen(travelWords(known), moving);
    this.ctx.describe(current ? frameWords(current.frames.at(-1), current.done) : "");
  }

  measured() {
    const { current = null, finished = null, vae = null } = this.ends ? this : {};
    const grey = (row) => (row ? `${num(100 * greyShare(row, this.stop), 0)} %` : "–");
    return [
      [
        "network evaluations",
        current ? `${current.evaluations.toLocaleString("en")} in ${num(current.seconds, 1)} s` : "–",
      ],
      ["grey pixels here: diffusion, VAE", `${grey(finished)}, ${grey(vae)}`],
    ];
  }

  paint(canvas, index) {
    const frame = this.drawn.frames[index];
    const { x, time } = frame;
    const row = new Uint8Array(STOPS * PIXELS);
    row.set(isDecoding(frame) ? x : imageOf(x, 0));
    if (!isDecoding(frame)) row.set(imageOf(x, 1), (STOPS - 1) * PIXELS);
    const rows = [{ name: timeWords(time), bytes: row }, ...(this.vae ? [{ name: "β-VAE", bytes: this.vae }] : [])];
    paintRows(canvas, rows, STOPS, this.ctx.colours());
  }

  hasResult() {
    return Boolean(this.finished);
  }

  table() {
    const { finished, vae } = this;
    if (!finished) return null;
    const rows = Array.from(
      { length: STOPS },
      (_, k) => [k / (STOPS - 1), greyShare(finished, k), vae && greyShare(vae, k)],
    );
    return {
      name: `${this.ctx.net().name}-travel`,
      rows: [["place", "grey pixels, diffusion", "grey pixels, VAE"], ...rows],
    };
  }
}

export default {
  hint: "Interpolate between the noises of two images",
  create: (ctx) => new Travel(ctx),
};
