/** Images of one seed in several columns, with equally many pixels a step: orders of one chain, or two chains. */

import { h } from "../kit/base/dom.js";
import { listed, num } from "../kit/base/format.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { mode } from "../kit/panel/mode.js";
import { takeNet } from "../kit/panel/take_net.js";
import { PIXELS } from "../kit/image/pixels.js";
import { drawn, figuresIn, inSettings } from "../questions/drawn.js";
import { headOf } from "../questions/head.js";

/**
 * By how many pixels images of other columns differ from those of the first one, on average, in words.
 * @param {import("../questions/race.js").Race["finished"]["value"]} columns
 */
function apart([first, ...others]) {
  const far = ({ x }) => x.reduce((sum, byte, i) => sum + Number(byte !== first.x[i]), 0) / (x.length / PIXELS);
  return listed(others.map((each) => `${each.family.title} in ${num(far(each), 0)}`));
}

/**
 * The columns are `orders` of the panel's settings, or else the tab's networks; `said` has the sentences for each
 * `per`.
 * @param {import("../kit/panel/mode.js").Self} self
 */
function perStep(self) {
  const { id, ctx, state, declared } = self;
  const { said, settings } = ctx.value().steps[id];
  const figures = figuresIn(self);
  const { race, play } = drawn(self, {
    familiesOf: settings
      ? inSettings(self, () => settings)
      : () => Object.values(ctx.value().nets).map(({ column }) => column),
  });
  const { finished } = race;
  /** Sentences about this number of pixels a step. */
  const report = () => said[state.per];
  const { mode } = play({
    words: computed(() => race.wordsOf(() => report().words.replace("{apart}", apart(finished.value)))),
    leading: (rows) => (rows.length && report().numbers.length ? report().numbers : headOf(rows)),
    figuresOf({ film, frame }) {
      const { evaluations } = frame?.numbers ?? {};
      return figures({ evaluations: evaluations?.toLocaleString("en") ?? (film ? "drawing…" : "–") });
    },
    above: [h("p", { class: "note with-words" }, () => report().note)],
    below: [race.queue.element],
  });

  function table() {
    const rows = finished.value.map(({ family, film }) => {
      const { evaluations, seconds } = film.frames.at(-1).numbers;
      return [family.settings?.order ?? family.net, state.per, state.seed, evaluations, seconds];
    });
    const head = [settings ? "order" : "network", "pixels a step", "seed", "evaluations", "seconds"];
    return rows.length ? { name: `${state.mode}-per-step`, rows: [head, ...rows] } : null;
  }
  return { ...mode, table, enter: () => settings && takeNet(ctx, declared.nets) };
}

export default mode(perStep);
