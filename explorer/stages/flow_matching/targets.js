/** Four targets of one network: loss and error by log-SNR at each moment of a training. */

import { h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { Chart } from "../kit/chart/chart.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { fromBase64 } from "../kit/plane/tensors.js";

const LOWEST = -2.5; // decimal logarithm of an error at which its chart ends
const ERRORS = [-2, -1, 0];
const MOST_LOSS = 2;
const TILE = 84;
const SIDES = { 7: [2, 3], 14: [7, 4], 28: [] };
const VIEWS = ["28 × 28", "the same, as 14 × 14", "14 × 14"];
const GAINS = [0, Math.log(4), 0]; // of the log-SNR, by the mean of four pixels

function targets(self) {
  const { ctx, state, declared } = self;
  const film = askedFilm(self, { nameOf: () => "Training" });
  const { frame, frames, report } = film;
  const styles = declared.shows.curves[0].lines;
  const error = new Chart(ctx, { label: "Error of x̂₁ by log-SNR", height: 250 });
  const loss = new Chart(ctx, { label: "Loss by log-SNR", height: 170 });

  /** One line for each target, without its label: the legend has it. */
  const linesOf = (valuesOf) =>
    Object.values(report.value.targets).map((each, k) => ({
      ...{ colour: styles[k].colour, dash: styles[k].dash, width: 2 },
      points: report.value.snrs.map((snr, i) => [snr, valuesOf(each)[i]]),
    }));
  const areasOf = () =>
    Object.values(report.value.targets).map(({ error, se }, k) => {
      const edge = (sign) => report.value.snrs.map((snr, i) => [snr, Math.max(LOWEST, error[i] + sign * se[i])]);
      return { points: [...edge(1), ...edge(-1).toReversed()], colour: styles[k].colour, alpha: 0.18 };
    });
  whenever(() => {
    if (!frame.value) return;
    const { snrs, words } = report.value;
    const xs = [snrs[0], snrs.at(-1)];
    const about = { xs, words, along: "log-SNR, nats" };
    error.show({
      ...{ ...about, name: "Error of x̂₁ (RMS), by log-SNR", ys: [LOWEST, 0.6], areas: areasOf() },
      ...{ ticks: { y: ERRORS }, names: { y: ERRORS.map((each) => String(10 ** each)) } },
      lines: linesOf((each) => each.error.map((value) => Math.max(LOWEST, value))),
    });
    loss.show({
      ...{ ...about, name: "Loss: mean squared error of the output", ys: [0, MOST_LOSS], ticks: { y: [0, 1, 2] } },
      lines: linesOf((each) => each.loss.map((value) => Math.min(MOST_LOSS, value))),
    });
  });
  const resolutions = new Chart(ctx, { label: "Error by log-SNR and resolution", height: 170 });
  whenever(() => {
    if (!report.value?.sides) return;
    const { snrs, sides } = report.value;
    const first = Object.entries(sides).map(([side, { error }]) => `${side} × ${side}: ${10 ** error[0]}`);
    resolutions.show({
      ...{ xs: [snrs[0], snrs.at(-1)], ys: [LOWEST, 0.2], along: "log-SNR, nats" },
      ...{ ticks: { y: ERRORS }, names: { y: ERRORS.map((each) => String(10 ** each)) } },
      ...{ name: "EDM's error by log-SNR, at 7, 14 and 28 pixels a side", words: first.join(", ") },
      lines: Object.entries(sides).map(([side, { error }]) => ({
        ...{ colour: "ink", dash: SIDES[side], width: 2, label: side },
        points: snrs.map((snr, i) => [snr, Math.max(LOWEST, error[i])]),
      })),
      cursor: state.snr,
    });
  });
  const views = computed(() => frames.value?.at(-1)?.report.views);
  const tiles = VIEWS.map((title, k) => {
    const canvas = imageCanvas(title, TILE);
    whenever(() => {
      const found = views.value?.[Math.round(state.snr - report.value.snrs[0])];
      if (found) drawImage(canvas, imageOf(fromBase64(found), k));
    });
    return h(
      "figure",
      { class: "captioned" },
      canvas,
      h("figcaption", {}, title, h("br"), () => `log-SNR ${num(Math.round(state.snr) + GAINS[k])}`),
    );
  });
  const isDigits = computed(() => Boolean(report.value?.sides));
  const pictures = h("div", { class: "targets-views", hidden: () => !isDigits.value || !views.value }, tiles);
  whenever(() => {
    resolutions.element.hidden = !isDigits.value;
    film.curves.element.hidden = isDigits.value;
  });
  const legend = createLegend(ctx);
  const marks = ({ dash }) => (dash ? "╌" : "━");
  whenever(() =>
    legend.show(styles.map((style) => [
      ...[marks(style), style.label],
      (colours) => colours.classes[style.colour] ?? colours[style.colour],
    ]))
  );
  const lower = h("div", { class: "targets-lower" }, loss.element, film.curves.element, resolutions.element);
  const screen = h("div", { class: "targets" }, error.element, legend.element, lower, pictures);
  const main = film.play({ screen, key: "at", tellsEach: true, label: "Training", framesPerSecond: 4 });
  return { main, placed: "at", above: [film.numbers], ...film.mode };
}

export default mode(targets);
