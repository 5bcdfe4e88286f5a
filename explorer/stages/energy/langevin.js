/** An energy of images: Langevin chains go down it, from noise or from a picture, and two energies are compared. */

import { fill, h, setText } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { captioned } from "../kit/panel/parts.js";
import { createImagePicker } from "../kit/image/image_picker.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { ANY, ImageChains, PICTURE } from "./image_chains.js";

const WEIGH_AGAIN = [...PICTURE, "img2"];
const OTHER = 0;
const BESIDE = 64;
const CHARTS = [
  ["energy", "energy E of each image, nats", "The energy of every chain, step by step"],
  ["slope", "length of the gradient of E, nats", "The length of the energy's gradient of every chain, step by step"],
];

class Langevin extends ImageChains {
  nothing = "Choose a test image or draw one: the chains begin with it.";

  constructor(ctx) {
    const chains = { name: "langevin", doing: "Langevin steps", label: "Four chains down the energy" };
    super(ctx, "langevin", { question: "weigh", chains: { ...chains, charts: CHARTS } });
    this.build();
  }

  build() {
    const { ctx } = this;
    this.stopped = h("p", { class: "note stopped", role: "status" });
    const digits = Object.create(ctx, { assets: { get: () => this.digits ?? { has: () => false } } });
    this.other = createImagePicker(digits, { key: "img2", example: OTHER, name: "Beside it", title: "No." });
    this.numbers = headline(this.heads, 2);
    this.first = imageCanvas("The picture on the left", BESIDE);
    const pair = h("div", { class: "likelier-pair" }, captioned(this.first, "x"), this.other.element);
    const likelier = h("section", { class: "likelier" }, h("h2", {}, "Which of two is likelier?"), pair, this.numbers);
    fill(ctx.main, this.empty, this.chains.film.host, this.stopped);
    this.fillPanel([], likelier);
  }

  enter() {
    super.enter();
    this.readDigits();
  }

  /** The image beside it is always a digit, whichever set the picture is of. */
  async readDigits() {
    this.digits ??= await this.ctx.images("mnist");
    this.ctx.refresh("assets");
  }

  /** Where the chains begin with noise, no picture decides them. */
  get from() {
    return this.ctx.store.get().begin === "noise" ? ANY : this.picked;
  }

  get asked() {
    return this.picked && { picture: this.picked, other: this.other.index() };
  }

  update(changed) {
    super.update(changed);
    const { error } = this.ctx.net();
    this.other.update();
    if (WEIGH_AGAIN.some((key) => changed.has(key))) this.found.want(error ? null : this.asked);
    this.empty.hidden = !error && this.wanted !== null;
    this.show();
  }

  show() {
    const { looked } = this;
    this.numbers.set(looked?.numbers ?? this.heads);
    const x = looked ? fromBase64(looked.x).subarray(0, PIXELS) : null;
    if (x) drawImage(this.first, x);
    this.chooser.fed(x, 256);
    this.tell(this.chains.film.timer !== null);
  }

  tell(moving) {
    const { chains } = this;
    const { looked } = this;
    setText(this.stopped, chains.problem ?? "");
    this.stopped.hidden = !chains.problem;
    this.say([chains.frame?.words, looked?.words], moving);
  }
}

export default {
  hint: "Let chains go down the energy",
  create: (ctx) => new Langevin(ctx),
};
