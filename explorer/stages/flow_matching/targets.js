/** Four targets of one network: loss and error by log-SNR at each moment of a training. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { Chart } from "../kit/chart/chart.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";

const LOWEST = -2.5; // decimal logarithm of an error at which its chart ends
const ERRORS = [-2, -1, 0];
const MOST_LOSS = 2;

function targets(self) {
  const { ctx, declared } = self;
  const film = askedFilm(self, { nameOf: () => "Training" });
  const { frame, report } = film;
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
  const legend = createLegend(ctx);
  const marks = ({ dash }) => (dash ? "╌" : "━");
  whenever(() =>
    legend.show(styles.map((style) => [
      ...[marks(style), style.label],
      (colours) => colours.classes[style.colour] ?? colours[style.colour],
    ]))
  );
  const lower = h("div", { class: "targets-lower" }, loss.element, film.curves.element);
  const screen = h("div", { class: "targets" }, error.element, legend.element, lower);
  const main = film.play({ screen, key: "at", tellsEach: true, label: "Training", framesPerSecond: 4 });
  return { main, placed: "at", above: [film.numbers], ...film.mode };
}

export default mode(targets);
