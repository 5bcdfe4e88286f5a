/** What was learned: the lecturer opens the concept inventory before and after a course, and opens its report. */

import { button, h, setText } from "../kit/base/dom.js";
import { download } from "../kit/export/export.js";

const SURVEY_LOOK_MS = 2000;
const SITTING_WORDS = { before: "Before the course", after: "After the course" };
const [BROUGHT_AT_ONCE, FILE_BYTES] = [80, 1_000_000]; // answers of a request, and bytes of a file that is read
const NO_ANSWERS = "This is no file of answers from a room.";
const NO_SERVER = "The server did not answer. Trying again …";
const TWO_DAYS = "Two days? Save the answers on the first, and open them in the room of the second.";
const EXPLAINED =
  "Twelve questions on the phones, before a course and after it. Students type a code of their own; no name.";

/**
 * The part of a room's card that leads the inventory. It looks at the room only while it is unfolded.
 * @param {string} rooms address of rooms @param {string} code @param {Record<string, string>} headers
 */
export function surveyOf(rooms, code, headers) {
  const says = h("p", { role: "status", class: "number" });
  let isTold = false; // while a message stands there, the counts wait
  const open = Object.entries(SITTING_WORDS).map(([sitting, words]) => button(words, () => sit(sitting)));
  const close = button("Close the sitting", () => sit(""));
  const save = button("Save the answers", () => keep());
  const bring = button("Open saved answers", () => file.click());
  const file = h("input", {
    type: "file",
    accept: ".json,application/json",
    hidden: true,
    "aria-label": "Saved answers",
  });
  file.addEventListener("change", () => opened(file.files?.[0]));
  const report = h("a", { href: `${rooms}/report`, target: "_blank" }, "Open the report");
  const element = h(
    "details",
    { class: "room-survey" },
    h("summary", {}, "What was learned"),
    h("p", {}, EXPLAINED),
    h("div", { class: "row" }, ...open, close),
    says,
    report,
    h("p", {}, TWO_DAYS),
    h("div", { class: "row" }, save, bring, file),
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
      return answer.status === 200;
    } catch {
      setText(says, NO_SERVER);
      return false;
    }
  }

  /** @param {string} path @param {object} body */
  const post = (path, body) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  /** @param {string} words which stand there until the next sitting */
  function tell(words) {
    isTold = true;
    setText(says, words);
  }

  /** Saves the answers of the room, with what pairs them with those of another day. */
  async function keep() {
    const answer = await fetch(`${rooms}/${code}/gains?as=answers`, { cache: "no-store", headers }).catch(() => null);
    if (answer?.status === 200) return download(await answer.blob(), "inventory-answers.json");
    tell(answer ? (await answer.json()).error : NO_SERVER);
  }

  /** Gives the answers of an earlier room to this one, in parts. @param {File | undefined} chosen */
  async function opened(chosen) {
    file.value = "";
    const { inventory, salt, handed } = parsed(chosen && chosen.size <= FILE_BYTES ? await chosen.text() : "");
    if (inventory !== 1 || !Array.isArray(handed)) return tell(NO_ANSWERS);
    isTold = true;
    for (let at = 0; at === 0 || at < handed.length; at += BROUGHT_AT_ONCE) {
      if (!await post("bring", { inventory, salt, handed: handed.slice(at, at + BROUGHT_AT_ONCE) })) return;
    }
    tell(`${handed.length} answers opened. Students type the same code as before.`);
  }

  /** @param {string} sitting */
  function sit(sitting) {
    isTold = false;
    return post("sit", { sitting });
  }

  async function look() {
    while (element.open && element.isConnected) {
      if (!isTold) await ask("gains", { headers });
      await new Promise((done) => setTimeout(done, SURVEY_LOOK_MS));
    }
  }
  close.hidden = true;
  element.addEventListener("toggle", () => element.open && look());
  return element;
}

/** The values of a file; none if it is not JSON. @param {string} text @returns {Record<string, any>} */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
