/** Travel: two images are taken up to their noises, and nine noises between these down again, beside the VAE's path. */

import { h, setText } from "../kit/base/dom.js";
import { createImagePicker } from "../kit/image/image_picker.js";
import { ReportFilm } from "../kit/film/report_film.js";
import { captioned } from "../kit/panel/parts.js";
import { drawImage, imageCanvas, imageOf, PIXELS } from "../kit/image/pixels.js";
import { Strip } from "../kit/film/strip.js";

const ENDS = { img: 8, img2: 12 };
const STOPS = 9;
const TILE = 82;
const LARGE = 264;
const timeWords = (t) => `t = ${t.toLocaleString("en")}`;

/** True if a frame is on the way down from the noises; else it is on the way up to them. */
const isDecoding = ({ x }) => x.length === STOPS * PIXELS;

class Travel extends ReportFilm {
  constructor(ctx) {
    super(ctx, "travel");
    const row = (label) => this.row(label);
    const large = (text) =>
      Object.assign(captioned(imageCanvas(text, LARGE), text), { hidden: true, className: "captioned result" });
    this.rows = { diffusion: row("Between their noises"), vae: row("Between their codes, β-VAE") };
    this.inverting = [0, 1].map((k) => captioned(imageCanvas(`Image ${k + 1} on its way to noise`, LARGE), ""));
    this.here = { diffusion: large("diffusion, here"), vae: large("VAE, here") };
    const both = h("div", { class: "inverting" }, this.inverting);
    const pairs = h("div", { class: "pictures" }, both, this.here.diffusion, this.here.vae);
    this.ends = Object.entries(ENDS).map(([key, example], k) =>
      createImagePicker(ctx, {
        key,
        example,
        name: k ? "Second image" : "First image",
        title: k ? "To No." : "From No.",
      })
    );
    this.open({
      nameOf: () => "There and back",
      screen: h("div", { class: "travel" }, pairs, this.rows.diffusion.element, this.rows.vae.element),
      label: "There and back",
      framesPerSecond: 15,
      above: [h("div", { class: "travel-ends" }, this.ends.map(({ element }) => element))],
      below: [this.numbers],
    });
  }

  /** Nine images with their name; a click on one goes to its place. */
  row(label) {
    const strip = new Strip(label, STOPS, TILE);
    const choose = (event) => this.ctx.store.commit({ place: strip.placeAt(event) / (STOPS - 1) });
    strip.canvas.addEventListener("click", choose);
    const head = h("h2", {}, label);
    return { strip, head, label, element: h("div", {}, head, h("div", { class: "result" }, strip.element)) };
  }

  enter() {
    this.ctx.images(this.ctx.net().dataset);
  }

  /** The two test images besides what the controls say. */
  ask(request) {
    const [first, second] = this.ends.map((end) => ({ test: end.index(), set: this.ctx.net().dataset }));
    super.ask(request && { ...request, first, second });
  }

  update(changed) {
    if (changed.has("net")) this.enter();
    for (const end of this.ends) end.update();
    super.update(changed);
    if (changed.has("place")) this.arrived();
  }

  /** A film stands where the address says; it does not begin by itself. */
  begin() {
    this.film.index = this.at;
    this.film.setSteps(this.steps());
  }

  /** The VAE's path between the pair; null where there is none. */
  get vae() {
    return this.drawn?.frames[0].pictures.vae ?? null;
  }

  /** Index of the watched image of nine. */
  get stop() {
    return Math.round(this.ctx.store.get().place * (STOPS - 1));
  }

  arrived() {
    super.arrived();
    if (this.drawn) this.draw(this.film.index);
  }

  /** Numbers and sentences on the image at the chosen place. */
  reportOf(at) {
    const { report } = this.drawn.frames[at];
    return { ...report, ...report.stops?.[this.stop] };
  }

  /** The two images where they are inverted, at their noises once they are there, and the nine once these are denoised. */
  draw(index) {
    super.draw(index);
    const { frames } = this.drawn;
    const frame = frames[index];
    const inverted = isDecoding(frame) ? frames.findLast((each) => !isDecoding(each)) : frame;
    this.inverting.forEach((figure, k) => {
      drawImage(figure.firstChild, imageOf(inverted.x, k));
      setText(figure.caption, k ? "to" : "from");
    });
    this.ctx.show("noise", imageOf(inverted.x, 0));
    const path = isDecoding(frame) ? frame.x : null;
    this.show("diffusion", path, path && (frame.time === 0 ? "nine images" : `at ${timeWords(frame.time)}`));
    this.show("vae", this.vae, "nine images");
    this.ctx.show("out", path && imageOf(path, this.stop));
  }

  show(name, row, words) {
    const [{ strip, head, label }, figure] = [this.rows[name], this.here[name]];
    setText(head, row ? label : `${label}: once both are noise`);
    if (row) strip.show(row, words);
    else strip.clear();
    strip.mark(this.stop);
    figure.hidden = !row;
    if (row) drawImage(figure.firstChild, imageOf(row, this.stop));
  }

  hasResult() {
    return Boolean(this.current?.done);
  }

  table() {
    const rows = this.current?.done && this.current.frames.at(-1).report.table;
    return rows && { name: `${this.ctx.net().name}-travel`, rows };
  }
}

export default {
  create: (ctx) => new Travel(ctx),
};
