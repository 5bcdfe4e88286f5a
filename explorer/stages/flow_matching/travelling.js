/** Points of the plane that travel from noise to data: one film over time, which plays once if the address has no place. */

import { latestOf, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedAnswer } from "../kit/ask/asked.js";
import { filmOf } from "../kit/film/film.js";
import { isAbout, requestOf } from "../kit/panel/controls.js";
import { dimAnswer } from "../kit/panel/parts.js";

const FRAMES = 40;

/**
 * Asks where the points travel. Returns the `time` in the field `key`, the latest answer, `came`, as {asked, answer}, and
 * `play`, which makes the player and returns its element; `captionOf(t)` is what is said at a time.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {string} key
 */
export function travelling(self, key) {
  const { ctx, state, declared } = self;
  const request = computed(() => JSON.stringify(isAbout(ctx, declared) ? requestOf(ctx, declared) : null));
  const answer = askedAnswer(self, declared.ask, () => JSON.parse(request.value));
  const came = latestOf(computed(() => answer.value && { asked: JSON.parse(request.value), answer: answer.value }));
  const time = computed(() => state[key] ?? 1);

  /**
   * @param {{ready: () => boolean, captionOf: (t: number) => string, words: {value: string, peek: () => string},
   *   tell?: (moving: boolean) => void} & Record<string, any>} how
   */
  function play({ ready, captionOf, words, tell, ...options }) {
    const film = filmOf(self, {
      ...{ words, key },
      what: () => ({
        of: came.value,
        length: ready() ? FRAMES + 1 : 0,
        where: (at) => `t = ${(at / FRAMES).toFixed(2)}`,
        caption: (at) => captionOf(at / FRAMES),
      }),
      place: () => ({
        indexOf: (given) => Math.round(FRAMES * (given ?? 1)),
        stateOf: (at) => ({ [key]: at === FRAMES ? null : at / FRAMES }),
      }),
      options: { framesPerSecond: 16, frames: FRAMES + 1, ...options, ...(tell && { tell }) },
    });
    whenever(() => dimAnswer({ dims: [film.host], seen: self.seen }, !answer.value));
    return film.host;
  }
  return { answer, came, time, play };
}
