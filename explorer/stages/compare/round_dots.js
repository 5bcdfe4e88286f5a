/** Progress of a game: a mark for each round, right, wrong or still open. */

import { h } from "../kit/base/dom.js";

const SIGNS = { right: "✓", wrong: "✗", open: "" };

const stateOf = (answer) => (answer ? (answer[1] ? "right" : "wrong") : "open");

export function createRoundDots(count) {
  const dots = Array.from({ length: count }, () => h("span", { class: "round-dot" }));
  const element = h("div", { class: "round-dots", role: "img" }, dots);

  /** `game` holds the answers by round, `now` is the round on screen. */
  function show(game, now) {
    const states = dots.map((_, round) => stateOf(game[round]));
    dots.forEach((dot, round) => {
      dot.textContent = SIGNS[states[round]];
      dot.classList.toggle("is-wrong", states[round] === "wrong");
      dot.classList.toggle("is-now", round === now);
    });
    const tally = ["right", "wrong", "open"].map((name) =>
      `${states.filter((state) => state === name).length} ${name}`
    );
    element.setAttribute("aria-label", `Round ${now + 1} of ${count}: ${tally.join(", ")}`);
  }

  return { element, show };
}
