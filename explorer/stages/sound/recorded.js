/** Modes that ask one question about a test recording, or about a visitor's own sound. */

import { whenever } from "../kit/base/live.js";
import { signal } from "../kit/base/vendor/signals-core.js";
import { requestOf } from "../kit/panel/controls.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { createListen } from "./audio.js";
import { createOwn, ownSound } from "./own.js";
import { Wave } from "./wave.js";

/**
 * Asks about a sound. Besides what `exhibit` does, returns the choice of a visitor's `own` sound; `show` has elements
 * under the wave, `add`, and of the panel, `below`.
 * @param {import("../kit/panel/mode.js").Self} self
 */
export function recording(self) {
  const { ctx, state, declared, visits } = self;
  const { rate, longest } = ctx.value();
  const news = signal(0); // of the visitor's own sound
  const about = exhibit(self, {
    question() {
      void [news.value, visits.value]; // another mode may have recorded it
      const own = ownSound(ctx.value().peaks[state.speaker]);
      return ctx.net().error ? null : { ...requestOf(ctx, declared), ...(own && { own }) };
    },
    nameOf: ({ own }) => own ? `${declared.ask}_own` : declared.ask,
    now: { tap: () => tap() },
  });
  const { value, asked, bytesOf } = about;
  /** The samples of the sound in the answer, a byte each. */
  const levels = () => value.value && bytesOf(value.value.levels);
  /** The watched sample: the chosen one, else the last. */
  const tap = () => levels() && Math.min(state.tap ?? Infinity, levels().length - 1);
  const own = createOwn({ rate, longest, onChange: () => (news.value += 1) });
  const listen = createListen({ rate, levelsOf: levels, nameOf: () => `${state.digit}-${state.speaker}` });
  const wave = new Wave(ctx, {
    label: "The recording",
    height: 150,
    onMove: (at, { rest }) => ctx.store.set({ tap: Math.min(at, levels().length - 1) }, { commit: rest }),
  });
  whenever(() => {
    void visits.value;
    own.update();
    listen.update();
    if (!levels()) return;
    wave.show(levels(), {
      cursor: tap(),
      name: `${asked.value.own ? "Your sound" : "Test recording"}: amplitude`,
      words: `${levels().length} samples, watched at ${wave.msOf(tap()).toFixed(0)} ms`,
    });
  });
  const show = ({ add = [], below = [] } = {}) => {
    const { mode } = about.show({ add: [wave.element, ...add], below: [own.element, ...below] });
    return { ...mode, first: [listen] };
  };
  return { ...about, own, show };
}

/** @param {import("../kit/panel/mode.js").Self} self */
const recorded = (self) => recording(self).show();

export default mode(recorded);
