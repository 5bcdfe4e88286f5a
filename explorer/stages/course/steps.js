/** A course of states of the page as a text: in a link, which holds all of it, and as a file of `lessons/courses`. */

import { fromBase64, toBase64Url } from "../kit/plane/tensors.js";
import { withoutTrackers } from "../kit/shell/said.js";

export const TITLE = "My course";
const UNNAMED = "Step"; // where the name of one has no letters
const LINKED = "A course from a link";
const ORIGIN = "This course came with the link. Nobody has checked what its steps say.";
const SIGN = "~"; // with it begins the name of a course that is in its name
export const MOST = 40; // steps
export const LONGEST = 2000; // letters of a step's address
export const MINUTES = 90;
export const ANSWERS = 4;
export const EXERCISE = 3000; // letters of an exercise
export const WORDS = 600; // letters of words, of an explanation and of notes
const OTHERS = ["course", "page", "story", "scene"];

/** State of a tab in the address, without courses and types. @param {string} search */
export function stateOf(search) {
  const said = withoutTrackers(search).filter(([key]) => !OTHERS.includes(key) && !key.startsWith("__"));
  if (!said.some(([key]) => key === "tab")) said.unshift(["tab", globalThis.tabOf(search)]);
  return new URLSearchParams(said).toString();
}

/** A text in one line; what would be a sign at its beginning in a course's file is left out. @param {string} text */
export const plain = (text, most = 120) => {
  const line = String(text).replace(/\s+/g, " ").replace(/^[\s?>!-]+/, "").slice(0, most);
  return line.replace(/\p{Surrogate}/gu, "").trim(); // half a letter, where the line was cut
};

/** Answers between semicolons; one inside a formula is a part of it. @param {string} text */
export const answersOf = (text) => text.match(/(?:\$[^$]*\$|[^;])+/g) ?? [];

/** A text of several lines, each plain. @param {string} text */
const lines = (text) =>
  text.split(/\r?\n/).map((line) => plain(line, WORDS)).filter(Boolean).join("\n").slice(0, WORDS);

/** The name of the course of these steps; without a title of its own it is that of earlier links. @param {StepStored[]} steps */
export const nameOf = (steps, title = "") =>
  SIGN + toBase64Url(new TextEncoder().encode(JSON.stringify(plain(title) ? { title: plain(title), steps } : steps)));

/** @param {string} name */
export const isOwn = (name) => name.startsWith(SIGN);

/** The valid steps of a link, or of this browser's memory. @param {unknown} found @returns {StepStored[]} */
export function stepsOf(found) {
  const isText = (each) => typeof each === "string";
  const isStep = (/** @type {any} */ [title, at, minutes, words = "", question = "", answers = [], ...rest]) =>
    [title, at, words, question, ...rest].every(isText) && at.length <= LONGEST && rest.length <= 3 &&
    (rest[0] ?? "").length <= EXERCISE &&
    Number.isInteger(minutes) && minutes >= 1 &&
    minutes <= MINUTES && Array.isArray(answers) && answers.length <= ANSWERS && answers.every(isText);
  const steps = Array.isArray(found) ? found.slice(0, MOST).filter((each) => Array.isArray(each) && isStep(each)) : [];
  return steps.map(([title, at, minutes, ...said]) => stepOf(title, stateOf(at), minutes, ...said));
}

/**
 * A step as it is stored: without what is empty at its end. Answers need a question, and another answer.
 * @param {string} title @param {string} at @param {number} minutes @param {string[]} answers @returns {StepStored}
 */
export function stepOf(
  title,
  at,
  minutes,
  words = "",
  question = "",
  answers = [],
  exercise = "",
  after = "",
  notes = "",
) {
  const asked = plain(question, 200);
  const given = answers.map((each) => plain(each)).filter(Boolean);
  const said = [lines(words), asked, asked && given.length > 1 ? given : []];
  const rest = [linesOf(exercise), lines(after), lines(notes)];
  while (rest.length && !rest.at(-1)) rest.pop();
  const kept = rest.length || said.some((each) => each.length) ? [...said, ...rest] : [];
  return /** @type {StepStored} */ ([plain(title) || UNNAMED, at, minutes, ...kept]);
}

/** The lines of an exercise as a file holds them. @param {string} exercise */
const linesOf = (exercise) =>
  exercise.replace(/\r\n?/g, "\n").replace(/^```.*$/gm, "").replace(/\p{Surrogate}/gu, "").trim();

/**
 * The course of a name as the server tells others; null where the name is cut, or says what no course may.
 * @param {string} name @returns {CourseTold | null}
 */
export function read(name) {
  const said = decoded(name);
  const [title, found] = Array.isArray(said) ? ["", said] : [said?.title, said?.steps];
  const steps = stepsOf(found);
  if (!steps.length || steps.length !== found.length || typeof title !== "string") return null;
  const minutes = steps.reduce((sum, [, , each]) => sum + each, 0);
  return { title: plain(title) || LINKED, origin: ORIGIN, minutes, steps: steps.map((each) => step(...each)) };
}

/** What the name of a course says; null where it is not whole. @param {string} name */
function decoded(name) {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64(name.slice(SIGN.length))));
  } catch {
    return null;
  }
}

/** True if the name of a course is not whole, as where a message cut its link. @param {string} name */
export const isCut = (name) => isOwn(name) && decoded(name) === null;

/**
 * A step as it is told; the first of the choices is the answer.
 * @param {string} title @param {string} at @param {number} minutes @param {string[]} choices @returns {CourseStep}
 */
function step(title, at, minutes, words = "", question = "", choices = [], exercise = "", after = "", notes = "") {
  const reveal = choices.length ? [`The answer: ${choices[0]}.`, after].filter(Boolean).join("\n") : "";
  const answer = choices.length ? 0 : null;
  const noted = notes.split("\n").filter(Boolean);
  return { title, at, minutes, words, question, choices, answer, reveal, notes: noted, ...(exercise && { exercise }) };
}

/** The steps as a file of `lessons/courses`, where more can be written into it. @param {StepStored[]} steps */
export const file = (steps, title = "") =>
  [`# ${plain(title) || TITLE}\n`, ...steps.map((each) => markdownOf(step(...each)))].join("\n");

/** @param {CourseStep} step */
function markdownOf({ title, at, minutes, words, question, choices, reveal, notes, exercise = "" }) {
  const head = [`title: ${title}`, `at: ${at}`, `minutes: ${minutes}`, ...(choices.length ? ["answer: 1"] : [])];
  const told = reveal.split("\n").filter(Boolean).map((each) => `> ${each}`).join("\n>\n");
  const asked = [question && `? ${question}`, ...choices.map((each) => `- ${each}`), told];
  const noted = notes.map((each) => `! ${each}`);
  const written = exercise && `\`\`\`exercise\n${exercise}\n\`\`\``;
  return ["---", ...head, "---", ...[words.replaceAll("\n", "\n\n"), ...asked, written, ...noted].filter(Boolean), ""]
    .join("\n");
}
