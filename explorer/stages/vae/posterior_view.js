/** Exact quantities of two latent dimensions: log p(x), the true posterior, and the sources of the bound's gap. */
import { Answered } from "../kit/ask/answered.js";
import { createFilm } from "../kit/film/player.js";
import { button, fill, h, setName, setText } from "../kit/base/dom.js";
import { pair } from "../kit/base/format.js";
import { empty, whileBusy } from "../kit/panel/parts.js";
import { sentences } from "../kit/panel/says.js";
import { contextOf } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { heatPicture, paintDot, paintEllipse, paintHeat } from "./paint.js";

const CLOSE_UP = 150;

export class PosteriorView {
  /**
   * `declared` is the panel with the sentences; `onwords()` is called when there is something new to say.
   * @param {import("./map.js").VaeCtx} ctx @param {Panel} declared @param {() => void} onwords
   */
  constructor(ctx, declared, onwords) {
    /** @type {import("./map.js").VaeCtx} */
    this.ctx;
    /** @type {Panel} */
    this.declared;
    /** @type {() => void} */
    this.onwords;
    /** @type {Answer | null} */
    this.answer;
    /** @type {{mu: Point, sigma: Point} | null} */
    this.step;
    /** @type {Answer | null} */
    this.seen;
    Object.assign(this, { ctx, declared, onwords, answer: null, step: null, seen: null });
    this.exact = new Answered(ctx, "posterior", () => this.arrived());
    this.fitted = new Answered(ctx, "fit", () => this.play());
    this.build();
  }

  build() {
    this.sum = h("p", { class: "adds-up", "aria-live": "polite" });
    this.bar = h("div", { class: "gap-bar" });
    this.keys = h("ul", { class: "gap-keys" });
    this.canvas = h("canvas", { class: "close-up", role: "img", "aria-label": "Posterior close-up" });
    this.screen = h("div", { class: "close-up-film" });
    this.fitButton = button("Fit q to this image alone", () => this.fit(), {
      title: "Gradient steps on μ and σ for this one image",
    });
    this.waiting = empty();
    const zoom = button("Zoom the map there", () => this.zoomIn());
    this.actions = h("div", { class: "close-up-actions" }, this.fitButton, zoom);
    const gap = h("div", { class: "gap", role: "group", "aria-label": "log p(x) as a sum" }, this.bar, this.keys);
    this.content = h("div", { class: "mode-body" }, h("div", { class: "result" }, this.sum, gap), this.screen);
    this.element = h("div", {}, this.waiting, this.content);
  }

  /** Asks for the posterior of the image that the encoder answered about. */
  update(answer) {
    if (JSON.stringify(answer.request) !== this.exact.key) {
      if (this.answer) this.ctx.store.commit({ fit: false });
      this.step = null;
      this.fitted.want(null);
      this.film?.destroy();
    }
    this.answer = answer;
    this.exact.want(answer.request);
    this.arrived();
  }

  /** The integrated posterior; null before it, and for a picture without one. */
  get value() {
    return this.exact.isCurrent && !this.exact.value.cannot ? this.exact.value : null;
  }

  arrived() {
    const { value } = this;
    if (value && value !== this.seen) {
      this.picture = heatPicture(fromBase64(value.heat), value.size, this.ctx.map.colours.ink);
    }
    this.seen = value;
    this.show();
    this.ctx.refresh("overlay");
    if (value && this.ctx.store.get().fit && !this.fitted.value && !this.fitButton.disabled) this.fit();
  }

  /** The square of the close-up. */
  get window() {
    return (this.fitted.value ?? this.value).close;
  }

  show() {
    const { value, exact } = this;
    const cannot = exact.isCurrent && exact.value.cannot;
    setText(this.waiting, cannot || sentences(this.declared, {}, exact.failed ? "lost" : "integrating"));
    this.waiting.hidden = value !== null;
    this.content.hidden = !value;
    this.onwords();
    if (!value) return;
    setText(this.sum, value.sum);
    this.showBar((this.fitted.value ?? value).bar);
    if (this.fitted.value) return;
    fill(this.screen, this.canvas, this.actions);
    this.paint(this.canvas, this.answer);
  }

  /** log p(x) as a stacked bar over the last few nats: blocks `elbo`, and then `kl`, or `amortisation` and `family`. */
  showBar({ title, shares, keys, mark }) {
    const blocks = shares.map(([kind, share]) =>
      h("div", { class: `gap-block ${kind}`, style: `width: ${100 * share}%` })
    );
    fill(this.bar, blocks, h("div", { class: "gap-mark", style: `left: ${100 * mark}%` }));
    this.bar.title = title;
    const key = ([kind, name, nats]) =>
      h("li", {}, h("span", { class: `gap-key ${kind}` }), `${name} `, h("span", { class: "number" }, nats));
    fill(this.keys, keys.map(key));
  }

  get words() {
    return this.value ? (this.fitted.value ?? this.value).words : "";
  }

  paint(canvas, q) {
    const context = contextOf(canvas, CLOSE_UP);
    canvas.style.width = `${CLOSE_UP}px`;
    const { ink, ground } = this.ctx.map.colours;
    context.fillStyle = ground;
    context.fillRect(0, 0, CLOSE_UP, CLOSE_UP);
    const { x, y, half } = this.window;
    const toScreen = (z) => [((z[0] - x) / half + 1) * (CLOSE_UP / 2), (1 - (z[1] - y) / half) * (CLOSE_UP / 2)];
    paintHeat(context, this.picture, this.value.extent, toScreen);
    paintEllipse(context, q, toScreen, { colour: ink });
    paintDot(context, toScreen(q.mu), 3, { fill: ink });
    setName(canvas, `True posterior as a heat map, q(z|x) at ${pair(q.mu, 3)} as an ellipse`);
  }

  fit() {
    this.ctx.store.commit({ fit: true });
    whileBusy(this.fitButton, () => this.fitted.want(this.answer.request), "Fitting…");
  }

  /** The fit as a film, which plays once. */
  play() {
    const { value } = this.fitted;
    if (!value || !this.value) return;
    this.film?.destroy();
    this.show();
    this.film = createFilm({
      host: this.screen,
      steps: this.steps(),
      onStep: (index) => this.moveTo(value.steps[index]),
      label: "Fit of q",
      filename: "fit-q.gif",
      framesPerSecond: 8,
    });
    this.film.root.append(this.actions);
    this.moveTo(value.steps[0]);
    if (!this.ctx.prefersReducedMotion()) this.film.toggle();
  }

  steps() {
    const { steps } = this.fitted.value;
    return {
      length: steps.length,
      draw: (canvas, i) => this.paint(canvas, steps[i]),
      caption: (i) => sentences(this.declared, { i, ...steps[i] }, "step"),
      numbers: (i) => [["μ", pair(steps[i].mu, 3)], ["σ", pair(steps[i].sigma, 3)]],
    };
  }

  zoomIn() {
    const { x, y, half } = this.window;
    this.ctx.map.fit([x - half, x + half, y - half, y + half]);
  }

  moveTo(q) {
    this.step = q;
    this.ctx.refresh("overlay");
  }

  /** On the map: the heat, and q where the fit has taken it. */
  draw({ ctx2d, toScreen, colours }, request) {
    if (!this.value || this.exact.key !== JSON.stringify(request)) return;
    paintHeat(ctx2d, this.picture, this.value.extent, toScreen);
    if (this.step) paintEllipse(ctx2d, this.step, toScreen, { colour: colours.ink });
  }
}
