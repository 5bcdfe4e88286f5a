/** A film of masked characters, which become known in any order; a tap masks one. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { charactersOf, Letters } from "./letters.js";

/**
 * Makes the mode of such a film: `onMask(place, film)` is a tap on a character, `tintsOf(frame)` how strong the tint of
 * each is, and `legend` an element.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {object} how
 * @param {(request: Record<string, any>) => string} how.nameOf
 * @param {HTMLElement} how.legend
 * @param {(place: number, film: ReturnType<typeof askedFilm>) => void} how.onMask
 * @param {(frame: import("../kit/film/asked.js").Frame) => number[]} [how.tintsOf]
 */
export function maskedFilm(self, { nameOf, legend, onMask, tintsOf = () => [] }) {
  const { alphabet } = self.ctx.value();
  const film = askedFilm(self, { nameOf });
  const { frame, frames } = film;
  const letters = new Letters({
    label: "The text. Arrow keys choose a character, a tap masks it.",
    onChoose: (place) => onMask(place, film),
  });
  whenever(() => {
    if (!frame.value) return;
    const { shown, kinds } = shownOf(frame.value, frames.value[0].x, alphabet.length);
    letters.show(charactersOf(shown, alphabet), { kinds, tints: tintsOf(frame.value) });
  });
  const main = film.play({
    screen: h("div", { class: "fill-screen" }, letters.element, legend),
    dims: [letters.element],
    label: "Masked characters, step by step",
    framesPerSecond: 6,
  });
  return { main, under: [film.numbers], letters, ...film.mode };
}

/**
 * The characters of a frame, guesses where they are masked, and the kind of each; `first` was given.
 * @param {import("../kit/film/asked.js").Frame} frame @param {ArrayLike<number>} first @param {number} mask
 */
function shownOf({ x, pictures: { guess }, numbers }, first, mask) {
  const fresh = new Set(numbers.new?.[0] ?? []);
  const shown = Array.from(x, (each, i) => (each === mask && guess ? guess[i] : each));
  const kinds = Array.from(x, (each, i) => {
    if (each === mask) return guess ? "guess" : "blank";
    return fresh.has(i) ? "new" : first[i] === mask ? "filled" : "given";
  });
  return { shown, kinds };
}

/** Key of some kinds of characters. */
export const kinds = (words) => Object.entries(words).map(([kind, each]) => h("span", { class: kind }, each));
