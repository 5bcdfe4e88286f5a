/** The film of a game in the plane: recorded or trained live, by the visitor's choices. */

import { button, h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { requestOf } from "../kit/panel/controls.js";

const NOTHING = "Paint points in The game first: they are the data here too.";

/**
 * Asks for such a film. `more()` is asked besides what the controls say, and `nothing` are words while there are no
 * points. Returns the film with `play`, which returns the mode: `arenas` are its planes, of which the one of number k
 * shows `scene(k)`, if that is anything.
 * @param {import("../kit/panel/mode.js").Self} self
 */
export function gameFilm(self, { nameOf, more, nothing = NOTHING }) {
  const { ctx, state, declared } = self;
  const isPainted = () => state.data === "painted";
  const isMissing = () => isPainted() && !state.points.length;
  const wanted = computed(() =>
    isMissing() ? null : { ...requestOf(ctx, declared), points: isPainted() ? state.points : [], ...more() }
  );
  /** Settings of the game; more moves go on with it. */
  const settings = computed(() => JSON.stringify({ ...wanted.value, moves: null }));
  const live = signal(""); // the settings that are trained again in view of the visitor
  whenever(() => {
    if (live.value !== settings.value) live.value = "";
  });
  const film = askedFilm(self, {
    nameOf,
    request: () => wanted.value && { ...wanted.value, live: live.value === settings.value },
    nothing: () => isMissing() ? nothing : null,
  });
  const again = () => (live.value = settings.peek());

  /**
   * @param {{arenas: import("./arena.js").Arena[], scene: (k: number) => any, screen: HTMLElement, above?: Node[],
   *   below?: Node[], rare?: Node[], hidden?: () => boolean} & Record<string, any>} how the rest is for `askedFilm`
   */
  function play({ arenas, scene, above = [], below = [], rare = [], hidden = () => false, ...how }) {
    arenas.forEach((arena, k) => shows(arena, () => scene(k)));
    const main = film.play({
      ...{ framesPerSecond: 8, frames: 60, tellsEach: true, hidden },
      ...{ dims: arenas.map(({ element }) => element), ...how },
    });
    const clear = button("Clear points", () => ctx.store.commit({ ...declared.renews, points: [] }));
    whenever(() => (clear.hidden = !isPainted() || isMissing()));
    return {
      ...{ main, above: [film.numbers, ...above], under: [clear, ...below], rare: [...rare, origin(film, again)] },
      ...{ subject: "data", arenas, ...film.mode }, // the points, and not the network of images
    };
  }
  return { ...film, play };
}

/** Says where the film comes from, and trains a recorded one again. */
function origin({ current, frames }, again) {
  const first = () => current.value && frames.value[0];
  const live = (film) => `${film.done ? "trained" : "training"} on this server, ${film.seconds.toFixed(1)} s`;
  const words = () => {
    if (!first()) return "";
    const { recorded } = first();
    const on = frames.value.at(-1).recorded ? "" : `; played on from there, ${live(current.value)}`;
    return recorded ? `Recorded on ${recorded}${on}` : `Live: ${live(current.value)}`;
  };
  const title = () => first()?.recorded ? `torch ${first().torch}` : "";
  const train = button("Train it live", again, { title: "Play the same game again, on this server" });
  whenever(() => (train.hidden = !first()?.recorded));
  return h("div", { class: "row", hidden: () => !first() }, h("span", { class: "quiet", title }, words), train);
}
