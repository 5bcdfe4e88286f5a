/** Vanishing gradient: a generator stands still while a discriminator and a critic are trained further. */

import { h } from "../kit/base/dom.js";
import { LARGE } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { keysOf } from "./arena_legend.js";
import { gameFilm } from "./game_film.js";

const STEPS = 400;
const KINDS = { d: "A discriminator", critic: "A Wasserstein critic" };

function gradient(self) {
  const { ctx } = self;
  const handOver = (canvas) => ctx.show("out", canvas);
  const arenas = Object.values(KINDS).map((label, k) =>
    new Arena({ label, size: LARGE, onDrawn: k ? undefined : handOver })
  );
  const film = gameFilm(self, { nameOf: () => "Training the discriminators", more: () => ({ steps: STEPS }) });
  const { frame, frames, request, curves } = film;

  function scene(k) {
    if (!frame.value) return null;
    const read = readFrame(frame.value);
    return {
      surface: read[Object.keys(KINDS)[k]],
      real: readFrame(frames.value[0]).real,
      made: read.made,
      colours: ctx.colours(),
      words: frame.value.report.caption,
    };
  }
  const planes = arenas.map(({ label, element }) => h("figure", {}, h("h2", {}, label), element));
  const legend = createLegend(ctx);
  legend.show(keysOf("non-saturating", "d"));
  const below = h("div", { class: "facing-chart" }, curves.element, legend.element);
  return film.play({
    ...{ arenas, scene, hidden: () => !request.value },
    screen: h("div", { class: "facing" }, planes, below),
    label: "The generator stands still, step by step",
    filename: "gan-gradient.gif",
  });
}

export default mode(gradient);
