/** Contractive: how far a code moves where the image moves a little, as ellipses on two maps. */

import { fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { captioned, createSeen, fillPanel } from "../kit/shell/parts.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { createTries } from "../kit/lesson/tries.js";
import { createSets, openCodes, setOf, takeFamily } from "./code_nets.js";
import { ellipseOf, paintEllipse, paintMap } from "./code_paint.js";

const SIZE = 400;
const FAMILIES = { "autoencoder": "plain", "contractive-autoencoder": "contractive" };
const MARKED = 168;
const LENGTH = 0.25; // of the vectors by which the images move

/** The singular values of ∂z/∂x at a marked image. */
const stretchOf = (found, mark) => ellipseOf(metricOf(found, mark)).axes;
const metricOf = ({ metric }, i) => metric.slice(4 * i, 4 * i + 4);
const codeOf = ({ codes }, i) => [codes[2 * i], codes[2 * i + 1]];
const spreadOf = ({ covariance }) => Math.sqrt(covariance[0] + covariance[3]);

class Contractive {
  constructor(ctx) {
    Object.assign(this, { ctx, found: {}, dataset: null });
    this.build();
  }

  build() {
    const { ctx } = this;
    this.planes = Object.fromEntries(
      Object.entries(FAMILIES).map(([family, kind]) => [
        family,
        new PlaneCanvas({
          label: `The codes of the ${kind} autoencoder. Arrow keys move the cursor, Enter marks the nearest image.`,
          size: SIZE,
          paint: paintMap,
          onMove: () => ctx.refresh("cursor"),
          onChoose: (z) => this.markNear(family, z),
        }),
      ]),
    );
    this.image = captioned(imageCanvas("The marked image", MARKED), "");
    this.numbers = headline(this.rows(), 0);
    fill(
      ctx.main,
      h(
        "div",
        { class: "two-maps" },
        Object.entries(FAMILIES).map(([family, kind]) => h("div", {}, h("h2", {}, kind), this.planes[family].element)),
        this.image,
        this.numbers,
      ),
    );
    this.sets = createSets(ctx);
    this.seen = createSeen();
    fillPanel(
      ctx,
      this.sets,
      this.seen.element,
      createTries(ctx, ctx.value().tries.contractive),
    );
  }

  enter() {
    takeFamily(this.ctx, Object.keys(FAMILIES));
    this.dataset = null;
  }

  /** Reads the images of a data set and their codes in both networks. */
  async open(dataset) {
    Object.assign(this, { dataset, found: {} });
    this.ctx.images(dataset).then(() => this.ctx.refresh("assets"));
    for (const family of Object.keys(FAMILIES)) {
      const found = await openCodes(this.ctx, `${family}-${dataset}`);
      if (dataset !== this.dataset) return;
      if (!found) continue;
      this.found[family] = found;
      this.planes[family].look(found.middle, found.half);
      this.ctx.refresh("codes");
    }
  }

  /** Marks the image, of those with an ellipse, whose code is nearest to a place. */
  markNear(family, [x, y]) {
    const found = this.found[family];
    if (!found) return;
    let [mark, least] = [0, Infinity];
    for (let i = 0; i < found.metric.length / 4; i++) {
      const [a, b] = codeOf(found, i);
      const far = Math.hypot(a - x, b - y);
      if (far < least) [mark, least] = [i, far];
    }
    this.ctx.store.commit({ mark });
  }

  update() {
    const { ctx } = this;
    const { mark } = ctx.store.get();
    const dataset = setOf(ctx);
    if (dataset !== this.dataset) this.open(dataset);
    this.sets.set(dataset);
    const colours = ctx.colours();
    if (ctx.assets.ready) drawImage(this.image.querySelector("canvas"), ctx.assets.sprite(mark));
    ctx.show("x", ctx.assets.ready ? ctx.assets.sprite(mark) : null);
    setText(this.image.caption, `test image ${mark}`);
    const words = this.words(mark);
    for (const [family, plane] of Object.entries(this.planes)) {
      const found = this.found[family];
      plane.show({ found, faint: true, z: null, above: this.above(found, mark, colours), colours }, words);
    }
    this.numbers.set(this.rows());
    this.seen(words);
    if (words) ctx.describe(words);
  }

  /** Paints the ellipse of every image that has one, and the marked one over them. */
  above(found, mark, colours) {
    if (!found) return null;
    return (context, to, size) => {
      const one = (i, how) =>
        paintEllipse(context, codeOf(found, i), metricOf(found, i), LENGTH, to, size, found.half, how);
      for (let i = 0; i < found.metric.length / 4; i++) one(i, { colour: colours.classes[found.labels[i]] });
      one(mark, { colour: colours.you, width: 3 });
    };
  }

  rows() {
    const { mark } = this.ctx.store.get();
    return Object.entries(FAMILIES).flatMap(([family, kind]) => {
      const found = this.found[family];
      const [long, short] = found ? stretchOf(found, mark) : [];
      const share = (axis) => (found ? num(axis / spreadOf(found), 3) : "–");
      return [
        [`larger axis ÷ spread of the codes, ${kind}`, share(long)],
        [`smaller axis ÷ spread, ${kind}`, share(short)],
        [`singular values here, ${kind}`, found ? `${num(long)}, ${num(short)}` : "–"],
      ];
    });
  }

  words(mark) {
    const [plain, other] = Object.keys(FAMILIES).map((family) => this.found[family]);
    if (!plain || !other) return "";
    const of = (found) => num(stretchOf(found, mark)[0] / spreadOf(found), 3);
    return `Each ellipse is where a code goes when its image moves by a vector of length ${LENGTH}, whichever way: its ` +
      `semi-axes are ${LENGTH} times the singular values of ∂z/∂x. At test image ${mark}, which is marked, the larger ` +
      `singular value is ${of(plain)} of the spread of the codes for the plain autoencoder, ${of(other)} for the ` +
      "contractive one. Only such shares count: a network makes every ellipse small by making all its codes small.";
  }

  hasResult(what) {
    return what === "picture" || Object.keys(this.found).length > 0;
  }

  picture() {
    const [one, two] = Object.values(this.planes).map((plane) => plane.copy());
    const canvas = h("canvas", { width: 2 * SIZE + 16, height: SIZE });
    const context = canvas.getContext("2d");
    context.drawImage(one, 0, 0);
    context.drawImage(two, SIZE + 16, 0);
    return canvas;
  }

  table() {
    const rows = Object.entries(this.found).flatMap(([family, found]) =>
      Array.from(
        { length: found.metric.length / 4 },
        (_, i) => [family, i, ...codeOf(found, i), ...stretchOf(found, i)],
      )
    );
    return rows.length
      ? { name: "stretches", rows: [["network", "test image", "z1", "z2", "longer axis", "shorter axis"], ...rows] }
      : null;
  }
}

export default {
  hint: "Tap an ellipse: how far do codes move when pixels move?",
  create: (ctx) => new Contractive(ctx),
};
