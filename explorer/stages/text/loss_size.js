/** How large: losses of networks of several widths on several amounts of text, and the power law that fits them. */

import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { find } from "../kit/shell/card.js";
import { lineLegend, roundTicks } from "./lines.js";

const CURVES = {
  held: { title: "held-out text, this network", colour: "you", width: 2.5 },
  train: { title: "its training text", colour: "you", dash: [6, 4] },
  others: { title: "held-out text, the others", colour: "quiet", width: 1 },
};
const OVER = 0.005; // nats a character: a smaller rise of the held-out loss is none
const log = Math.log10;

export class Size {
  constructor(ctx) {
    this.ctx = ctx;
    this.chart = new Chart(ctx, { label: "Loss while training", height: 250 });
    this.law = new Chart(ctx, {
      label: "Loss by amount of text",
      height: 240,
      onMove: (place, { rest }) => this.choose(place, rest),
    });
    this.screen = h(
      "div",
      { class: "loss-screen result" },
      this.chart.element,
      lineLegend(CURVES),
      this.law.element,
      lineLegend({
        measured: { title: "measured, a line for each width", colour: "quiet" },
        fitted: { title: "the power law", colour: "quiet", dash: [3, 4] },
      }),
    );
  }

  /** Chooses the amount of text that is nearest to a place. */
  choose(place, rest) {
    const { width } = this.ctx.store.get();
    const away = ({ characters }) => Math.abs(log(characters) - place);
    const { part } = this.runs.filter((run) => run.width === width).sort((a, b) => away(a) - away(b))[0];
    this.ctx.store.set({ share: part }, { commit: rest });
  }

  show(value) {
    this.runs = runsOf(value);
    this.showCurves(value);
    this.showLaw(value);
  }

  showCurves({ curves, run }) {
    const lineOf = (name, key) => curves[name].slice(1).map((each) => [each.step, each[key]]);
    const others = Object.keys(curves).filter((name) => name !== run);
    const all = Object.keys(curves).flatMap((name) => [...lineOf(name, "held_out"), ...lineOf(name, "train")]);
    const [low, high] = [Math.min, Math.max].map((end) => end(...all.map(([, loss]) => loss)));
    const last = curves[run].at(-1);
    this.chart.show({
      xs: [0, last.step],
      ys: [low - 0.05, high],
      ticks: { x: [0, 0.5, 1].map((share) => share * last.step), y: roundTicks(high, low - 0.05) },
      name: "nats/character, by training step",
      lines: [
        ...others.map((name) => ({ ...CURVES.others, points: lineOf(name, "held_out") })),
        { ...CURVES.train, points: lineOf(run, "train") },
        { ...CURVES.held, points: lineOf(run, "held_out") },
      ],
      words: `held out ${num(last.held_out)}, training ${num(last.train)} at the end`,
    });
  }

  showLaw(value) {
    const { runs } = this;
    const widths = [...new Set(runs.map(({ width }) => width))];
    const chosen = chosenOf(value);
    const fitted = fitOf(value);
    const losses = runs.flatMap((run) => [run.nll, fitted(run)]);
    const [low, high] = [Math.min(...losses) - 0.05, Math.max(...losses) + 0.05];
    const sizes = runs.filter(({ width }) => width === widths[0]).sort((a, b) => a.characters - b.characters);
    const line = (width, lossOf) =>
      runs.filter((run) => run.width === width).sort((a, b) => a.characters - b.characters)
        .map((run) => [log(run.characters), lossOf(run)]);
    this.law.show({
      xs: [log(sizes[0].characters) - 0.1, log(sizes.at(-1).characters) + 0.1],
      ys: [low, high],
      ticks: { x: sizes.map(({ characters }) => log(characters)), y: roundTicks(high, low) },
      names: { x: sizes.map(({ characters }) => `${Math.round(characters / 1000)},000`) },
      name: "test loss, nats/character, by characters of training text",
      lines: widths.flatMap((width) => [
        { points: line(width, ({ nll }) => nll), colour: width === chosen.width ? "ink" : "quiet" },
        { points: line(width, fitted), colour: "quiet", dash: [3, 4], width: 1 },
      ]),
      dot: [log(chosen.characters), chosen.nll],
      words: `${num(chosen.nll)} with ${chosen.characters.toLocaleString("en")} characters`,
    });
  }

