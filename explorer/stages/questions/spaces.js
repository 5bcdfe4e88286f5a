/** What a likelihood is about: only figures of the same space may be compared. */

export const SPACES = {
  binary: { name: "Black and white pixels", what: "Each is the probability of one of 2⁷⁸⁴ pictures." },
  levels: { name: "256 grey levels", what: "Each is the probability of one of 256⁷⁸⁴ pictures." },
  plane: {
    name: "Points of the plane",
    what: "A density, not a probability: it changes with the unit of a coordinate.",
  },
  continuous: { name: "Continuous pixels", what: "A density, not a probability: it changes with the unit of a pixel." },
};
