/** Three ways: a prompt, drawn by three kinds of networks on one clock, and the best of several by the judge. */

import { askedAnswers } from "../kit/ask/asked.js";
import { fill, h, setName, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { Bars } from "../kit/chart/bars.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { dim } from "../kit/panel/parts.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { COLOUR_SIDE, drawScene, sceneOf } from "../spaces/colour.js";
import { promptField } from "./field.js";
import { isKnown } from "./phrase.js";

const OF_EACH = 4;

/**
 * @typedef {{words: string, right: boolean | null, more: string}} WayReading
 * @typedef {{title: string, why: string | null, facts: string[], readings: WayReading[]}} Column
 */

/** What the judge reads, with its verdict. @param {WayReading | undefined} reading */
function lineOf(reading) {
  if (!reading) return "";
  const told = reading.right ? "✓ as asked" : `${reading.right === null ? "" : "✗ "}${reading.words}`;
  return `${told}${reading.more && ` · ${reading.more}`}`;
}

/** Four pictures, each with what the judge reads. */
class Four {
  /** @param {string} label */
  constructor(label) {
    this.label = label;
    this.made = Array.from({ length: OF_EACH }, () => {
      const canvas = h("canvas", { class: "crisp image", width: COLOUR_SIDE, height: COLOUR_SIDE, role: "img" });
      return { canvas, caption: h("figcaption", { translate: "no" }) };
    });
    const figures = this.made.map(({ canvas, caption }) => h("figure", {}, canvas, caption));
    this.element = h("div", { class: "four" }, figures);
  }

  /** @param {Uint8Array} bytes @param {number} first @param {WayReading[]} readings */
  show(bytes, first, readings) {
    this.made.forEach(({ canvas, caption }, place) => {
      drawScene(canvas, sceneOf(bytes, first + place));
      setText(caption, lineOf(readings[place]));
      setName(canvas, `${this.label}, ${place + 1}`, lineOf(readings[place]));
    });
  }
}

/** A column for each way; one that has no network says why. */
class Columns {
  /** @param {string[]} titles */
  constructor(titles) {
    this.made = titles.map((title) => {
      const four = new Four(title);
      const why = h("p", { class: "why" });
      const facts = h("ul", { class: "facts" });
      const element = h("section", { class: "way", "aria-label": title }, h("h3", {}, title), four.element, why, facts);
      return { four, why, facts, element };
    });
    this.element = h("div", { class: "ways" }, this.made.map(({ element }) => element));
  }

  /** @param {Uint8Array} bytes @param {Column[]} columns */
  show(bytes, columns) {
    let drawn = 0;
    columns.forEach(({ why, facts, readings }, k) => {
      const column = this.made[k];
      column.four.element.hidden = Boolean(why);
      setText(column.why, why ?? "");
      fill(column.facts, facts.map((fact) => h("li", {}, fact)));
      if (!why) column.four.show(bytes, OF_EACH * drawn++, readings);
    });
  }
}

/** @param {import("../kit/panel/mode.js").Self} self */
function ways(self) {
  const { ctx, state, declared } = self;
  const { vocabulary, ways: titles } = ctx.value();
  const error = () => ctx.net().error;
  const isAsked = () => isKnown(state.prompt, vocabulary);
  const field = promptField(self, { key: "prompt", label: "Prompt" });
  const draft = () => {
    const { without, guidance, seed } = state;
    return isKnown(field.typed.value, vocabulary) ? null : { prompt: field.typed.value, without, guidance, seed };
  };
  const said = askedAnswers(self, "preview", draft);
  whenever(() => field.show(said.current.value));

  const film = askedFilm(self, {
    nameOf: () => "Three ways, on one clock",
    request: () => (error() || !isAsked() ? null : requestOf(ctx, declared)),
    nothing: error,
  });
  const columns = new Columns(titles);
  whenever(() => {
    if (!film.frame.value) return;
    const { x, report } = film.frame.value;
    columns.show(x, report.columns);
    ctx.show("x", columns.made[0].four.made[0].canvas);
  });
  whenever(() => dim(columns.element, film.drawn.value !== film.current.value));
  const player = film.play({ screen: columns.element, label: "Three ways, on one clock", framesPerSecond: 5 });

  const best = askedAnswers(self, "rerank", () => {
    const { prompt, seed, way, best } = state;
    return error() || !isAsked() || best === 1 ? null : { prompt, seed, way, best };
  });
  const four = new Four("Best by the judge");
  const bars = new Bars("Share right by how many are drawn");
  const words = h("p", { class: "quiet", role: "status" }, () => {
    if (best.failed.value) return "The pictures did not arrive.";
    return best.value.value?.words ?? "The network draws, and the judge ranks…";
  });
  const ranked = h("section", { class: "ranked", "aria-label": "Re-ranked", hidden: () => state.best === 1 }, [
    h("h3", {}, () => `Best of ${state.best}, by the judge`),
    four.element,
    words,
    bars.element,
  ]);
  whenever(() => {
    const answer = best.value.value;
    four.element.hidden = bars.element.hidden = !answer?.images;
    if (!answer?.images) return;
    four.show(fromBase64(answer.images), 0, answer.readings);
    bars.show(answer.bars);
  });
  whenever(() => dim(ranked, best.value.value !== null && !best.isCurrent.value));
  return {
    main: [field.element, player, ranked, field.groups],
    above: [film.numbers],
    columns,
    best: best.value,
    ...film.mode,
  };
}

export default mode(ways);
