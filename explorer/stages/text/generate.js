/** Generate: characters appear one at a time, each drawn from a distribution that is shown; any can be set otherwise. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { mode } from "../kit/panel/mode.js";
import { Chances } from "./chances.js";
import { charactersOf, legend, Letters } from "./letters.js";

function generate(self) {
  const { ctx, state } = self;
  const { alphabet } = ctx.value();
  const film = askedFilm(self, {
    nameOf: ({ length }) => `A text of ${length} characters`,
    reportOf: (_, at) => frames.value[watchedOf(at)].report,
  });
  const { frames, frame, shown } = film;
  const given = computed(() => frames.value[0]?.time); // the number of given characters
  /** The frame of the watched character: the chosen one if it is there, else the newest. */
  const watchedOf = (at) => {
    const index = state.tap === null ? at : state.tap - given.value;
    return index >= 0 && index <= at ? index : at;
  };
  const watched = computed(() => frame.value && frames.value[watchedOf(shown.value)]);

  const letters = new Letters({
    label: "The text. Arrow keys choose a character.",
    onChoose: (tap) => ctx.store.commit({ tap }),
  });
  /** The text up to the watched character, and then another one, becomes the beginning. */
  function take(character) {
    const { x, time } = watched.value;
    ctx.store.commit({ prompt: charactersOf(x.subarray(0, time), alphabet).join("") + character });
  }
  const chances = new Chances({ onTake: take });
  whenever(() => {
    if (!frame.value) return;
    const { x, time } = frame.value;
    const characters = charactersOf(x.subarray(0, time + 1), alphabet);
    const tints = characters.map((_, i) => (i < given.value ? 0 : frames.value[i - given.value].report.tint));
    const kinds = characters.map((_, i) => (i < given.value ? "given" : ""));
    letters.show(characters, { tints, kinds, chosen: watched.value.time });
    chances.show(chancesOf(watched.value, alphabet), characters[watched.value.time]);
  });

  const title = h("h2", {}, "Predicted character");
  const side = h("div", { class: "beside-side" }, film.numbers, title, chances.element);
  const main = film.play({
    screen: h("div", { class: "text-screen" }, h("div", {}, letters.element, legend()), side),
    dims: [letters.element, side],
    place: ({ stateOf }) => ({ stateOf: (...step) => ({ ...stateOf(...step), tap: null }) }),
    label: "The text, character by character",
    framesPerSecond: 20,
  });
  return { main, letters, chances, ...film.mode };
}

/**
 * The likeliest characters, and the drawn one where it is not among them.
 * @param {import("../kit/film/asked.js").Frame} frame @param {string} alphabet
 */
function chancesOf({ numbers: { codes, p, q } }, alphabet) {
  const [listed, ps, qs] = [codes[0], p[0], q[0]];
  const rows = listed.map((code, i) => ({ character: alphabet[code], p: ps[i], q: qs[i] }));
  const isTwice = listed.indexOf(listed.at(-1)) < listed.length - 1;
  return isTwice ? rows.slice(0, -1) : rows;
}

export default mode(generate, { hint: "Tap a character, then another in its place: the text goes on" });
