/** Prompt: four pictures appear step by step, each word has its map, and while one types a preview follows. */

import { askedAnswers } from "../kit/ask/asked.js";
import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { dim } from "../kit/panel/parts.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { sceneOf } from "../spaces/colour.js";
import { promptField } from "./field.js";
import { fillBoxes } from "./formulas.js";
import { isKnown } from "./phrase.js";
import { colourAt, mapOf, Scenes, WordMaps } from "./scenes.js";

const COUNT = 4;
const WHOSE = "Numbers of the prompt above, at its first step. The scores are those of {}.";

/** @param {import("../kit/panel/mode.js").Self} self */
function prompt(self) {
  const { ctx, state, declared } = self;
  const { vocabulary } = ctx.value();
  const error = () => ctx.net().error;
  const isAsked = () => isKnown(state.prompt, vocabulary) && isKnown(state.without, vocabulary);
  const field = promptField(self, { key: "prompt", label: "Prompt", word: () => state.word });
  const film = askedFilm(self, {
    nameOf: ({ steps }) => `Four pictures, ${steps} ${steps === 1 ? "step" : "steps"}`,
    request: () => (error() || !isAsked() ? null : requestOf(ctx, declared)),
    nothing: error,
  });
  const { frame, current, drawn } = film;
  /** What is typed, while no film is asked about it. */
  const draft = computed(() => {
    const { without, guidance, seed } = state;
    const isOpen = field.typed.value !== state.prompt || !isAsked();
    return !error() && isOpen ? { prompt: field.typed.value, without, guidance, seed } : null;
  });
  const preview = askedAnswers(self, "preview", () => draft.value);
  whenever(() => field.show(preview.current.value));
  const early = computed(() => (draft.value && preview.value.value?.x ? preview.value.value : null));

  /** What is shown: the frame, or while one types the preview. */
  const shown = computed(() => {
    if (early.value) {
      return { x: fromBase64(early.value.x), captions: Array(COUNT).fill("preview"), words: null, maps: null };
    }
    if (!frame.value) return null;
    const { x, report: { maps, prompt: words, readings } } = frame.value;
    const captions = Array.from({ length: COUNT }, (_, place) => readings ? signOf(readings[place]) : "");
    return { x, captions, words, maps: fromBase64(maps) };
  });
  const own = askedAnswers(self, "formula_numbers", () => {
    const { prompt, without, guidance, seed } = state;
    return error() || !isAsked() ? null : { prompt, without, guidance, seed };
  });
  let stop = () => {};
  whenever(() => {
    const { boxes, words } = own.current.value ?? {};
    stop();
    if (boxes) stop = fillBoxes(boxes, WHOSE.replace("{}", words.map((word) => `“${word}”`).join(", ")));
  });
  const scenes = new Scenes({
    label: "Pictures of the prompt",
    count: COUNT,
    onChoose: (tap) => ctx.store.commit({ tap }),
  });
  const maps = new WordMaps({
    label: "Words with their maps",
    onChoose: (word) => ctx.store.commit({ word: state.word === word ? null : word }),
  });
  whenever(() => {
    if (!shown.value) return;
    const { x, captions, words } = shown.value;
    const { tap, layer } = state;
    const word = words && state.word !== null && state.word < words.length ? state.word : null;
    const map = word === null ? null : (place) => mapOf(shown.value, place, layer, word);
    scenes.show({ bytes: x, captions, chosen: tap, map, colour: word === null ? "" : colourAt(scenes.element, word) });
    ctx.show("x", scenes.all[tap].canvas);
    maps.element.hidden = !words?.length;
    if (!words?.length) return;
    maps.show({ words, scene: sceneOf(x, tap), chosen: word, map: (each) => mapOf(shown.value, tap, layer, each) });
  });
  whenever(() => dim(scenes.element, !early.value && drawn.value !== current.value));
  const player = film.play({
    screen: h("div", { class: "words-screen" }, scenes.element, maps.element),
    dims: [maps.element],
    label: "Pictures of a prompt, step by step",
    framesPerSecond: 10,
  });
  return {
    main: [field.element, player, field.groups],
    above: [film.numbers],
    scenes,
    maps,
    typing: preview,
    ...film.mode,
  };
}

/** What the judge reads, with its verdict. @param {{words: string, right: boolean | null}} reading */
const signOf = ({ words, right }) => `${right === null ? "" : right ? "✓ " : "✗ "}${words}`;

export default mode(prompt);
