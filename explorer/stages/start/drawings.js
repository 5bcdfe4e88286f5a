/** Drawings of the families from the seed: those that are recorded for the first page, and those that are asked for. */

import { askedAnswers } from "../kit/ask/asked.js";
import { awaited } from "../kit/ask/awaited.js";
import { Queue } from "../kit/ask/queue.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { SPACES } from "../spaces/spaces.js";
import { frameOf, readOpening } from "./opening.js";
import { shownOf } from "./shown.js";

/**
 * Asks for what is not recorded, while the mode is on screen (`inside`): the drawings of all `families`, the noise and the films
 * of those that are `alike`, and before these the film of the `pointed` one.
 *
 * Returns whether it `isKnown` what is recorded, and whether this seed `isRecorded`; how many drawings are `missing`; the
 * step `last` at which all are drawn; whether the films of all that are `alike` are there (`isReady`); the drawing of a
 * network (`drawnOf`), its frame at a step of the clock, and as it was `recorded`, as 784 bytes each, or null; its `filmOf`,
 * and the `queue` of the films.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {Record<"families" | "alike" | "pointed" | "inside", {value: any}>} of
 */
export function drawings(self, { families, alike, pointed, inside }) {
  const { ctx, state } = self;
  const last = ctx.value().frames - 1;
  const opening = awaited(self, () => ctx.net().name, () => readOpening(ctx, ctx.net().name));
  const isKnown = computed(() => inside.value && !opening.isPending.value);
  const film = computed(() => {
    const found = opening.value.value;
    return opening.isCurrent.value && found.seeds.includes(state.seed) ? found : null;
  });
  const recorded = (net, at) => film.value && frameOf(film.value, state.seed, net, at);

  const unrecorded = computed(() => {
    const draws = ({ error, can, net }) => !error && can.sample && !recorded(net, last);
    return isKnown.value ? inPasses(families.value.filter(draws)).map(({ net }) => ({ net, seed: state.seed })) : [];
  });
  const images = askedAnswers(self, "ask_leaf", () => unrecorded.value[0] ?? null, {
    ahead: () => unrecorded.value.slice(1),
  });
  const isWanted = computed(() => isKnown.value && !film.value && alike.value.length > 0);
  const noise = askedAnswers(self, "ask_noise", () => isWanted.value ? { seed: state.seed } : null).current;
  const { queue, filmOf } = films(self, families, () => {
    if (!isKnown.value) return [];
    const others = inPasses(alike.value).map(({ net }) => net).filter((net) => !recorded(net, 0));
    return [...new Set([...(pointed.value ? [pointed.value] : []), ...others])];
  });

  function drawnOf(net) {
    const found = images.to({ net, seed: state.seed });
    return found ? shownOf({ x: SPACES[found.space].read(fromBase64(found.x)) }, found.space) : recorded(net, last);
  }

  function frameAt(net, at) {
    const kept = recorded(net, at);
    if (kept) return kept;
    if (at === 0) {
      const { noise: numbers } = families.value.find((family) => family.net === net);
      return noise.value && fromBase64(noise.value.x).fill(0, numbers);
    }
    const film = filmOf(net);
    const step = film && Math.round(((at - 1) / (last - 1)) * (film.total - 1));
    return film && shownOf(film.frames[step] ?? film.frames.at(-1), film.space);
  }

  return {
    ...{ last, isKnown, recorded, drawnOf, frameAt, queue, filmOf },
    isRecorded: computed(() => film.value !== null),
    isReady: computed(() => alike.value.every(({ net }) => recorded(net, 0) || filmOf(net)?.done)),
    missing: computed(() => unrecorded.value.filter((question) => !images.to(question)).length),
  };
}

/** Families in the order of their passes through the network: those that draw in one come first. */
const inPasses = (families) => [...families].sort((a, b) => a.passes - b.passes);

/**
 * Asks for the films of the networks `wanted()`, one after another.
 * @param {import("../kit/panel/mode.js").Self} self @param {{value: any}} families @param {() => string[]} wanted
 */
function films({ ctx, state }, families, wanted) {
  const arrivals = signal(0); // frames are added to a film that stays the same
  const queue = new Queue(ctx, {
    name: "ask_make",
    nameOf: ({ net }) => families.value.find((family) => family.net === net)?.title ?? net,
    onChange: () => (arrivals.value += 1),
  });
  const questionOf = (net) => ({ net, seed: state.seed, label: null });
  whenever(() => {
    const questions = wanted().map(questionOf);
    untracked(() => queue.want(questions));
  });
  return { queue, filmOf: (net) => (arrivals.value, queue.filmOf(questionOf(net))) };
}
