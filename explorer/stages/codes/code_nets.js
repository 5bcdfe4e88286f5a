/** The autoencoders with two numbers: which of them a mode is about, their codes, and their decoders. */

import { segmented } from "../kit/parts.js";
import { readDense } from "../kit/dense.js";
import { floats32 } from "../kit/tensors.js";

export const OF_TWO = {
  "autoencoder-mnist": "plain",
  "denoising-autoencoder-mnist": "denoising",
  "contractive-autoencoder-mnist": "contractive",
};
export const KINDS = { ...OF_TWO, "sparse-autoencoder-mnist": "sparse" };
const UNREADABLE = "The weights of this network cannot be read. What you see stays; try again in a moment.";
const ROOM = 1.08; // of the view, beyond the outermost of nearly all codes
const NEARLY_ALL = 0.995;

/** Where another network is in use, the plain autoencoder is taken; its test images are those of its own data set. */
export function takeNet({ store }, nets, first) {
  const { net, set } = store.get();
  if (!nets.includes(net) || set !== null) store.set({ net: nets.includes(net) ? net : first, set: null });
}

export const createKinds = ({ store }) =>
  segmented("Autoencoder", Object.entries(OF_TWO), (net) => store.set({ net }, { commit: true }));

const known = new Map();

/** The codes of the test images in a network, {codes, labels, mean, covariance, metric, middle, half}; null if it fails. */
export async function openCodes(ctx, net) {
  if (!known.has(net)) {
    const answer = await ctx.ask("codes", { net }, `codes ${net}`);
    if (!answer) return null;
    const codes = floats32(answer.codes);
    known.set(net, { ...answer, codes, ...viewOf([codes]) });
  }
  return known.get(net);
}

/** The square that holds nearly all of some sets of points. */
export function viewOf(sets) {
  const bounds = [0, 1].map((axis) => {
    const values = Float32Array.from(sets.flatMap((codes) => [...codes].filter((_, i) => i % 2 === axis))).sort();
    const at = (share) => values[Math.round(share * (values.length - 1))];
    return [at(1 - NEARLY_ALL), at(NEARLY_ALL)];
  });
  return {
    middle: bounds.map(([low, high]) => (low + high) / 2),
    half: (ROOM * Math.max(...bounds.map(([low, high]) => high - low))) / 2,
  };
}

const decoders = new Map();

/** The decoder of a network: codes to grey levels, on the weights that torch runs; null where they cannot be read. */
export async function openDecoder(ctx, net) {
  try {
    if (!decoders.has(net)) decoders.set(net, readDecoder(`${ctx.base}${ctx.value().nets[net].weights}`));
    return await decoders.get(net);
  } catch (error) {
    decoders.delete(net);
    console.warn(net, error.message);
    ctx.say(UNREADABLE, "error");
    return null;
  }
}

export async function readDecoder(url) {
  const [decoder] = await readDense(url, ["decoder."]);
  return (z) => decoder.run(z).map((value) => 1 / (1 + Math.exp(-value)));
}
