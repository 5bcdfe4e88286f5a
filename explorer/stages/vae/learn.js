/** Training, replayed from snapshots: each frame uses that snapshot's own encoder and decoder. */
import { askedAnswers } from "../kit/ask/asked.js";
import { fill, h } from "../kit/base/dom.js";
import { atEnd, shows, whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { filmOf } from "../kit/film/film.js";
import { MomentChart, whenWords } from "../kit/film/moments.js";
import { mode } from "../kit/panel/mode.js";
import { dimAnswer, fillPanel } from "../kit/panel/parts.js";
import { onMap } from "./on_map.js";
import { paintCloud } from "./paint.js";
import { snapshotsOf } from "./snapshots.js";

const REST_MS = 120;
const CHART_HEIGHT = 96;

function learn(self) {
  const { ctx, state, declared, seen, visits } = self;
  const map = onMap(self);
  const { resting, words, numbers } = map;
  const training = askedAnswers(self, declared.ask, map.request);
  /** Record of the training on this data set; null while it is on its way. */
  const answer = computed(() => {
    const [asked, value] = [training.asked.value, training.value.value];
    return asked?.dataset === state.data && value?.files.length ? value : null;
  });
  const stepOf = (given, last) => Math.min(given ?? (ctx.prefersReducedMotion() ? last : 0), last);
  const step = computed(() => answer.value && stepOf(state.step, answer.value.files.length - 1));
  const shown = shownStep(self, { answer, step, resting });

  /** β of the codes on the map, while that is an earlier one: they come from Python, at the β that last lay still. */
  const earlier = computed(() => {
    const of = shown.beta.value ?? resting.value;
    return answer.value && shown.isInside.value && of !== state.beta ? of : null;
  });
  whenever(() => (ctx.map.waiting.value = earlier.value !== null));

  /** The training plays once by itself, unless the address says where it stands; where motion is unwanted it is over. */
  let opens = false;
  const at = signal(0);
  const film = filmOf(self, {
    ...{ at, key: "step" },
    words: computed(() => {
      if (!answer.value) return "";
      const images = answer.value.moments[at.value]?.images.toLocaleString("en");
      return shown.codesAt(at.value)?.words ?? words({ images }, "coming");
    }),
    place: () => ({
      indexOf: (given, { length }) => stepOf(given, length - 1),
      stateOf: (step) => ({ step }),
      plays: () => opens && !(opens = false),
    }),
    what: () => filmed(self, { answer: answer.value, ...shown, visit: visits.value, beta: resting.value }),
    options: {
      host: h("div", { class: "learn-film" }),
      label: "Training",
      filename: "training.gif",
      framesPerSecond: 2,
    },
  });
  whenever(() => dimAnswer({ dims: [film.host], numbers, seen }, earlier.value !== null));

  shows(numbers, () => answer.value?.measured[step.value]);
  const curves = h("div", { class: "mode-body" });
  whenever(() => {
    if (!answer.value) return;
    const { charts, moments } = answer.value;
    const how = { height: CHART_HEIGHT, film: () => film };
    const made = charts.map(([label]) => new MomentChart(ctx, { label, ...how }));
    fill(curves, made.map(({ element }) => element));
    whenever(() => {
      const at = step.value;
      if (at !== null) made.forEach((chart, k) => chart.show(moments, charts[k][1], at, charts[k][0]));
    });
  });
  const measured = h("p", { class: "note with-words" }, () => answer.value?.note ?? "");
  const full = h("div", { class: "mode-body" }, map.note(() => earlier.value), film.host, curves, measured);
  const isLost = () => ctx.net().error || training.failed.value || training.value.value;
  const coming = () => (isLost() ? words({}, "unreadable") : declared.shows.waits);
  const none = h("p", { class: "empty", hidden: () => answer.value !== null }, coming);
  whenever(() => {
    for (const element of [full, numbers, seen.element]) element.hidden = answer.value === null;
  });
  return {
    ...map.mode,
    panel: () => fillPanel(ctx, numbers, none, full, seen.element),
    enter() {
      opens = state.step === null && !ctx.prefersReducedMotion();
      shown.isInside.value = true;
    },
    leave() {
      shown.isInside.value = false;
      shown.release();
    },
    hasResult: (what) => what === "picture" ? ctx.model.ready : answer.value !== null,
    table: () => answer.value && { name: `training-${state.data}`, rows: answer.value.table },
  };
}

/** The codes and the decoder of a snapshot, on the map while the mode is on screen; `beta` is that of the codes there. */
function shownStep(self, { answer, step, resting }) {
  const { ctx, given, state } = self;
  const [isInside, beta, arrivals] = [signal(false), signal(null), signal(0)];
  const snapshots = computed(() => answer.value && snapshotsOf(given));
  const codesAt = (index) => (arrivals.value, snapshots.value?.codes(index, resting.value) ?? null);
  const cloud = h("canvas");

  /** Gives the map back to the trained model. */
  function release() {
    ctx.map.override.value = ctx.map.decoderOverride.value = beta.value = null;
  }
  whenever(() => {
    void state.data;
    untracked(release);
  });

  /** True if these snapshots, this step and this β are still what is shown. */
  const isAt = (of, at, wanted) =>
    isInside.peek() && of === snapshots.peek() && of.model === given.model && at === step.peek() &&
    wanted === given.restingBeta;

  async function useCodes(of, at, wanted) {
    const codes = await of.read(at, wanted);
    if (!codes || !isAt(of, at, wanted)) return;
    ctx.map.override.value = codes;
    paintCloud(cloud, codes, given.assets.labels, ctx.map.colours);
    ctx.show("code", cloud);
    beta.value = codes.beta;
    arrivals.value = arrivals.peek() + 1;
    self.film.show(self.film.index);
  }

  async function useDecoder(of, at, wanted, file) {
    const decoder = await of.decoder(file);
    if (decoder && isAt(of, at, wanted)) ctx.map.decoderOverride.value = decoder;
  }

  whenever(() => {
    const [of, at, wanted] = [snapshots.value, step.value, resting.value];
    if (!of || !isInside.value) return;
    const { files } = answer.value;
    const isHere = of.codes(at, wanted) !== null;
    if (isHere) useCodes(of, at, wanted);
    const soon = setTimeout(() => {
      if (!isHere) useCodes(of, at, wanted);
      useDecoder(of, at, wanted, files[at]);
    }, REST_MS);
    atEnd(() => clearTimeout(soon));
  });
  return { isInside, beta, snapshots, codesAt, release };
}

/** The training as a film of clouds. */
function filmed({ ctx, given }, { answer, snapshots, visit, beta }) {
  if (!answer) return { length: 0, caption: () => "" };
  const { moments, numbers, files } = answer;
  const of = snapshots.value;
  let all = null;
  /** True if the codes of a step are here; they are asked for where they are not. */
  function has(step) {
    const isHere = of.codes(step, beta) !== null;
    if (!isHere) of.read(step, beta);
    return isHere;
  }
  return {
    of: answer,
    key: String(visit),
    length: files.length,
    draw: (canvas, i) => paintCloud(canvas, all?.[i] ?? of.codes(i, beta), given.assets.labels, ctx.map.colours),
    caption: (i) => whenWords(moments[i]),
    numbers: (i) => numbers[i],
    ready: (i) => i >= files.length || has(i),
    prepare: async () => (all = await of.readAll(files.length, beta)) !== null,
  };
}

export default mode(learn);
