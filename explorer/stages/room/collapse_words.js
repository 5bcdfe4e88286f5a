/** What is left in z, in words that follow from the recorded figures. */

import { num } from "../kit/shell/format.js";
import { figuresOf } from "./recorded.js";

/** The side of the decoder's window in a run's name. */
export const reachOf = (run) => Number(run.split("-")[1]);

const COLLAPSED = 1; // nats

/** The sentences of a run. */
export function collapseWords(known, run) {
  const [own, none] = [run, "reach-1"].map((each) => figuresOf(known, each));
  const reach = reachOf(run);
  const seen = reach === 1
    ? "This decoder sees no pixel: all that pixels have in common must come through z."
    : `This decoder sees, of a window of ${reach} × ${reach}, the ${(reach ** 2 - 1) / 2} pixels before each pixel.`;
  const free = run.endsWith("free") ? " Every latent may use half a nat at no cost (free bits)." : "";
  const cost = `The KL is ${num(own.rate.value, 1)} nats in ${own.used.value} used latents, and −ELBO ${
    num(-own.elbo.value, 1)
  } ± ${num(own.elbo.se, 1)}.`;
  const beside = reach > 1 && none.rate
    ? `Without a window they are ${num(none.rate.value, 1)} and ${num(-none.elbo.value, 1)}.`
    : "";
  const left = own.rate.value < COLLAPSED
    ? "The posterior has collapsed: z says next to nothing, and images of one code have no more in common than any two."
    : reach > 1
    ? "Images of one code have in common what z still says."
    : "Images of one code are nearly one image.";
  return [seen + free, cost, beside, left].filter(Boolean).join(" ");
}
