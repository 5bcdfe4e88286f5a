/** What two latent dimensions make exact: log p(x), the true posterior, and where the bound's gap comes from. */
import { createFilm } from "../kit/film/player.js";
import { button, fill, h, setName, setText } from "../kit/shell/dom.js";
import { num, pair } from "../kit/shell/format.js";
import { empty, whileBusy } from "../kit/shell/parts.js";
import { contextOf } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createGapBar } from "./gap_bar.js";
import { heatPicture, paintDot, paintEllipse, paintHeat } from "./paint.js";

const CLOSE_UP = 150;
const REACH = 2.2;
const FAINT = 5;
const keyOf = (request) => JSON.stringify(request);

/** The square of the plane that holds the true posterior's mass and every q that is shown. */
function closeUp({ levels, size, extent: [x0, x1, y0, y1] }, shown) {
  const corners = shown.flatMap(({ mu, sigma }) =>
    [-1, 1].map((side) => mu.map((value, axis) => value + side * REACH * sigma[axis]))
  );
  for (let i = 0; i < levels.length; i++) {
    if (levels[i] < FAINT) continue;
    corners.push([
      x0 + (((i % size) + 0.5) / size) * (x1 - x0),
      y0 + ((Math.floor(i / size) + 0.5) / size) * (y1 - y0),
    ]);
  }
  const ends = [0, 1].map((
    axis,
  ) => [Math.min(...corners.map((z) => z[axis])), Math.max(...corners.map((z) => z[axis]))]);
  const half = 0.55 * Math.max(...ends.map(([low, high]) => high - low));
  const [x, y] = ends.map(([low, high]) => (low + high) / 2);
  return { x, y, half };
}

export class PosteriorView {
  /** `onwords()` is called when there is something new to say. */
  constructor(ctx, onwords) {
    this.ctx = ctx;
    this.onwords = onwords;
    this.asked = null;
    this.exact = null;
    this.fitted = null;
    this.step = null;
    this.build();
  }

  build() {
    this.sum = h("p", { class: "adds-up", "aria-live": "polite" });
    this.bar = createGapBar();
    this.canvas = h("canvas", { class: "close-up", role: "img", "aria-label": "Posterior close-up" });
    this.screen = h("div", { class: "close-up-film" }, this.canvas);
    this.fitButton = button("Fit q to this image alone", () => this.fit(), {
      title: "Gradient steps on μ and σ for this one image",
    });
    this.zoom = button("Zoom the map there", () => this.zoomIn());
    this.waiting = empty("Integrating over the plane…");
    this.actions = h("div", { class: "close-up-actions" }, this.fitButton, this.zoom);
    this.content = h(
      "div",
      { class: "mode-body" },
      h("div", { class: "result" }, this.sum, this.bar.element),
      this.screen,
    );
    this.element = h("div", {}, this.waiting, this.content);
  }

  /** Asks for the posterior of the image that the encoder answered about, once. */
  async update(answer) {
    const key = keyOf(answer.request);
    this.answer = answer;
    if (this.asked !== key) {
      if (this.asked !== null) this.ctx.store.commit({ fit: false });
      this.asked = key;
      this.exact = this.fitted = this.step = null;
      this.film?.destroy();
      setText(this.waiting, "Integrating over the plane…");
      this.show();
      const exact = await this.ctx.ask("posterior", answer.request, { again: () => this.update(answer) });
      if (this.asked !== key) return;
      if (!exact) {
        this.asked = null;
        setText(this.waiting, "The integral did not arrive. Choose the image again to ask once more.");
        return;
      }
      this.keep(exact);
    }
    this.show();
    this.ctx.refresh("overlay");
    const wanted = this.ctx.store.get().fit && !this.fitted && !this.fitButton.disabled;
    if (wanted && this.exact && !this.exact.cannot) this.fit();
  }

  keep(exact) {
    this.exact = exact;
    if (exact.cannot) {
      setText(this.waiting, exact.cannot);
      return;
    }
    this.levels = fromBase64(exact.heat);
    this.picture = heatPicture(this.levels, exact.size, this.ctx.map.colours.you);
    this.look([this.answer]);
  }

