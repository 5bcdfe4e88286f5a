/** A course that a visitor made of states of the page: kept in this browser, and all of it in its name. */

import { download } from "../kit/export/export.js";
import { recall, remember } from "../kit/shell/kept.js";
import { button, fill, h, setText } from "../kit/shell/dom.js";
import { fromBase64, toBase64Url } from "../kit/plane/tensors.js";

const KEY = "explorer-own-course";
const TITLE = "My course";
const LINKED = "A course from a link";
const ORIGIN = "This course came with the link. Nobody has checked what its steps say.";
const SIGN = "~"; // with it begins the name of a course that is in its name
const MOST = 40; // steps
const LONGEST = 2000; // letters of a step's address
const MINUTES = 90;
const OTHERS = ["course", "page"];

/** What the address says of the state of a tab, and nothing of courses and types. */
function stateOf(search) {
  const said = [...new URLSearchParams(search)].filter(([key]) => !OTHERS.includes(key) && !key.startsWith("__"));
  if (!said.some(([key]) => key === "tab")) said.unshift(["tab", globalThis.tabOf(search)]);
  return new URLSearchParams(said).toString();
}

const plain = (text) => String(text).replace(/\s+/g, " ").trim().slice(0, 120);

/** The name of the course of these steps, [title, at, minutes] each. */
const nameOf = (steps) => SIGN + toBase64Url(new TextEncoder().encode(JSON.stringify(steps)));

export const isOwn = (name) => name.startsWith(SIGN);

/** The steps of what a link or this browser's memory holds, [title, at, minutes] each; what is no step is left out. */
function stepsOf(told) {
  const texts = ([title, at]) => typeof title === "string" && plain(title) && typeof at === "string";
  const good = (each) =>
    Array.isArray(each) && texts(each) && each[1].length <= LONGEST && Number.isInteger(each[2]) && each[2] >= 1 &&
    each[2] <= MINUTES;
  const steps = Array.isArray(told) ? told.slice(0, MOST).filter(good) : [];
  return steps.map(([title, at, minutes]) => [plain(title), stateOf(at), minutes]);
}

/** The course of a name as the server tells others; null where the name is none, or says what no course may. */
export function read(name) {
  try {
    const told = JSON.parse(new TextDecoder().decode(fromBase64(name.slice(SIGN.length))));
    const steps = stepsOf(told);
    if (!steps.length || steps.length !== told.length) return null;
    const minutes = steps.reduce((sum, [, , each]) => sum + each, 0);
    return { title: LINKED, origin: ORIGIN, minutes, steps: steps.map((each) => step(...each)) };
  } catch {
    return null;
  }
}

function step(title, at, minutes) {
  return { title, at, minutes, words: "", question: "", choices: [], answer: null, reveal: "", notes: [] };
}

/** The steps as a file of `lessons/courses`, where words, questions and notes can be written into it. */
const file = (steps) =>
  [
    `# ${TITLE}\n`,
    ...steps.map(([title, at, minutes]) => `---\ntitle: ${title}\nat: ${at}\nminutes: ${minutes}\n---\n`),
  ]
    .join("\n");

let dialog = null;

/** Opens the list of the states that were taken into the course. */
export function collect() {
  dialog ??= new Collected();
  dialog.open();
}

class Collected {
  constructor() {
    for (const sheet of ["dialog.css", "own.css"]) {
      document.head.append(h("link", { rel: "stylesheet", href: new URL(sheet, import.meta.url) }));
    }
    this.steps = stepsOf(recall(KEY));
    this.title = h("input", { type: "text", maxlength: 120, "aria-label": "What this step is called" });
    this.minutes = h("input", { type: "number", min: 1, max: MINUTES, value: 3, "aria-label": "Minutes" });
    this.list = h("ol", {});
    this.says = h("p", { role: "status" });
    this.tools = [
      button("Open it", () => location.assign(this.link())),
      button("Copy its link", () => this.copy()),
      button("Save its file", () => download(new Blob([file(this.steps)], { type: "text/markdown" }), "my-course.md")),
    ];
    const add = h("form", {}, this.title, this.minutes, h("button", { class: "button primary" }, "Add this state"));
    add.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
    const close = button("Close", () => this.element.close());
    this.element = h(
      "dialog",
      { class: "dialog own-course", "aria-label": "My course" },
      h("h2", {}, TITLE),
      add,
      this.list,
      this.says,
      h("div", { class: "tools" }, ...this.tools, close),
    );
    document.body.append(this.element);
  }

  open() {
    const tab = document.querySelector("#families [role=tab][aria-selected=true]")?.textContent.trim() ?? "";
    const names = document.querySelectorAll(".stage :is(.mode-title, .within [aria-selected=true])");
    const mode = [...names].findLast((each) => each.checkVisibility());
    this.title.value = plain([tab, mode?.textContent].filter(Boolean).join(": "));
    this.show("");
    this.element.showModal();
    this.title.select();
  }

  add() {
    const at = stateOf(location.search);
    const minutes = Math.max(1, Math.min(MINUTES, Math.round(this.minutes.valueAsNumber) || 1));
    if (this.steps.length >= MOST) return this.show(`A course has ${MOST} steps at most.`);
    if (at.length > LONGEST) return this.show("This state is too long for a step: a drawing is kept in its address.");
    this.change([...this.steps, [plain(this.title.value) || TITLE, at, minutes]], "Added.");
  }

  change(steps, says) {
    this.steps = steps;
    const kept = remember(KEY, steps);
    this.show(kept ? says : "This browser keeps nothing: copy the link before you leave.");
  }

  show(says) {
    setText(this.says, says || (this.steps.length ? "" : "No state has been added yet."));
    for (const tool of this.tools) tool.disabled = !this.steps.length;
    const without = (index) => this.steps.filter((_, at) => at !== index);
    const moved = (index) => without(index).toSpliced(index - 1, 0, this.steps[index]);
    fill(
      this.list,
      this.steps.map(([title, at, minutes], index) => {
        const up = button("↑", () => this.change(moved(index), `${title} moved up.`), { disabled: index === 0 });
        const away = button("×", () => this.change(without(index), `${title} removed.`));
        up.setAttribute("aria-label", `Move ${title} up`);
        away.setAttribute("aria-label", `Remove ${title}`);
        return h("li", {}, h("a", { href: `?${at}` }, title), ` ${minutes} min `, up, away);
      }),
    );
  }

  link() {
    const address = new URL(location.pathname, location.href);
    address.search = `${this.steps[0][1]}&course=${nameOf(this.steps)}`;
    return address.href;
  }

  async copy() {
    const copied = await navigator.clipboard?.writeText(this.link()).then(() => true, () => false);
    if (copied) return this.show("The link is copied: it holds the whole course.");
    this.show("");
    fill(this.says, "Copy this link: ", h("a", { href: this.link() }, this.link()));
  }
}
