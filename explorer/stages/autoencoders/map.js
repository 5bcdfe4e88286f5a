/** One map: where each of four autoencoders keeps the test images, and what any other place would decode to. */

import { fill, h, setText } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { num, pair } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { bytesOf } from "../kit/image/paint.js";
import { captioned, createSeen, fillPanel } from "../kit/shell/parts.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas, imageOf, LARGE } from "../kit/image/pixels.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import {
  createKinds,
  createSets,
  familyOf,
  KINDS,
  OF_TWO,
  openCodes,
  openDecoder,
  setOf,
  takeFamily,
} from "./code_nets.js";
import { latticeOf, paintMap } from "./code_paint.js";
import { mapWords, nearestOf, rebuiltWords } from "./map_words.js";

const SIZE = 440;
const DECODED = 140;
const REBUILT = 56;
const LATTICE = 20;
const LOOK_AGAIN = ["net", "img", "draw", "source", "set", "mode"];

class CodeMap {
  constructor(ctx) {
    Object.assign(this, { ctx, found: null, decode: null, lattices: new Map(), hovered: null });
    this.rebuilt = new OneByOne(ctx, "rebuilt", () => ctx.refresh("rebuilt"));
    this.build();
  }

  build() {
    const { ctx } = this;
    this.plane = new PlaneCanvas({
      label: "The map of codes. Arrow keys move the cursor, Enter chooses a place.",
      size: SIZE,
      most: LARGE,
      paint: paintMap,
      onMove: (z) => this.hover(z),
      onChoose: (z) => this.choose(z),
    });
    this.plane.canvas.addEventListener("pointerleave", () => this.hover(null));
    this.plane.canvas.addEventListener("blur", () => this.hover(null));
    this.decoded = imageCanvas("What the place decodes to", DECODED);
    this.here = captioned(this.decoded, "");
    this.here.classList.add("result");
    this.numbers = headline(this.rows(null), 0);
    this.strip = ["", ...Object.values(KINDS)].map((kind) =>
      captioned(imageCanvas(kind ? `Rebuilt by the ${kind} autoencoder` : "Your picture", REBUILT), kind)
    );
    fill(
      ctx.main,
      h(
        "div",
        { class: "beside" },
        this.plane.element,
        h(
          "div",
          { class: "beside-side" },
          this.here,
          this.numbers,
          h("h2", {}, "Squared error, rebuilt"),
          h("div", { class: "rebuilt" }, this.strip),
        ),
      ),
    );
    this.sets = createSets(ctx);
    this.kinds = createKinds(ctx);
    this.chooser = new Picture(ctx, { others: false });
    this.seen = createSeen();
    fillPanel(
      ctx,
      h("div", { class: "row" }, this.sets, this.kinds),
      this.chooser.element,
      this.seen.element,
      createTries(ctx, ctx.value().tries.map),
    );
  }

  enter() {
    takeFamily(this.ctx, Object.keys(OF_TWO));
    startWithExample(this.ctx);
  }

  hover(z) {
    this.hovered = z;
    this.ctx.refresh("cursor");
  }

  choose(z) {
    this.ctx.store.commit({ z });
  }

  get request() {
    const dataset = setOf(this.ctx);
    const picture = drawnOrTest(this.ctx.store.get(), dataset);
    return picture && { dataset, picture };
  }

  get answer() {
    return this.request && this.rebuilt.of(this.request);
  }

  update(changed) {
    const { net } = this.ctx.store.get();
    this.sets.set(setOf(this.ctx));
    this.kinds.set(familyOf(this.ctx));
    this.chooser.update();
    if (changed.has("net") || changed.has("mode")) this.open(net);
    if (LOOK_AGAIN.some((key) => changed.has(key))) {
      this.rebuilt.want(this.request ? [this.request] : []);
    }
    this.show(changed.has("cursor"));
  }

  /** Reads the codes and the decoder of the network in use. */
  async open(net) {
    const [found, decode] = await Promise.all([openCodes(this.ctx, net), openDecoder(this.ctx, net)]);
    if (this.ctx.store.get().net !== net || !found) return;
    Object.assign(this, { found, decode });
    this.plane.look(found.middle, found.half);
    this.ctx.refresh("codes");
  }

  /** What the places of the map decode to, once for a network and a theme. */
  get lattice() {
    if (!this.decode) return null;
    const { ctx } = this;
    const key = `${ctx.store.get().net} ${ctx.theme()}`;
    if (!this.lattices.has(key)) {
      const ink = bytesOf(new OffscreenCanvas(1, 1).getContext("2d"), ctx.theme() === "dark" ? "#ffffff" : "#000000");
      this.lattices.set(key, latticeOf(this.decode, this.found, LATTICE, ink));
    }
    return this.lattices.get(key);
  }

  /** The place that is decoded: under the cursor, or the chosen one. */
  get place() {
    return this.hovered ?? this.ctx.store.get().z;
  }

  /** The code of the visitor's picture in the network in use. */
  get own() {
    const { answer } = this;
    return answer ? answer.codes[answer.families.indexOf(familyOf(this.ctx))] : null;
  }

  show(moving) {
    const { ctx, found, decode, place, answer } = this;
    const { z } = ctx.store.get();
    if (decode) {
      this.pixels = decode(place);
      drawImage(this.decoded, this.pixels);
      ctx.show("out", this.pixels);
    }
    setText(this.here.caption, `decoded at ${pair(place)}`);
    const near = found && nearestOf(found, place);
    this.numbers.set(this.rows(near));
    const kind = OF_TWO[familyOf(ctx)];
    const words = near ? mapWords(kind, place, near, found, ctx.net().classes) : "";
    const { classes } = ctx.net();
    const scene = { found, classes, lattice: found && this.lattice, z, own: this.own, colours: ctx.colours() };
    this.plane.show(scene, words);
    ctx.show("code", found && this.plane.canvas);
    this.showRebuilt(answer);
    const said = [words, answer && rebuiltWords(answer)].filter(Boolean).join(" ");
    this.seen(said, moving);
    if (!moving) ctx.describe(said);
  }

  showRebuilt(answer) {
    if (!answer) return;
    const bytes = fromBase64(answer.images);
    const x = fromBase64(answer.x);
    this.chooser.fed(x);
    this.strip.forEach((figure, i) => {
      const pixels = i ? imageOf(bytes, i - 1) : x;
      drawImage(figure.querySelector("canvas"), pixels);
      setText(figure.caption, i ? `${Object.values(KINDS)[i - 1]} ${num(answer.errors[i - 1], 1)}` : "yours");
    });
  }

  rows(near) {
    return [
      ["distance to the nearest test code", near ? num(near.distance) : "–"],
      ["its class", near ? this.ctx.net().classes[near.label] : "–"],
      ["test images within a tenth of the spread", near ? String(near.within) : "–", "of 2,000"],
    ];
  }

  hasResult(what) {
    return Boolean(what === "table" ? this.found : true);
  }

  picture() {
    return this.plane.copy();
  }

  table() {
    const { found } = this;
    if (!found) return null;
    const rows = found.labels.map((label, i) => [i, label, found.codes[2 * i], found.codes[2 * i + 1]]);
    return { name: `${this.ctx.store.get().net}-codes`, rows: [["test image", "class", "z1", "z2"], ...rows] };
  }
}

export default {
  hint: "Move over the map: the decoder draws what lies there",
  create: (ctx) => new CodeMap(ctx),
};
