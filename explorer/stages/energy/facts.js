/** What the server tells of a network's points, and the weights: read once for each network. */

import { readEnergies } from "./plane_net.js";
import { Pieces } from "./mixing.js";

export const NO_PLANE = "An energy of images has no plane to look at, so the two moons are shown.";

const known = new Map();

/** {facts, pieces, energies(index)}: the latter reads a moment of the training, the last unless said; null if it fails. */
export async function openNet(ctx, net) {
  if (!known.has(net)) {
    const facts = await ctx.ask("plane_facts", { net }, { own: `plane_facts ${net}` });
    if (!facts) return null;
    known.set(net, new Kept(ctx.base, facts));
  }
  return known.get(net);
}

class Kept {
  constructor(base, facts) {
    Object.assign(this, { base, facts, pieces: new Pieces(facts), moments: new Map() });
  }

  /** The energies at a moment of the training; a failure is forgotten, so that it can be asked for again. */
  energies(index = this.facts.files.length - 1) {
    if (!this.moments.has(index)) {
      const reading = readEnergies(`${this.base}${this.facts.files[index]}`);
      this.moments.set(index, reading);
      reading.catch(() => this.moments.delete(index));
    }
    return this.moments.get(index);
  }
}
