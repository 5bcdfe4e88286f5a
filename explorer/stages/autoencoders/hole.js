/** The hole: codes that nobody encoded are drawn and decoded, and a classifier counts what comes. */

import { Chart } from "../kit/chart/chart.js";
import { headline } from "../kit/shell/more.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { captioned, createSeen, fillPanel, keySegments } from "../kit/shell/parts.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { createSeed } from "../kit/shell/seed.js";
import { Strip } from "../kit/film/strip.js";
import { floats32, fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import {
  createKinds,
  createSets,
  familyOf,
  OF_TWO,
  openCodes,
  openDecoder,
  setOf,
  takeFamily,
  viewOf,
} from "./code_nets.js";
import { paintCodes, paintMap } from "./code_paint.js";
import { holeWords, many, PRIORS, tallied } from "./hole_words.js";

const SIZE = 320;
const SHOWN = 12;
const TILE = 56;
const CENTRE = 112;
const CHART = 120;
const SHORT = 3; // letters of a class below the chart
const CLASSES = [...Array(10).keys()];

class Hole {
  constructor(ctx) {
    Object.assign(this, { ctx, found: null, decode: null });
    this.holes = new OneByOne(ctx, "hole", () => ctx.refresh("hole"));
    this.build();
  }

  build() {
    const { ctx } = this;
    this.plane = new PlaneCanvas({
      label: "Drawn codes over the faint codes of test images. Arrow keys move the cursor, Enter shows it on One map.",
      size: SIZE,
      paint: paintMap,
      onMove: () => ctx.refresh("cursor"),
      onChoose: (z) => ctx.store.commit({ z, mode: "map" }),
    });
    this.centre = captioned(imageCanvas("What [0, 0] decodes to", CENTRE), "decoded at (0, 0)");
    this.centre.classList.add("result");
    this.strips = {
      own: new Strip("What the drawn codes decode to", SHOWN, TILE),
      vae: new Strip("What the VAE draws", SHOWN, TILE),
    };
    this.charts = {
      own: new Chart(ctx, { label: "Classes of the autoencoder's images", height: CHART }),
      vae: new Chart(ctx, { label: "Classes of the VAE's images", height: CHART }),
    };
    this.numbers = headline(this.rows(null), 1);
    this.ownTitle = h("h2", {});
    const column = (key, title) =>
      h("div", { class: "result" }, title, this.strips[key].element, this.charts[key].element);
    fill(
      ctx.main,
      h(
        "div",
        { class: "hole" },
        h("div", { class: "two-maps" }, this.plane.element, h("div", {}, this.centre, this.numbers)),
        h(
          "div",
          { class: "two-maps" },
          column("own", this.ownTitle),
          column("vae", h("h2", {}, "The VAE, also two numbers, β = 1")),
        ),
      ),
    );
    this.sets = createSets(ctx);
    this.kinds = createKinds(ctx);
    this.prior = keySegments(ctx, "prior", "Codes from", Object.entries(PRIORS).map(([key, { name }]) => [key, name]));
    this.seed = createSeed(ctx, { words: "Draw others", onRetry: () => this.ask() });
    this.seen = createSeen();
    fillPanel(
      ctx,
      h("div", { class: "row" }, this.sets, this.kinds),
      this.prior,
      this.seed.element,
      this.seen.element,
      createTries(ctx, ctx.value().tries.hole),
    );
  }

  enter() {
    takeFamily(this.ctx, Object.keys(OF_TWO));
  }

  get request() {
    const { net, prior, seed } = this.ctx.store.get();
    return { net, prior, seed };
  }

  get answer() {
    return this.holes.of(this.request);
  }

  ask() {
    this.holes.want([this.request]);
  }

  update(changed) {
    const { net, prior } = this.ctx.store.get();
    this.sets.set(setOf(this.ctx));
    this.kinds.set(familyOf(this.ctx));
    this.prior.set(prior);
    this.seed.update();
    if (["net", "mode"].some((key) => changed.has(key))) this.open(net);
    if (["net", "prior", "seed", "mode"].some((key) => changed.has(key))) this.ask();
    this.seed.failed(this.holes.hasFailed(this.request));
    this.show();
  }

  async open(net) {
    const [found, decode] = await Promise.all([openCodes(this.ctx, net), openDecoder(this.ctx, net)]);
    if (this.ctx.store.get().net !== net || !found) return;
    Object.assign(this, { found, decode });
    this.ctx.refresh("codes");
  }

  show() {
    const { ctx, answer, found, decode } = this;
    const kind = OF_TWO[familyOf(ctx)];
    setText(this.ownTitle, `The ${kind} autoencoder`);
    if (decode) drawImage(this.centre.querySelector("canvas"), decode([0, 0]));
    this.numbers.set(this.rows(answer));
    const { counts, top } = answer ? tallied(answer) : {};
    for (const key of ["own", "vae"]) this.showOne(key, answer?.[key], counts?.[key], top);
    const words = answer ? holeWords(kind, ctx.store.get().prior, answer, ctx.net().classes) : "";
    if (found) this.showMap(found, answer, words);
    this.seen(words);
    if (words) ctx.describe(words);
  }

  showMap(found, answer, words) {
    const drawn = answer && floats32(answer.own.codes);
    const view = viewOf(drawn ? [found.codes, drawn] : [found.codes]);
    const colours = this.ctx.colours();
    const above = (context, to) => paintCodes(context, drawn, answer.own.classes, to, colours, { radius: 3.2 });
    this.plane.look(view.middle, view.half);
    this.plane.show(
      { found: { ...found, ...view }, faint: true, above: drawn ? above : null, z: [0, 0], colours },
      words,
    );
  }

  /** Images, and how many of each class, of one of the two; both have the same axis, up to `top`. */
  showOne(key, drawn, counts, top) {
    const images = drawn ? fromBase64(drawn.images) : null;
    this.strips[key].show(images, drawn ? `the first ${SHOWN}` : undefined);
    if (key === "own") this.ctx.show("out", images?.subarray(0, PIXELS) ?? null);
    if (!drawn) return;
    const { classes } = this.ctx.net();
    this.charts[key].show({
      xs: [-0.5, 9.5],
      ys: [0, top],
      ticks: { x: CLASSES, y: [0, top] },
      names: { x: classes.map((name) => name.slice(0, SHORT)) },
      name: `how many of ${drawn.classes.length} the classifier takes for each class`,
      bars: counts.map((count, label) => ({ x0: label - 0.5, x1: label + 0.5, y: count })),
      lines: [{
        points: [[-0.5, drawn.classes.length / 10], [9.5, drawn.classes.length / 10]],
        colour: "you",
        dash: [4, 4],
      }],
      words: counts.map((count, label) => `${count} ${many(classes[label])}`).join(", "),
    });
  }

  rows(answer) {
    const kl = (drawn) => (drawn ? `${num(drawn.kl)} ± ${num(drawn.se)}` : "–");
    const sure = (drawn) => (drawn ? percent(drawn.sure) : "–");
    return [
      ["KL from equal shares, autoencoder", kl(answer?.own), "nats"],
      ["KL from equal shares, VAE", kl(answer?.vae), "nats"],
      ["classifier sure, autoencoder", sure(answer?.own)],
      ["classifier sure, VAE", sure(answer?.vae)],
    ];
  }

  hasResult() {
    return Boolean(this.answer);
  }

  picture() {
    return this.answer ? this.plane.copy() : null;
  }

  table() {
    const { answer } = this;
    if (!answer) return null;
    const rows = ["own", "vae"].flatMap((key) => {
      const z = floats32(answer[key].codes);
      return answer[key].classes.map((label, i) => [key, i, z[2 * i], z[2 * i + 1], label]);
    });
    return { name: "drawn-codes", rows: [["network", "draw", "z1", "z2", "class seen"], ...rows] };
  }
}

export default {
  hint: "Draw codes from nowhere in particular, and count which classes come",
  create: (ctx) => new Hole(ctx),
};
