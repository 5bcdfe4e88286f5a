/** The network of the chain that masks: who comes with the other one is given it. */
export const MASKING = ["d3pm-mnist"];