  /** Chooses the close-up's window. */
  look(shown) {
    this.window = closeUp({ ...this.exact, levels: this.levels }, shown);
  }

  show() {
    const ready = this.exact !== null && !this.exact.cannot;
    this.waiting.hidden = ready;
    this.content.hidden = !ready;
    this.onwords();
    if (!ready) return;
    const { log_px: exact, elbo, kl_q_p: gap } = this.exact;
    setText(this.sum, `log p(x) = ${num(exact)} = ELBO ${num(elbo)} + KL(q‖p) ${num(gap)} nats`);
    this.bar.show({ ...this.exact, iwae: this.answer.iwae, iwaeError: this.answer.iwae_se, fitted: this.fitted });
    if (!this.fitted) {
      fill(this.screen, this.canvas, this.actions);
      this.paint(this.canvas, this.answer);
    }
  }

  words() {
    if (!this.exact || this.exact.cannot) return "";
    const { kl_q_p: gap } = this.exact;
    if (!this.fitted) {
      return (
        "Two dimensions can be integrated on a grid, so log p(x) is exact here: the ELBO misses it by " +
        `${num(gap)} nats, which is KL(q‖p). ` +
        "How much of that is the encoder's, and how much any Gaussian's with upright axes? Fit q and see."
      );
    }
    const { amortisation_gap: amortisation, family_gap: family } = this.fitted;
    return (
      `Fitting q to this image alone wins ${num(amortisation, 3)} nats (the amortisation gap: one ` +
      "encoder serves every image). " +
      `${num(family, 3)} nats remain (the family gap: a Gaussian with upright axes is not the true posterior).`
    );
  }

  paint(canvas, q) {
    const context = contextOf(canvas, CLOSE_UP);
    canvas.style.width = `${CLOSE_UP}px`;
    const { ink, ground } = this.ctx.map.colours;
    context.fillStyle = ground;
    context.fillRect(0, 0, CLOSE_UP, CLOSE_UP);
    const { x, y, half } = this.window;
    const toScreen = (z) => [((z[0] - x) / half + 1) * (CLOSE_UP / 2), (1 - (z[1] - y) / half) * (CLOSE_UP / 2)];
    paintHeat(context, this.picture, this.exact.extent, toScreen);
    paintEllipse(context, q, toScreen, { colour: ink });
    paintDot(context, toScreen(q.mu), 3, { fill: ink });
    setName(canvas, `True posterior as a heat map, q(z|x) at ${pair(q.mu, 3)} as an ellipse`);
  }

  async fit() {
    const { asked } = this;
    const ask = () => this.ctx.ask("fit", this.answer.request, { again: () => this.fit() });
    const fitted = await whileBusy(this.fitButton, ask, "Fitting…");
    if (!fitted || asked !== this.asked) return;
    this.fitted = fitted;
    this.ctx.store.commit({ fit: true });
    this.film?.destroy();
    this.look([this.answer, ...fitted.steps]);
    this.show();
    const onStep = (index) => this.moveTo(fitted.steps[index]);
    this.film = createFilm({
      host: this.screen,
      steps: this.steps(),
      onStep,
      label: "Fit of q",
      filename: "fit-q.gif",
      framesPerSecond: 8,
    });
    this.film.root.append(this.actions);
    this.moveTo(fitted.steps[0]);
    if (!this.ctx.prefersReducedMotion()) this.film.toggle();
  }

  steps() {
    const { steps } = this.fitted;
    return {
      length: steps.length,
      draw: (canvas, i) => this.paint(canvas, steps[i]),
      caption: (i) => `step ${i}: ELBO ${num(steps[i].elbo, 3)} nats`,
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
    if (!this.picture || !this.exact?.extent || this.asked !== keyOf(request)) return;
    paintHeat(ctx2d, this.picture, this.exact.extent, toScreen);
    if (this.step) paintEllipse(ctx2d, this.step, toScreen, { colour: colours.ink });
  }
}