  rows(value) {
    const chosen = value ? chosenOf(value) : {};
    const of = (name) => (value ? intervalOf(value, name) : "–");
    const count = (number) => (value ? number.toLocaleString("en") : "–");
    return [
      ["test loss of this network", value ? num(chosen.nll) : "–", "nats/character"],
      ["its parameters", count(chosen.parameters), ""],
      ["characters that it was trained on", count(chosen.characters), ""],
      ["lowest held-out loss at step", count(chosen.best_step), ""],
      ["rise of the held-out loss since then", value ? num(chosen.overfitting, 3) : "–", "nats/character"],
      ["exponent α of the parameters", of("parameters"), ""],
      ["exponent β of the characters", of("characters"), ""],
      ["typical deviation from the power law", value ? num(100 * find(value.rows, "spread").value, 1) : "–", "%"],
    ];
  }

  words(value) {
    const [alpha, beta] = ["parameters", "characters"].map((of) => intervalOf(value, of));
    const isOpen = find(value.rows, "exponent_low", { of: "parameters" }).value < 0;
    return `${learningWords(chosenOf(value))} ` +
      `The test loss of the ${runsOf(value).length} networks falls as N^−α D^−β: α = ${alpha} for N parameters, ` +
      `β = ${beta} for D characters (95 % intervals). ` +
      (isOpen ? "The interval of α holds 0: with little text, a larger network is hardly better. " : "") +
      "Each is the best network on its way, one seed each, trained for equally many steps.";
  }

  table({ rows, curves }) {
    const runs = runsOf({ rows });
    const head = ["width", "parameters", "characters", "test_loss", "best_step", "overfitting"];
    return {
      name: "losses-by-size",
      rows: [
        head,
        ...runs.map((run) => [run.width, run.parameters, run.characters, run.nll, run.best_step, run.overfitting]),
        ["run", "step", "training_loss", "held_out_loss"],
        ...Object.entries(curves).flatMap(([run, each]) => each.map((one) => [run, one.step, one.train, one.held_out])),
      ],
    };
  }
}

const learningWords = ({ best_step: step, overfitting }) =>
  overfitting > OVER
    ? `The held-out loss rises after step ${step}, while the training loss still falls: this network over-fits.`
    : "The held-out loss falls or stays to the end of the training: there is no over-fitting yet.";

/** Every run with its figures by name. */
function runsOf({ rows }) {
  const runs = {};
  for (const { name, value, width, part } of rows.filter((row) => row.width !== undefined)) {
    const run = (runs[`${width}-${part}`] ??= { width, part });
    run[name] = value;
  }
  return Object.values(runs);
}

const chosenOf = (value) => runsOf(value).find(({ width, part }) => `${width}-${part}` === value.run);

/** The loss of a run by the power law, whose line goes through the means of the logarithms. */
function fitOf({ rows }) {
  const runs = runsOf({ rows });
  const [alpha, beta] = ["parameters", "characters"].map((of) => find(rows, "exponent", { of }).value);
  const powerOf = ({ parameters, characters }) => -alpha * Math.log(parameters) - beta * Math.log(characters);
  const mean = (of) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  const constant = mean(({ nll }) => Math.log(nll)) - mean(powerOf);
  return (run) => Math.exp(constant + powerOf(run));
}

const intervalOf = ({ rows }, of) => {
  const [value, low, high] = ["exponent", "exponent_low", "exponent_high"].map((name) =>
    find(rows, name, { of }).value
  );
  return `${num(value, 3)} [${num(low, 3)}, ${num(high, 3)}]`;
};
