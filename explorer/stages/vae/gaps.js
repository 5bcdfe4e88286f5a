/** Three gaps: q over the true posterior, moved by hand, fitted to the image, or of three Gaussians. */

import { h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { Bars } from "../kit/chart/bars.js";
import { drawnOrTest, NO_PICTURE, Picture, startWithExample } from "../kit/image/picture.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { reported } from "../kit/panel/reported.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats16 } from "../kit/plane/tensors.js";
import { gapOf } from "./gaps_of.js";
import { gapsPlane } from "./gaps_plane.js";

const TOLD = ["encoder", "best", "mixture"];
const KEYS = [["■", "posterior p(z | x)", ({ ink }) => ink], ["○", "q at 1σ and 2σ", ({ you }) => you]];

/** The Gaussian of four numbers: its mean and its widths. */
const ofHand = (hand) => ({ weights: [1], mu: [hand.slice(0, 2)], sigma: [hand.slice(2)] });

function gaps(self) {
  const { ctx, state, declared } = self;
  const picture = computed(() => ctx.net().error ? null : drawnOrTest(state, ctx.net().dataset));
  const answer = reported(self, {
    question: () => picture.value && { ...requestOf(ctx, declared), picture: picture.value },
    shown: (value) =>
      value.cannot || state.q !== "hand" ? value[state.q] ?? value : handReport(declared, gap.value, value),
  });
  const { value, isPending, failed, words, numbers } = answer;
  const found = computed(() => value.value?.cannot ? null : value.value);
  /** The table of the true posterior. */
  const cells = computed(() => {
    const { size, extent, log_p: table } = found.value ?? {};
    return table ? { size, extent, logP: floats16(table) } : null;
  });
  /** The q that is shown: {weights, mu, sigma}. */
  const q = computed(() => {
    if (!found.value || state.q !== "hand") return found.value && found.value[state.q];
    return state.hand ? ofHand(state.hand) : found.value.encoder;
  });
  const gap = computed(() => q.value && (state.q === "hand" ? gapOf(cells.value, q.value) : q.value.gap));

  const plane = gapsPlane(self, { cells, q, best: computed(() => found.value?.best) });
  const legend = createLegend(ctx);
  const bars = new Bars("The gap of each q");
  shows(bars, () => found.value && barsOf(declared, found.value, state.q, gap.value));
  whenever(() => {
    for (const element of [plane.element, bars.element]) element.hidden = !found.value;
  });
  const own = h("div", {}, plane.element, shows(legend, () => found.value && KEYS));
  const laid = h("div", { class: "exhibit", "data-mode": "gaps", hidden: () => !value.value }, own);
  answer.dims(laid, bars.element);
  const waits = () => picture.value ? declared.shows.waits : NO_PICTURE;
  const waiting = h(
    "p",
    { class: () => isPending.value ? "empty awaited" : "empty", hidden: () => value.value !== null },
    () => ctx.net().error ?? (failed.value ? declared.shows.failed : waits()),
  );
  return {
    ...{ ...answer.mode, words, main: [waiting, laid], key: plane.key },
    above: [numbers],
    below: [new Picture(ctx, { others: false }), bars.element],
    enter: () => startWithExample(ctx),
    hasResult: () => found.value !== null,
    table: () => found.value && tableOf(found.value, state.hand && gapOf(cells.value, ofHand(state.hand))),
  };
}

/** Description of a q by hand. */
function handReport(declared, gap, { encoder, best, log_px: exact }) {
  const values = {
    gap,
    encoder,
    best,
    decoder: -exact,
    rest: Math.max(0, gap - best.gap),
    sum: gap - exact,
    times: gap / encoder.gap,
  };
  return {
    numbers: figuresOf(declared, values),
    words: sentences(declared, values, "lost", gap < encoder.gap && "best"),
  };
}

/** A bar for each q, to one scale: its family's part and the rest. */
function barsOf({ controls: [[{ options }]], says }, found, chosen, gap) {
  const gaps = { ...Object.fromEntries(TOLD.map((name) => [name, found[name].gap])), [chosen]: gap };
  const most = Math.max(found.encoder.gap, found.best.gap, 1e-3);
  const rows = options.filter(([name]) => name in gaps).map(([name, title]) => {
    const share = Math.min(gaps[name], found.best.gap, most) / most;
    const hatched = Math.min(1, gaps[name] / most) - share;
    return { title, share, hatched, text: num(gaps[name]), marked: name === chosen };
  });
  return { name: says.bars, rows };
}

function tableOf(found, byHand) {
  const rows = TOLD.map((name) => [`gap, ${name}`, found[name].gap]);
  if (byHand !== null) rows.push(["gap, by hand", byHand]);
  return { name: "gaps", rows: [["figure", "nats"], ...rows, ["log p(x)", found.log_px]] };
}

export default mode(gaps);
