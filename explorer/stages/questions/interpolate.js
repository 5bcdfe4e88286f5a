/** Between two: the way from one x to another, as each family makes it from what lies behind them. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { captioned } from "../kit/panel/parts.js";
import { bySpace } from "./by_space.js";
import { drawn, figuresIn, sayOf } from "./drawn.js";
import { costOf, ends, whyNot } from "./race_words.js";

const PLACES = 9;
const EXACT = 0.005; // distance that two digits show as none
const END = 84; // pixels of an end; who presents sees both larger, beside the path

/** @param {import("../kit/panel/mode.js").Self} self */
function interpolate(self) {
  const { ctx } = self;
  const [say, figures] = [sayOf(self), figuresIn(self)];
  const { drawer, second, isLacking, race, play } = drawn(self, { whyNot: whyNot("interpolate") });
  /** The two given x as a network of this space is fed them. */
  const givenTo = (space) => [drawer.fed(ctx, space), second.fed(space)];

  /** Distance of both ends from their targets, in L2. */
  function endsOf({ space, can }, { x }) {
    if (can.words) return { start: "", end: "" }; // its ends are what it draws itself
    const wanted = givenTo(space);
    const [start, end] = [0, PLACES - 1].map((k, i) => wanted[i] && drawer.distance(x, k, wanted[i], 0));
    return { start, end };
  }

  function figuresOf({ family, film, frame }) {
    const over = film?.done && frame === film.frames.at(-1);
    const found = over ? endsOf(family, frame) : { start: "", end: "" };
    return figures({ ...found, ...costOf({ film, frame }) });
  }

  const finished = () => race.finished.value.map((each) => ({ ...each, frame: each.film.frames.at(-1) }));

  function endWords() {
    const own = finished().filter(({ family }) => family.can.words).map(({ family }) => say(family, "by words"));
    const said = finished().filter(({ family }) => !family.can.words).map(({ family, frame }, at) =>
      say({ title: family.title, ...endsOf(family, frame) }, at ? "other" : "first")
    );
    return [...own, said.length ? `${said.join("; ")}. ${say({}, "zero")}` : ""].filter(Boolean).join(" ");
  }

  /** Which end the path of one network misses, or which network comes nearest to both. */
  function finding() {
    const byWords = finished().find(({ family }) => family.can.words);
    if (byWords) return say(byWords.family, "goes");
    const all = finished().map(({ family, frame }) => {
      const { start, end } = endsOf(family, frame);
      return { title: family.title, far: Math.max(start, end), end: start > end ? "first" : "second" };
    });
    const [best, worst] = ends(all, "far");
    if (!best) return "";
    if (best !== worst) return say({ best }, "nearest");
    return say(best, best.far < EXACT ? "exact" : "misses");
  }

  const words = computed(() => (isLacking() ? "" : race.wordsOf(endWords)));
  const { families, mode } = play({ count: PLACES, figuresOf, words, finding });
  families.after(bothEnds(() => {
    const [first] = ctx.columns();
    return first ? givenTo(first.space) : [];
  }));

  function table() {
    const head = ["network", "evaluations", "seconds", "L2 of the start", "L2 of the end"];
    const rows = finished().map(({ family, film, frame }) => {
      const { start, end } = endsOf(family, frame);
      return [family.net, film.planned, frame.numbers.seconds, start, end];
    });
    return rows.length ? { name: `${ctx.net().name}-interpolate`, rows: [head, ...rows] } : null;
  }
  return { ...mode, table };
}

/** The two given images as the first network is fed them; a point of the plane stands in the picture already. */
function bothEnds(given) {
  const ends = [["From here", "the first"], ["To here", "the second"]].map(([label, name], k) => {
    const canvas = imageCanvas(label, END);
    const element = captioned(canvas, name);
    whenever(() => {
      const bytes = given()[k];
      element.hidden = bytes?.length !== PIXELS;
      if (!element.hidden) drawImage(canvas, bytes);
    });
    return element;
  });
  return h("div", { class: "both-ends" }, ends);
}

export default bySpace(interpolate);
