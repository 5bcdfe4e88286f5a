/** What a lesson asks at the moment, for the room of a class (`classroom/lecture.js`), whether or not one is open. */

/** The question that a class could be asked now; null if there is none. @type {ClassQuestion | null} */
let present = null;

export const questionNow = () => present;

/** Says what a lesson asks now, or that it asks nothing. @param {ClassQuestion | null} question */
export function offer(question) {
  present = question;
  document.dispatchEvent(new Event("explorer-question"));
}

/** True if an open room goes on with the question, so that the lesson stays where it is. */
export const roomTakes = () => globalThis.explorerRoom?.next() ?? false;

/**
 * The question of a step with choices.
 * @param {string} name @param {{choices: string[], answer: number | null, question: string, tempts?: string[]}} step
 * @param {number[]} order the displayed order @param {() => void} reveal
 * @returns {ClassQuestion | null}
 */
export function questionOf(name, { choices, answer, question, tempts = [] }, order, reveal) {
  if (choices.length < 2 || answer === null) return null;
  const asked = { name, choices: order.map((place) => choices[place]), right: order.indexOf(answer) };
  return { asked, title: question, reasons: order.map((place) => tempts[place] ?? ""), reveal };
}
