/** What the games are asked, and where a film of one is from. */

import { button, h } from "../kit/shell/dom.js";

/** What the server is asked of every game. */
export function settingsOf({ data, points, dsteps, lrd, lrg, gseed }) {
  return { data, points: data === "painted" ? points : [], dsteps, lrd, lrg, gseed };
}

export const NO_POINTS = "Click or drag in the plane to paint points: they become the data, and the game begins.";

/** Whether what is shown was recorded, and the button that trains it here instead. */
export function createOrigin(onLive) {
  const words = h("span", { class: "quiet" });
  const again = button("Train it live", onLive, { title: "Play the same game again, on this server" });
  const element = h("div", { class: "row" }, words, again);
  const show = (film) => {
    element.hidden = !film;
    if (!film) return;
    const { recorded, torch } = film.frames[0];
    const live = film.frames.find((frame) => !frame.recorded);
    again.hidden = !recorded;
    words.title = recorded ? `torch ${torch}` : "";
    words.replaceChildren(h("strong", {}, recorded ? "Recorded" : "Live"));
    words.append(
      recorded ? ` on ${recorded}${live ? `; played on from there, ${secondsOf(film)}` : ""}` : `: ${secondsOf(film)}`,
    );
  };
  return { element, show };
}

const secondsOf = ({ seconds, done }) => `${done ? "trained" : "training"} on this server, ${seconds.toFixed(1)} s`;
