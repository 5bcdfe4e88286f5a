/** Modes whose answer brings texts: each character is tinted by a number, and one of them is watched. */

import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { legend, Letters } from "./letters.js";

/**
 * Asks about a text. Besides what `exhibit` does, returns the `letters` of each text that the panel declares, the
 * element of their `room` and of their `key`, and `watchedIn(answer)`: the chosen character, or one that the answer
 * names. `how` is as for `exhibit`; `choose(place)` is a visitor's choice, and with `isOwn` the mode shows its text itself.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {{choose?: (place: number) => void, isOwn?: boolean} & Record<string, any>} [how]
 */
export function textual(self, { choose = (tap) => self.ctx.store.commit({ tap }), isOwn = false, ...how } = {}) {
  const { ctx, state, declared: { shows: { texts } } } = self;
  function watchedIn({ texts, text, watched = null }) {
    const { length } = texts?.[0].characters ?? text ?? [];
    return state.tap !== null && state.tap < length ? state.tap : watched;
  }
  const about = exhibit(self, {
    /** The numbers of the answer, and those of the watched character. */
    rows(rows, answer) {
      const of = (values) => values[watchedIn(answer)] ?? "–";
      return [...rows, ...(answer?.characters ?? []).map(([name, values, unit]) => [name, of(values), unit])];
    },
    ...how,
  });
  const labelOf = (title) => `${title}. Arrow keys choose a character.`;
  const letters = texts.map((title) => new Letters({ label: labelOf(title), onChoose: choose }));
  const named = ({ element }, k) => [letters.length > 1 && h("h2", {}, texts[k]), element];
  const key = h("div");
  const each = letters.map((one, k) => h("div", { class: "text-of" }, ...named(one, k)));
  const room = h("div", { class: "texts result" }, h("div", { class: "texts-row" }, each), key);
  whenever(() => {
    if (!about.value.value || isOwn) return;
    const { texts: told, legend: scale } = about.value.value;
    room.hidden = !told;
    if (!told) return;
    const chosen = watchedIn(about.value.value);
    letters.forEach((one, k) => one.show([...told[k].characters], { ...told[k], chosen }));
    fill(key, legend(scale));
  });
  return { ...about, ctx, letters, room, key, watchedIn };
}

/** @param {import("../kit/panel/mode.js").Self} self */
function texts(self) {
  const { room, show } = textual(self);
  return show({ add: [room] }).mode;
}

export default mode(texts);
