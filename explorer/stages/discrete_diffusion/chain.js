/** The chain by hand: sixteen pixels on their way to noise or back, and one of them that is looked at. */

import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { filmOf } from "../kit/film/film.js";
import { mode } from "../kit/panel/mode.js";
import { numberTable } from "../kit/panel/parts.js";
import { reported } from "../kit/panel/reported.js";
import { Cells, imageOf } from "./cells.js";

const PARTS = ["x", "out", "guess"]; // of the mechanism, image by image

/** The time that a step of the film shows, and the other way around. */
const placeOf = ({ frames, back }, at) => (back ? frames.length - 1 - at : at);

function chain(self) {
  const { ctx, state } = self;
  const at = signal(0); // the step on screen
  const chained = reported(self, {
    shown: (value) => value.frames[placeOf(value, Math.min(at.value, value.frames.length - 1))],
  });
  const { value, report, words } = chained;
  whenever(() => state.t > state.times && ctx.store.set({ t: state.times }));

  const imageFigure = (part, k) => {
    const cells = new Cells((cell) => ctx.store.commit({ cell }), part === "guess");
    const title = computed(() => report.value?.titles[k] ?? "");
    whenever(() => {
      if (!report.value) return;
      cells.show(report.value.images[k], state.cell, title.value);
      ctx.show(part, imageOf(report.value.images[k]));
    });
    const kind = part === "out" ? null : "result"; // beside it the image and the guess tell what it was
    return h("figure", { class: kind }, h("figcaption", {}, () => title.value), cells.element);
  };
  const tables = h("div", { class: "chain-tables with-numbers" });
  const tableOf = ({ title, head, rows }) =>
    h("figure", {}, h("figcaption", {}, title), numberTable(title, head, rows));
  whenever(() => report.value && fill(tables, report.value.tables.map(tableOf)));

  const film = filmOf(self, {
    ...{ at, words, key: "t", tellsEach: true },
    place: () => ({
      indexOf: (t, { of, length }) => (t === null ? length - 1 : placeOf(of, Math.min(t, length - 1))),
      stateOf: (at, { of, length }) => ({ t: at === length - 1 ? null : placeOf(of, at) }),
    }),
    what: () => ({
      of: value.value,
      length: value.value?.frames.length ?? 0,
      caption: (at) => value.peek().frames[placeOf(value.peek(), at)].caption,
      where: (at) => `t = ${placeOf(value.peek(), at)}`,
    }),
    options: {
      screen: h("div", { class: "chain-images" }, PARTS.map(imageFigure)),
      label: "The chain, step by step",
      filename: "discrete-chain.gif",
      framesPerSecond: 2,
    },
  });
  const main = h("div", {}, film.host, tables);
  chained.dims(main);
  return { main, above: [chained.numbers], ...chained.mode };
}

export default mode(chain);
