/** Finish this: the upper rows of one picture, and what every family makes of the rest in its own way. */

import { capital } from "../kit/base/format.js";
import { updates, whenever } from "../kit/base/live.js";
import { mean } from "../kit/base/sums.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { toBase64 } from "../kit/plane/tensors.js";
import { bySpace } from "./by_space.js";
import { drawerOf } from "./drawers.js";
import { drawn, figuresIn, sayOf } from "./drawn.js";
import { completingCost, costOf, ends, whyNot } from "./race_words.js";

const lacking = whyNot("complete");

/**
 * Asks for completions of what is `kept` of a picture, whose choice `keeping(ctx, onKeep)` makes, by default the space's
 * own; once that rests, everybody is asked. The rest is as for `drawn`, and so is what it returns; `parts` are those of
 * `kept`.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {{keeping?: (ctx: Ctx, onKeep: (ended: boolean) => void) => any} & Record<string, any>} [how]
 */
export function completed(self, { keeping = drawerOf(self.ctx).kept, lacks = () => null, ...how } = {}) {
  const isMoving = signal(false);
  const kept = keeping(self.ctx, (ended) => (isMoving.value = !ended));
  const about = drawn(self, {
    asks: (asked) => ({ ...asked, known: toBase64(kept.bits) }),
    isHeld: () => isMoving.value,
    whyNot: lacking,
    lacks: () => lacks(kept),
    ...how,
  });
  updates({ update: () => about.chosen() && kept.update() });
  return { ...about, kept, parts: { beside: kept.beside, above: [kept.control] } };
}

/** @param {import("../kit/panel/mode.js").Self} self */
function complete(self) {
  const { ctx, state } = self;
  const [say, figures] = [sayOf(self), figuresIn(self)];
  const { drawer, chosen, kept, parts, race, play } = completed(self, { costOf: completingCost });
  const measure = (family, { x }) => measured(x, { drawer, kept, real: drawer.fed(ctx, family.space) });
  const found = computed(() =>
    race.finished.value.map(({ family, film }) => {
      const { title } = family;
      return { family, film, title, ...measure(family, film.frames.at(-1)) };
    })
  );

  function figuresOf({ family, film, frame }) {
    const over = film?.done && frame === film.frames.at(-1);
    return figures({ away: "", among: "", ...(over && measure(family, frame)), ...costOf({ film, frame }) });
  }

  /** Distance of the answers from the real picture, and from each other. */
  function endWords() {
    const all = found.value;
    const about = { kept: kept.sentence, part: drawer.part.one, name: drawer.nameOf(chosen()) };
    const untouched = all.every(({ same }) => same);
    const [[near, far], [least, most]] = ["away", "among"].map((key) => ends(all, key));
    if (!near) return "";
    if (all.length === 1) {
      const others = Number.isFinite(near.among) && "apart";
      return say({ ...about, ...near }, untouched ? "untouched" : "kept", "rest", others);
    }
    if (near === far) return "";
    const mixed = new Set(all.map(({ family }) => family.pixels)).size > 1;
    const names = [untouched ? "all untouched" : "kept", "rests", least !== most && "each apart", mixed && "mixed"];
    return say({ ...about, near, far, least, most }, ...names, race.isRecorded.value && "recorded");
  }

  /** Which network is nearest to the real picture, or what the answers of one have in common. */
  function finding() {
    const [near, far] = ends(found.value, "away");
    const about = { ...near, near, name: drawer.nameOf(chosen()) };
    if (!near) return "";
    if (near !== far) return say(about, "nearest");
    if (!Number.isFinite(near.among)) return say(about, "one");
    return say(about, near.among < near.away ? "alike" : "unlike");
  }

  /** How a family completes and, where it depends on what is kept, whether that is exact here. */
  function noteOf(family) {
    if (lacking(family) !== null) return "";
    const film = race.columns.value.find((each) => each.family === family)?.current;
    const { exact } = film?.frames.at(-1) ?? {};
    const here = exact === undefined ? "" : ` ${say({}, exact ? "exact" : "close")}`;
    return `${capital(`${family.can.complete}.`)}${here}`;
  }
  const { looks, mode } = play({
    ...{ ...parts, figuresOf, finding },
    noteOf,
    words: computed(() => (chosen() ? race.wordsOf(endWords) : "")),
  });

  whenever(() => {
    for (const { words } of looks.value.values()) words.classList.toggle("with-words", looks.value.size === 1);
  });

  function table() {
    const costs = ["evaluations", "seconds", "L2 from the real rest", "L2 from each other"];
    const rows = found.value.map(({ family, film, away, among }) => {
      const { seconds } = film.frames.at(-1).numbers;
      return [family.net, kept.value, state.seed, film.planned, seconds, away, among];
    });
    if (!rows.length) return null;
    return { name: `${ctx.net().name}-${state.mode}`, rows: [["network", kept.name, "seed", ...costs], ...rows] };
  }
  return { ...mode, kept, found, table };
}

/**
 * The mean distance (L2) of a family's answers from the real picture, and from each other; and whether the kept pixels
 * are the same in all of them, but for rounding.
 */
function measured(x, { drawer: { size, distance, isSame }, kept, real }) {
  if (!real) return {};
  const count = x.length / size;
  const rest = Array.from({ length: count }, (_, k) => distance(x, k, real, 0));
  const same = x.every((value, i) => !kept.isKept(i % size) || isSame(value, real[i % size]));
  const pairs = Array.from({ length: count }, (_, k) => Array.from({ length: k }, (_, j) => distance(x, k, x, j)));
  return { rest, away: mean(rest), same, among: count > 1 ? mean(pairs.flat()) : null };
}

export default bySpace(complete);
