/** The rules of a game, as far as several modes let a visitor choose them: the points, and how both players learn. */

import { button, h, numberBox, offerNumbers, select } from "../kit/shell/dom.js";
import { segmented } from "../kit/shell/parts.js";
import { nextSeed } from "../kit/shell/seed.js";

const DATA = [["ring", "Ring"], ["grid", "5×5 grid"], ["moons", "Two moons"], ["painted", "Paint"]];
const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01];

const RECIPE = ["spectral", "dsteps", "lrd", "lrg", "gseed"];

/**
 * The settings that most of what is recorded was played by: those of the algorithm of Goodfellow et al. (2014), with k
 * = 1.
 */
export const recipeOf = ({ fields }) => Object.fromEntries(RECIPE.map((key) => [key, fields[key].initial]));

/** Settings of another game: what belongs to a place in the one before goes. */
export const renewed = (patch) => ({ moves: null, round: null, at: null, ...patch });

/** What the server is asked of every game. */
export function settingsOf({ data, points, dsteps, lrd, lrg, gseed }) {
  return { data, points: data === "painted" ? points : [], dsteps, lrd, lrg, gseed };
}

export const NO_POINTS = "Click or drag in the plane to paint points: they become the data, and the game begins.";

/** Which points are the data. */
export function createData({ store }) {
  const element = segmented("Points", DATA, (data) => store.commit(renewed({ data })));
  const clear = button("Clear points", () => store.commit(renewed({ points: [] })));
  const update = () => {
    const { data, points } = store.get();
    element.set(data);
    clear.hidden = data !== "painted" || !points.length;
  };
  return { element: h("div", { class: "row" }, element, clear), update };
}

/** A learning rate among usual ones, and the one that the address brought. */
function createRate({ store }, key, words) {
  const element = select(words, [], "", (rate) => store.commit(renewed({ [key]: +rate })));
  return { element, update: () => offerNumbers(element, RATES, store.get()[key], String) };
}

/** D's steps in a round, both learning rates, the seed, and the spectral norm where it is offered. */
export function createRules(ctx, { spectral: offered = true } = {}) {
  const { store, fields } = ctx;
  const change = (patch) => store.commit(renewed(patch));
  const steps = numberBox("D-steps a round", { field: fields.dsteps, onchange: (dsteps) => change({ dsteps }) });
  const rates = [createRate(ctx, "lrd", "Rate of D"), createRate(ctx, "lrg", "of G")];
  const seed = numberBox("Seed", { field: fields.gseed, onchange: (gseed) => change({ gseed }) });
  const next = button("Next seed", () => change({ gseed: nextSeed(ctx, "gseed") }));
  const spectral = createSpectral(ctx);
  const rows = [[offered && spectral.element, steps].filter(Boolean), rates.map(({ element }) => element), [
    seed,
    next,
  ]];
  const update = () => {
    const { dsteps, gseed } = store.get();
    steps.set(dsteps);
    seed.set(gseed);
    for (const part of [...rates, spectral]) part.update();
  };
  return { element: h("div", { class: "controls" }, rows.map((row) => h("div", { class: "row" }, row))), update };
}

/** The switch of the spectral norm. */
function createSpectral({ store }) {
  const input = h("input", { type: "checkbox" });
  input.addEventListener("change", () => store.commit(renewed({ spectral: input.checked })));
  const update = () => (input.checked = store.get().spectral);
  return { element: h("label", { class: "select" }, input, h("span", {}, "Spectral norm in D")), update };
}

/** Whether what is shown was recorded, and the button that trains it here instead. */
export function createOrigin(onLive) {
  const words = h("span", { class: "quiet" });
  const again = button("Train it live", onLive, { title: "Play the same game again, on this server" });
  const element = h("div", { class: "row" }, words, again);
  const show = (film) => {
    element.hidden = !film;
    if (!film) return;
    const { recorded, torch } = film.frames[0];
    const live = film.frames.find((frame) => !frame.recorded);
    again.hidden = !recorded;
    words.title = recorded ? `torch ${torch}` : "";
    words.replaceChildren(h("strong", {}, recorded ? "Recorded" : "Live"));
    words.append(
      recorded ? ` on ${recorded}${live ? `; played on from there, ${secondsOf(film)}` : ""}` : `: ${secondsOf(film)}`,
    );
  };
  return { element, show };
}

const secondsOf = ({ seconds, done }) => `${done ? "trained" : "training"} on this server, ${seconds.toFixed(1)} s`;
