/**
 * The handout of a course, in a window of its own that can be printed: of each step its words, its question, what the
 * stage shows there, and its address as a code for a telephone. That window is a page of the app, too: it goes through
 * the steps under the handout to take the pictures, and the page of the course stays as it is.
 */

import { button, h, setText, styled } from "../kit/base/dom.js";
import { setFormulas } from "./formulas.js";
import { finished, lead, orderOf, settled, stage, works } from "./leading.js";
import { drawn, squaresOf } from "./squares.js";

const [WIDTH, LEAST] = [690, 520]; // pixels across a picture
const SHEET = 970; // pixels of a sheet of Letter between its margins, the lower of the two usual ones
const [ROOM, MOST] = [715, 780]; // pixels of a sheet that the words of a step leave, and that short ones do
const SMALLEST = 12 / 13; // of a picture's own size: its smallest type is 9 pt on paper
const UNMADE = "The server has not finished this picture. Make the handout again later, or follow the link below.";
const UNFINISHED = "This handout is not complete yet. Print it once its button Print is ready.";
const TOO_LONG = "This address is too long for a QR code: follow the link below.";

/** Opens the window of a course's handout; false where the browser does not. */
export function openHandout(name, at) {
  const more = new URLSearchParams([["course", name], ["handout", 1], ["__theme", "light"]]);
  return Boolean(
    globalThis.open(`${location.pathname}?${at}&${more}`, "explorer-handout", "popup,width=980,height=900"),
  );
}

/** Fills this window with the handout, step by step. */
export async function handOut(course) {
  styled("handout.css", import.meta.url);
  const says = h("span", { role: "status" });
  const print = button("Print", () => globalThis.print(), { disabled: true });
  const list = h("section", {});
  const heading = h("h1", {}, course.title);
  document.title = `Handout · ${course.title}`;
  const whole = h(
    "div",
    { class: "handout outside", id: "handout", "aria-busy": "true" },
    h("p", { class: "tools" }, print, " ", says),
    h("p", { class: "unfinished" }, UNFINISHED),
    heading,
    course.origin && h("p", {}, course.origin),
    list,
  );
  document.documentElement.style.setProperty("--high", `${innerHeight}px`); // a sheet is as high as another window
  document.body.append(whole);
  for (const [index, step] of course.steps.entries()) {
    setText(says, `Step ${index + 1} of ${course.steps.length} … Keep this window in sight.`);
    const sheet = article(step, index, await pictureFor(step));
    list.append(sheet);
    fit(sheet, index ? 0 : sheet.getBoundingClientRect().top - heading.getBoundingClientRect().top);
    stage()?.style.removeProperty("width");
  }
  setText(says, "");
  whole.removeAttribute("aria-busy");
  print.disabled = false;
}

/** Picture of a step once its stage has all that it waits for, or a sentence in its place. */
async function pictureFor({ at, title }) {
  lead(at, [], true);
  await finished();
  if (works()) return h("p", { class: "unmade" }, UNMADE);
  await narrow(stage());
  return stage() && pictureOf(stage(), title);
}

/** Has a stage whose picture is too high for a page take it narrower if that is lower: its words stay as large. */
async function narrow(from) {
  const height = () => from?.querySelector(".main")?.offsetHeight ?? 0;
  const high = height();
  if (high * SMALLEST <= MOST) return;
  from.style.width = `${Math.max(LEAST, (WIDTH * ROOM) / high)}px`;
  await settled();
  if (height() < high) return;
  from.style.removeProperty("width");
  await settled();
}

/** Makes the picture of a step so small that the step is one sheet, of which `taken` pixels are gone. */
function fit(sheet, taken) {
  const [picture, copy] = [sheet.querySelector(".handout-picture"), sheet.querySelector(".handout-picture .main")];
  if (!copy) return;
  const words = sheet.offsetHeight - picture.offsetHeight;
  const most = Math.min(1, (SHEET - taken - words) / picture.offsetHeight);
  if (most < 1) copy.style.zoom = copy.style.zoom * most;
}

/**
 * Copy of the stage as it stands, on one page with the step's words if its type remains large enough. Words stay words
 * and lines stay sharp on paper; the style removes the controls.
 */
function pictureOf(from, title) {
  const main = from.querySelector(".main") ?? from;
  const copy = main.cloneNode(true);
  const drawn = [...main.querySelectorAll("canvas")];
  for (const [index, canvas] of [...copy.querySelectorAll("canvas")].entries()) {
    keepSize(canvas, drawn[index]);
    if (getComputedStyle(drawn[index]).position === "absolute") {
      keepSize(canvas.parentElement, drawn[index].parentElement);
    }
    if (drawn[index].width && drawn[index].height) canvas.getContext("2d").drawImage(drawn[index], 0, 0);
  }
  const parts = [...main.querySelectorAll("*")];
  for (const [index, part] of [...copy.querySelectorAll("*")].entries()) {
    part.classList.toggle("unrolled", scrolls(parts[index]));
  }
  copy.style.width = `${main.offsetWidth}px`;
  copy.style.zoom = Math.min(1, Math.max(SMALLEST, ROOM / main.offsetHeight));
  let whole = copy;
  for (let inside = main; inside !== from.parentElement; inside = inside.parentElement) { // there its style begins
    const around = inside.parentElement.cloneNode(false);
    around.append(whole);
    whole = around;
  }
  for (const named of whole.querySelectorAll("[id]")) named.removeAttribute("id");
  return h("div", {
    class: "handout-picture",
    role: "img",
    "aria-label": `What the stage shows: ${title}`,
    inert: true,
  }, whole);
}

/** Gives a part of the copy the size that it has in the window: paper has another height. */
function keepSize(part, { offsetWidth, offsetHeight }) {
  Object.assign(part.style, {
    width: `${offsetWidth}px`,
    height: `${offsetHeight}px`,
    minHeight: 0,
    maxHeight: "none",
  });
}

/** True for a list of which the window shows a part. */
const scrolls = (element) =>
  element.scrollHeight > element.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(element).overflowY);

function article(step, index, picture) {
  const link = new URL(location.pathname, location.href);
  link.search = step.at;
  return h(
    "article",
    {},
    h("h2", {}, `${index + 1}. ${step.title}`),
    code(link.href),
    setFormulas(h("p", {}), step.words),
    step.question && h("p", {}, setFormulas(h("strong", {}), step.question)),
    step.choices.length > 0 &&
      h("ol", { type: "a" }, orderOf(step, index).map((choice) => setFormulas(h("li", {}), step.choices[choice]))),
    picture,
    h("a", { class: "at", href: link.href }, link.href),
  );
}

/** An address as a QR code, or as a sentence where it is too long for one. */
function code(text) {
  const squares = squaresOf(text);
  return squares ? drawn(squares) : h("p", { class: "at" }, TOO_LONG);
}
