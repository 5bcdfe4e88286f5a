/** Damage: a set of real images is damaged, or a network draws one; the metrics judge it beside their floor. */

import { askedAnswers } from "../kit/ask/asked.js";
import { button, fill, h } from "../kit/base/dom.js";
import { num, percent } from "../kit/base/format.js";
import { atEnd, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { PIXELS } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { dim, onDemand, whileBusy } from "../kit/panel/parts.js";
import { reported } from "../kit/panel/reported.js";
import { keySlider } from "../kit/panel/slider.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { Sheet } from "./sheet.js";
import { createVerdicts } from "./verdicts.js";

const STEP = 0.1;
const REST = 60; // milliseconds without a change, before the metrics are asked for

function damage(self) {
  const { ctx, state, declared, visits } = self;
  const isDamaged = computed(() => state.of === "damaged");
  const request = computed(() => JSON.stringify(requestOf(ctx, declared)));
  const rested = signal("null"); // the request that the metrics are asked for
  whenever(() => {
    const [now, visited] = [request.value, visits.value];
    const timer = visited ? setTimeout(() => (rested.value = now), REST) : 0;
    atEnd(() => clearTimeout(timer));
  });
  const more = signal("null"); // the one that the slower metrics are asked for
  const slower = askedAnswers(self, "slower", () => JSON.parse(more.value));
  const hasSlower = computed(() => slower.isCurrent.value && more.value === rested.value);
  /** With the slower metrics, once they are there. */
  const judged = reported(self, {
    question: () => JSON.parse(rested.value),
    shown: (value) => hasSlower.value ? slower.value.value : value,
  });

  /** The images of the strength under the thumb, at once; those of a network come with its figures. */
  const film = askedAnswers(self, "sheet", () => {
    const { data, damage, seed } = state;
    return isDamaged.value ? { data, damage, seed } : null;
  });
  const frames = computed(() =>
    film.value.value && { ...film.value.value, bytes: fromBase64(film.value.value.frames) }
  );
  const images = computed(() => {
    if (!frames.value) return judged.value.value && fromBase64(judged.value.value.images);
    const { bytes, steps, shown } = frames.value;
    const frame = Math.round(state.strength * steps);
    return bytes.subarray(frame * shown * PIXELS, (frame + 1) * shown * PIXELS);
  });
  const name = () => {
    const { damages, generators } = ctx.value();
    const { of, damage, strength } = state;
    return isDamaged.value ? `${damages[damage]}, strength ${num(strength, 1)}` : `drawn by a ${generators[of]}`;
  };
  const sheet = new Sheet(ctx, "The first images of the set");
  whenever(() => {
    if (!images.value) return;
    sheet.show(images.value, name());
    ctx.show("x", images.value.subarray(0, PIXELS));
  });
  whenever(() => dim(sheet.element, isDamaged.value && !film.isCurrent.value));

  const slider = keySlider(ctx, "strength", "Strength", { step: STEP, words: (value) => num(value, 1), live: true });
  whenever(() => slider.set(state.strength));
  const strength = h("div", { class: "lab-strength", hidden: () => !isDamaged.value }, slider.element);
  const verdicts = createVerdicts(ctx.value());
  const shares = h("div", { class: "lab-shares result" });
  whenever(() => {
    const { value, report } = judged;
    if (!value.value) return;
    verdicts.show(report.value.rows);
    fill(shares, value.value.classes.map((share, label) => barOf(share, label)));
  });
  judged.dims(verdicts.element, shares);
  const askSlower = () => {
    more.value = request.value;
    whileBusy(ask, slower.again, "Measuring…");
  };
  /** The first measures, and those of another network's set; a strength that is dragged only dims them. */
  const isMeasuring = () => !judged.failed.value && judged.asked.value?.of !== state.of;
  const measuring = h("p", { class: "lab-wait", hidden: () => !isMeasuring() }, "The metrics measure this set…");
  const ask = button("Three slower metrics", askSlower, { title: "−log p, and a classifier trained on the set" });
  whenever(() => (ask.hidden = hasSlower.value));
  const beside = [strength, measuring, verdicts.element, ask, onDemand("Share of each class", shares)];
  return {
    main: h("div", { class: "lab-screen" }, sheet.element, h("div", {}, beside)),
    above: [judged.numbers],
    ...{ words: judged.words, images, isDrawn: film.isCurrent, ...judged.mode },
  };
}

const barOf = (share, label) =>
  h(
    "div",
    { class: "lab-share", title: `class ${label}: ${percent(share)}` },
    h("span", { class: "lab-bar", style: `--p: ${Math.min(100, 300 * share)}%` }),
    h("span", {}, String(label)),
  );

export default mode(damage, { hint: "Slide Strength: which dots leave the grey band?" });
