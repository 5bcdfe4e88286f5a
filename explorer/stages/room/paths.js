/** Two ways between two pictures: straight through the codes, and at their length, as Gaussian codes lie. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, empty, fillPanel } from "../kit/shell/parts.js";
import { rowsPicture, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { images } from "../questions/images.js";
import { pathsWords } from "./paths_words.js";
import { imageOf } from "../kit/image/pixels.js";

const PLACES = 9;
const ASK_AGAIN = ["net", "img", "draw", "source", "img2", "mode"];
const WAYS = { straight: "Straight", spherical: "Spherical" };

class Paths {
  constructor(ctx) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, "between", () => ctx.refresh("between"));
    this.strips = Object.entries(WAYS).map(([way, title]) => ({ way, title, strip: new Strip(title, PLACES, 84) }));
    this.chart = new Chart(ctx, { label: "The length of the codes along both ways", height: 220 });
    this.empty = empty();
    this.screen = h(
      "div",
      { class: "paths" },
      this.strips.flatMap(({ title, strip }) => [h("h2", {}, title), strip.element]),
      this.chart.element,
    );
    fill(ctx.main, this.empty, this.screen);
    this.chooser = images.chooser(ctx);
    this.second = images.second(ctx);
    this.seen = createSeen();
    const body = [this.chooser.element, this.second.element, this.seen.element, createTries(ctx)];
    fillPanel(ctx, body);
  }

  enter() {
    images.start(this.ctx);
    this.second.start();
  }

  get request() {
    const [picture, other] = [images.picked(this.ctx), this.second.picked];
    return picture && other && { net: this.ctx.store.get().net, picture, other };
  }

  update(changed) {
    for (const part of [this.chooser, this.second]) part.update();
    const { request } = this;
    const { error } = this.ctx.net();
    if (ASK_AGAIN.some((key) => changed.has(key))) this.found.want(request && !error ? [request] : []);
    const answer = request && this.found.of(request);
    this.latest = answer ?? this.latest;
    this.empty.hidden = !error && request !== null && Boolean(this.latest);
    this.screen.hidden = !this.empty.hidden;
    setText(this.empty, error ?? "Choose two pictures: the VAE goes from one to the other.");
    dim(this.screen, !answer);
    if (this.screen.hidden) return this.seen("");
    this.show();
    const words = answer ? pathsWords(answer, this.ctx.net().column.latent) : "";
    this.seen(words);
    if (words) this.ctx.describe(words);
  }

  show() {
    const { latest } = this;
    for (const { way, strip } of this.strips) strip.show(this.bytes(way), "nine places");
    this.ctx.show("out", imageOf(this.bytes(this.strips[0].way), 4)); // half-way
    const lengths = Object.keys(WAYS).flatMap((way) => latest[way].lengths);
    const usual = Math.sqrt(this.ctx.net().column.latent);
    const top = Math.max(...lengths, usual) * 1.15;
    const points = (way) => latest[way].lengths.map((length, k) => [k, length]);
    this.chart.show({
      xs: [0, PLACES - 1],
      ys: [0, top],
      ticks: { x: [0, 4, 8], y: [0, 2, 4, 6, 8].filter((y) => y <= top) },
      names: { x: ["the first", "half-way", "the second"] },
      name: "length of the code: bold straight, dashes spherical, dots the prior's √J",
      lines: [
        { points: [[0, usual], [PLACES - 1, usual]], colour: "quiet", dash: [2, 4], width: 1.5 },
        { points: points("spherical"), colour: "ink", dash: [6, 4] },
        { points: points("straight"), colour: "you" },
      ],
      words: Object.keys(WAYS).map((way) => `${way} ${num(latest[way].lengths[4], 1)} half-way`).join(", "),
    });
  }

  bytes(way) {
    const answer = this.latest[way];
    return (answer.bytes ??= fromBase64(answer.x));
  }

  hasResult() {
    return Boolean(this.latest);
  }

  picture() {
    if (!this.latest) return null;
    return rowsPicture(
      this.strips.map(({ way, title }) => ({ name: title, bytes: this.bytes(way) })),
      PLACES,
      this.ctx.colours(),
    );
  }

  table() {
    if (!this.latest) return null;
    const { straight, spherical } = this.latest;
    const rows = straight.lengths.map((length, k) => [k + 1, length, spherical.lengths[k]]);
    const head = ["place", "length of the code, straight", "length of the code, spherical"];
    return { name: `${this.ctx.store.get().net}-paths`, rows: [head, ...rows] };
  }
}

export default {
  hint: "Which way should one go between two codes?",
  create: (ctx) => new Paths(ctx),
};
