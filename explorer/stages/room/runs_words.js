/** What an objective comes to, in words that follow from the recorded figures. */

import { num } from "../kit/shell/format.js";
import { figuresOf } from "./recorded.js";

export const NAMES = {
  plain: "β = 1",
  annealed: "annealed",
  free: "free bits",
  "beta-0.5": "β = ½",
  "beta-2": "β = 2",
  "beta-4": "β = 4",
};

const SAID = {
  plain: "The ELBO as it is.",
  annealed: "The KL weighs nothing at first and one from the third epoch on.",
  free: "Half a nat of KL is free in every latent, so none is given up for it.",
  "beta-0.5": "The KL weighs half: the network may say more in z than the bound rewards.",
  "beta-2": "The KL weighs twice.",
  "beta-4": "The KL weighs four times.",
};

/** The sentences of a run; two bounds are told apart where they differ by more than twice their errors. */
export function runsWords(known, run) {
  const [own, plain] = [run, "plain"].map((each) => figuresOf(known, each));
  const cost = `It spends ${num(own.rate.value, 1)} nats of KL in ${own.used.value} used latents; −ELBO, the KL ` +
    `weighing one, is ${num(-own.elbo.value, 1)} ± ${num(own.elbo.se, 1)} on ${
      own.elbo.n.toLocaleString("en")
    } images. ` +
    `By 50 draws it is ${num(-own.iwae.value, 1)} ± ${num(own.iwae.se, 1)} on only ${own.iwae.n} of them.`;
  if (run === "plain" || !plain.elbo) return `${SAID[run]} ${cost}`;
  const more = plain.elbo.value - own.elbo.value;
  const close = Math.abs(more) < 0.5;
  const verdict = close
    ? `Against β = 1 that is ${num(Math.abs(more), 1)} nats apart: with one seed, no more than a tie.`
    : `That is ${num(Math.abs(more), 1)} nats ${more > 0 ? "worse" : "better"} than with β = 1.`;
  return `${SAID[run]} ${cost} ${verdict}`;
}
