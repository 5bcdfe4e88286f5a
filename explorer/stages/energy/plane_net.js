/** The energies of a checkpoint, as the browser reads them: one for each way of learning. */

import { openSafetensors } from "../kit/plane/tensors.js";
import { EnergyNet } from "./energy_net.js";

/** Reads the energies of every way from a safetensors file, and the `negatives` that lie beside them. */
export async function readEnergies(url) {
  const file = await openSafetensors(url);
  const tensors = await file.read(file.names);
  const ways = [...new Set(file.names.flatMap((name) => /^ways\.(\w+)\./.exec(name)?.[1] ?? []))];
  const nets = ways.map((way) => {
    const at = (i, what) => `ways.${way}.net.${i}.${what}`;
    const numbers = file.names.flatMap((name) => name.startsWith(at("", "").slice(0, -1)) ? [+name.split(".")[3]] : []);
    const layers = [...new Set(numbers)].sort((a, b) => a - b).map((i) => {
      const [outputs, inputs] = file.shape(at(i, "weight"));
      return { outputs, inputs, weight: tensors[at(i, "weight")], bias: tensors[at(i, "bias")] };
    });
    return [way, new EnergyNet(layers)];
  });
  const half = tensors.negatives.length / 2;
  const negatives = { cd: tensors.negatives.slice(0, half), pcd: tensors.negatives.slice(half) };
  return { nets: Object.fromEntries(nets), negatives };
}
