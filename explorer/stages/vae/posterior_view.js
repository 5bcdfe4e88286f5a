/** Exact quantities of two latent dimensions: log p(x), the true posterior, and the sources of the bound's gap. */
import { askedAnswers } from "../kit/ask/asked.js";
import { createFilm } from "../kit/film/player.js";
import { button, fill, h, setName } from "../kit/base/dom.js";
import { pair } from "../kit/base/format.js";
import { atEnd, latestOf, whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { busyWhile } from "../kit/panel/busy.js";
import { sentences } from "../kit/panel/says.js";
import { contextOf } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { heatPicture, paintDot, paintEllipse, paintHeat } from "./paint.js";

const CLOSE_UP = 150;

/**
 * The posterior of the image that the encoder has answered about, `wanted()`; null while it is out of sight. Returns its
 * `element`, its `words`, and how it is drawn on the map.
 * @param {import("../kit/panel/mode.js").Self} self @param {() => Record<string, any> | null} wanted
 */
export function posteriorView(self, wanted) {
  const { ctx, declared } = self;
  const answer = latestOf(computed(wanted));
  const { value, failed, cannot, fitted } = exactOf(self, computed(() => answer.value?.request ?? null));
  /** The newest of both answers: the fit's, else that of the encoder's q. */
  const found = computed(() => fitted.current.value ?? value.value);
  const picture = computed(() =>
    value.value && heatPicture(fromBase64(value.value.heat), value.value.size, ctx.map.colours.ink)
  );

  function paint(canvas, q) {
    const context = contextOf(canvas, CLOSE_UP);
    canvas.style.width = `${CLOSE_UP}px`;
    const { ink, ground } = ctx.map.colours;
    context.fillStyle = ground;
    context.fillRect(0, 0, CLOSE_UP, CLOSE_UP);
    const { x, y, half } = found.value.close;
    const toScreen = (z) => [((z[0] - x) / half + 1) * (CLOSE_UP / 2), (1 - (z[1] - y) / half) * (CLOSE_UP / 2)];
    paintHeat(context, picture.value, value.value.extent, toScreen);
    paintEllipse(context, q, toScreen, { colour: ink });
    paintDot(context, toScreen(q.mu), 3, { fill: ink });
    setName(canvas, `True posterior as a heat map, q(z|x) at ${pair(q.mu, 3)} as an ellipse`);
  }

  const screen = h("div", { class: "close-up-film" });
  const actions = actionsOf(self, found, fitted);
  const canvas = h("canvas", { class: "close-up", role: "img", "aria-label": "Posterior close-up" });
  whenever(() => {
    if (!value.value || fitted.current.value) return;
    fill(screen, canvas, actions);
    paint(canvas, answer.value);
  });
  const step = signal(/** @type {{mu: Point, sigma: Point} | null} */ (null)); // where the fit has taken q
  whenever(() => {
    const { steps } = fitted.current.value ?? {};
    if (!steps) return;
    const film = untracked(() => filmOf(self, { screen, steps, paint, onStep: (q) => (step.value = q) }));
    film.root.append(actions);
    atEnd(() => {
      film.destroy();
      step.value = null;
    });
  });

  const waits = () => cannot.value || sentences(declared, {}, failed.value ? "lost" : "integrating");
  const waiting = h("p", { class: "empty", hidden: () => value.value !== null }, waits);
  const sum = h("p", { class: "adds-up", "aria-live": "polite" }, () => value.value?.sum ?? "");
  const content = h(
    "div",
    { class: "mode-body", hidden: () => value.value === null },
    h("div", { class: "result" }, sum, barOf(found)),
    screen,
  );
  return {
    element: h("div", {}, waiting, content),
    words: computed(() => found.value?.words ?? ""),
    /** The heat, and q where the fit has taken it. */
    draw({ ctx2d, toScreen, colours }) {
      if (!value.value) return;
      paintHeat(ctx2d, picture.value, value.value.extent, toScreen);
      if (step.value) paintEllipse(ctx2d, step.value, toScreen, { colour: colours.ink });
    },
  };
}

/**
 * The integrated posterior, `value`, null before it and for a picture that `cannot` have one; and the fit of q to it, `fitted`,
 * which the visitor asks for anew with each request.
 */
function exactOf(self, request) {
  const { ctx, state } = self;
  const exact = askedAnswers(self, "posterior", () => request.value);
  const cannot = computed(() => exact.current.value?.cannot ?? null);
  const value = computed(() => cannot.value ? null : exact.current.value);
  const key = computed(() => request.value && JSON.stringify(request.value));
  const of = signal(null); // the request whose q may be fitted: that of the address, or a later one
  whenever(() => {
    if (!key.value) return;
    if (of.peek() !== null && of.peek() !== key.value) untracked(() => ctx.store.commit({ fit: false }));
    of.value = key.value;
  });
  const isFitted = () => state.fit && value.value && of.value === key.value;
  const fitted = askedAnswers(self, "fit", () => isFitted() ? request.value : null);
  return { value, cannot, failed: exact.failed, fitted };
}

/** The buttons under the close-up. */
function actionsOf({ ctx, state }, found, fitted) {
  const fit = button("Fit q to this image alone", () => state.fit ? fitted.again() : ctx.store.commit({ fit: true }), {
    title: "Gradient steps on μ and σ for this one image",
  });
  busyWhile(fit, fitted.isPending, "Fitting…");
  const zoom = button("Zoom the map there", () => {
    const { x, y, half } = found.value.close;
    ctx.map.fit([x - half, x + half, y - half, y + half]);
  });
  return h("div", { class: "close-up-actions" }, fit, zoom);
}

/** The fit as a film, which plays once. */
function filmOf({ ctx, declared }, { screen, steps, paint, onStep }) {
  const film = createFilm({
    host: screen,
    steps: {
      length: steps.length,
      draw: (canvas, i) => paint(canvas, steps[i]),
      caption: (i) => sentences(declared, { i, ...steps[i] }, "step"),
      numbers: (i) => [["μ", pair(steps[i].mu, 3)], ["σ", pair(steps[i].sigma, 3)]],
    },
    onStep: (i) => onStep(steps[i]),
    label: "Fit of q",
    filename: "fit-q.gif",
    framesPerSecond: 8,
  });
  onStep(steps[0]);
  if (!ctx.prefersReducedMotion()) film.toggle();
  return film;
}

/** log p(x) as a stacked bar over the last few nats: blocks `elbo`, and then `kl`, or `amortisation` and `family`. */
function barOf(found) {
  const [bar, keys] = [h("div", { class: "gap-bar" }), h("ul", { class: "gap-keys" })];
  const keyOf = ([kind, name, nats]) =>
    h("li", {}, h("span", { class: `gap-key ${kind}` }), `${name} `, h("span", { class: "number" }, nats));
  whenever(() => {
    if (!found.value) return;
    const { title, shares, keys: named, mark } = found.value.bar;
    const blocks = shares.map(([kind, share]) =>
      h("div", { class: `gap-block ${kind}`, style: `width: ${100 * share}%` })
    );
    fill(bar, blocks, h("div", { class: "gap-mark", style: `left: ${100 * mark}%` }));
    bar.title = title;
    fill(keys, named.map(keyOf));
  });
  return h("div", { class: "gap", role: "group", "aria-label": "log p(x) as a sum" }, bar, keys);
}
