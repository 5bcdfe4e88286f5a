/** What was learned: the lecturer opens the concept inventory before and after a course, and opens its report. */

import { button, h, setText } from "../kit/base/dom.js";

const SURVEY_LOOK_MS = 2000;
const SITTING_WORDS = { before: "Before the course", after: "After the course" };
const EXPLAINED =
  "Twelve questions on the phones, before a course and after it. Students type a code of their own; no name.";

/**
 * The part of a room's card that leads the inventory. It looks at the room only while it is unfolded.
 * @param {string} rooms address of rooms @param {string} code @param {Record<string, string>} headers
 */
export function surveyOf(rooms, code, headers) {
  const says = h("p", { role: "status", class: "number" });
  const open = Object.entries(SITTING_WORDS).map(([sitting, words]) => button(words, () => sit(sitting)));
  const close = button("Close the sitting", () => sit(""));
  const report = h("a", { href: `${rooms}/report`, target: "_blank" }, "Open the report");
  const element = h(
    "details",
    { class: "room-survey" },
    h("summary", {}, "What was learned"),
    h("p", {}, EXPLAINED),
    h("div", { class: "row" }, ...open, close),
    says,
    report,
  );

  /** @param {any} found */
  function show({ open: sitting, counts }) {
    for (const each of open) each.hidden = Boolean(sitting);
    close.hidden = !sitting;
    const name = sitting && SITTING_WORDS[sitting].toLowerCase();
    const done = `${counts.before} handed in before, ${counts.after} after.`;
    setText(says, sitting ? `Open ${name}: ${counts[sitting]} handed in.` : done);
  }

  /** @param {string} path @param {RequestInit} how */
  async function ask(path, how = {}) {
    try {
      const answer = await fetch(`${rooms}/${code}/${path}`, { cache: "no-store", ...how });
      const found = await answer.json();
      if (answer.status === 200) show(found);
      else setText(says, found.error);
    } catch {
      setText(says, "The server did not answer. Trying again …");
    }
  }

  /** @param {string} sitting */
  const sit = (sitting) =>
    ask("sit", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ sitting }),
    });

  async function look() {
    while (element.open && element.isConnected) {
      await ask("gains", { headers });
      await new Promise((done) => setTimeout(done, SURVEY_LOOK_MS));
    }
  }
  close.hidden = true;
  element.addEventListener("toggle", () => element.open && look());
  return element;
}
