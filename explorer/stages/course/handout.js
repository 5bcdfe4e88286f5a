/**
 * The handout of a course, in a window of its own that can be printed: of each step its words, its question, what the
 * stage shows there, and its address as a code for a telephone. The page goes through the steps to take the pictures.
 */

import { button, fill, h, setText } from "../kit/shell/dom.js";
import { squaresOf } from "./squares.js";

const SVG = "http://www.w3.org/2000/svg";
const BLOCKED = "The browser did not open a window for the handout: allow it for this page, and press again.";
const TOO_LONG = "This address is too long for a QR code: follow the link below.";
const LOOK_MS = 250;
const STILL = 4; // looks at a stage that does not change
const PATIENCE_MS = 12_000; // for the stage of one step
const LEAST = 40; // pixels across a picture that is worth printing
const DENSE = 1.5; // of the picture's pixels for one of the page's
const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 24px auto; max-width: 46em; padding: 0 16px; }
  article { border-top: 1px solid #999; break-inside: avoid; display: grid; gap: 0 20px;
    grid-template-columns: 1fr 116px; padding: 12px 0; }
  article > * { grid-column: 1; margin: 4px 0; }
  article > svg { grid-column: 2; grid-row: 1 / span 8; width: 116px; }
  article > .at { color: #555; font-size: 11px; overflow-wrap: anywhere; }
  img { height: auto; max-height: 300px; max-width: 100%; object-fit: contain; object-position: left; }
  ol { padding-left: 1.6em; }
  @media print { .tools { display: none; } body { margin: 0; max-width: none; } }
`;

/** Opens the window and fills it, step by step; the course stands where it stood when that is done. */
export async function handOut(course) {
  const sheet = globalThis.open("", "explorer-handout", "popup,width=860,height=900");
  if (!sheet) {
    setText(course.reveal, BLOCKED);
    return;
  }
  const { document: paper } = sheet;
  const says = h("span", { role: "status" });
  const print = button("Print", () => sheet.print(), { disabled: true });
  const list = h("main", {});
  const origin = course.origin && h("p", {}, course.origin);
  paper.title = `Handout · ${course.title}`;
  fill(paper.head, h("meta", { charset: "utf-8" }), h("style", {}, STYLE), h("title", {}, paper.title));
  fill(paper.body, h("p", { class: "tools" }, print, " ", says), h("h1", {}, course.title), origin, list);
  const before = course.at;
  for (const [index, step] of course.steps.entries()) {
    if (sheet.closed) break;
    setText(says, `Step ${index + 1} of ${course.steps.length} …`);
    course.go(index, { replace: true });
    await settled();
    list.append(article(step, index, picture()));
  }
  course.go(before, { replace: true });
  setText(says, "");
  print.disabled = false;
}

function article(step, index, image) {
  const link = new URL(location.pathname, location.href);
  link.search = step.at;
  return h(
    "article",
    {},
    h("h2", {}, `${index + 1}. ${step.title}`),
    code(link.href),
    h("p", {}, step.words),
    step.question && h("p", {}, h("strong", {}, step.question)),
    step.choices.length > 0 && h("ol", { type: "a" }, step.choices.map((choice) => h("li", {}, choice))),
    image && h("img", { src: image, alt: `What the stage shows: ${step.title}` }),
    h("a", { class: "at", href: link.href }, link.href),
  );
}

/** An address as a QR code, or as a sentence where it is too long for one. */
function code(text) {
  const squares = squaresOf(text);
  return squares ? drawn(squares) : h("p", { class: "at" }, TOO_LONG);
}

function drawn({ data, size }) {
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  const image = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const names = { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": "The address as a QR code" };
  for (const [name, value] of Object.entries(names)) image.setAttribute(name, value);
  path.setAttribute("d", squares.join(""));
  image.append(path);
  return image;
}

const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().width >= LEAST;
/** The stage in sight. */
export const stage = () => [...document.querySelectorAll(".stage")].find(isShown);

/** Waits until the stage in sight waits for nothing and what it draws has come to rest, as long as patience lasts. */
export async function settled() {
  const end = Date.now() + PATIENCE_MS;
  for (let still = 0, before = ""; still < STILL && Date.now() < end;) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    const now = stage();
    const drawn = now ? [...now.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join() : "";
    still = now && !now.classList.contains("waiting") && drawn === before ? still + 1 : 0;
    before = drawn;
  }
}

/** What the stage shows, without its controls: its canvases and its words, as they lie on it; nothing of an empty one. */
function picture() {
  const main = stage()?.querySelector(".main") ?? stage();
  const canvases = main ? [...main.querySelectorAll("canvas")].filter(isShown) : [];
  if (!canvases.length) return null;
  const { left, top, width, height } = main.getBoundingClientRect();
  const paper = h("canvas", { width: DENSE * width, height: DENSE * height });
  const brush = paper.getContext("2d");
  brush.scale(DENSE, DENSE);
  brush.fillStyle = getComputedStyle(document.body).backgroundColor;
  brush.fillRect(0, 0, width, height);
  brush.translate(-left, -top);
  for (const canvas of canvases) {
    const box = canvas.getBoundingClientRect();
    brush.imageSmoothingEnabled = canvas.width > box.width;
    brush.drawImage(canvas, box.x, box.y, box.width, box.height);
  }
  write(brush, main);
  return paper.toDataURL("image/png");
}

/** Writes the words of an element where they stand, one by one, since a line may break between any two. */
function write(brush, element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  brush.textBaseline = "middle";
  while (texts.nextNode()) {
    const { currentNode: text } = texts;
    if (!text.parentElement.checkVisibility({ visibilityProperty: true })) continue;
    const { font, color } = getComputedStyle(text.parentElement);
    Object.assign(brush, { font, fillStyle: color });
    for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const { x, y, height } = range.getBoundingClientRect();
      brush.fillText(word, x, y + height / 2);
    }
  }
}
