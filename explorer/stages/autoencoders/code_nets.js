/** The autoencoders of images: which of them a mode is about, the codes of those with two numbers, and their decoders. */

import { segmented } from "../kit/shell/parts.js";
import { readDense } from "../kit/plane/dense.js";
import { takeNet } from "../kit/shell/take_net.js";
import { floats32 } from "../kit/plane/tensors.js";

export const OF_TWO = {
  "autoencoder": "plain",
  "denoising-autoencoder": "denoising",
  "contractive-autoencoder": "contractive",
};
export const SPARSE = "sparse-autoencoder";
export const KINDS = { ...OF_TWO, [SPARSE]: "sparse" };
const SETS = { mnist: "MNIST", "fashion-mnist": "Fashion" };
const UNREADABLE = "The weights of this network cannot be read. What you see stays; try again in a moment.";
const ROOM = 1.08; // of the view, beyond the outermost of nearly all codes
const NEARLY_ALL = 0.995;

/** The family of the network in use. */
export function familyOf({ net }) {
  const { name, dataset } = net();
  return name.slice(0, -dataset.length - 1);
}

/** The data set of the autoencoder in use; where another network is, digits. */
export function setOf(ctx) {
  const { dataset } = ctx.net();
  return familyOf(ctx) in KINDS && dataset in SETS ? dataset : "mnist";
}

export const netsOf = (ctx, families) => families.map((family) => `${family}-${setOf(ctx)}`);

/** A mode about the autoencoders of some families takes one of them; its test images are those of its own data set. */
export const takeFamily = (ctx, families) => takeNet(ctx, netsOf(ctx, families), { set: null });

const take = ({ store }, family, dataset) => store.commit({ net: `${family}-${dataset}` });

export const createKinds = (ctx) =>
  segmented("Autoencoder", Object.entries(OF_TWO), (family) => take(ctx, family, setOf(ctx)));

export const createSets = (ctx) =>
  segmented("Images of", Object.entries(SETS), (dataset) => take(ctx, familyOf(ctx), dataset));

const known = new Map();

/** The codes of the test images in a network, {codes, labels, mean, covariance, metric, middle, half}; null if it fails. */
export async function openCodes(ctx, net) {
  if (!known.has(net)) {
    const answer = await ctx.ask("codes", { net }, { own: `codes ${net}` });
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

async function readDecoder(url) {
  const [decoder] = await readDense(url, ["decoder."]);
  return (z) => decoder.run(z).map((value) => 1 / (1 + Math.exp(-value)));
}
