/** Find: every tab, mode, try, step of a tour, story, course and term of the page, by a few letters of its name. */

import { fill, h, setText, styled } from "../kit/base/dom.js";
import { ranked } from "./ranked.js";

const UNREAD = "The index could not be read; perhaps the line is down. Close this and try again.";
const NOTHING = "Nothing is called that. Try a shorter word, such as ELBO, noise or collapse.";

const BEGIN_ANEW = ["course", "story"]; // kinds that begin with the page

let finder = null;

/** Opens it, or closes it where it is open. */
export function find() {
  finder ??= create();
  finder.toggle();
}

function create() {
  const { root, api_prefix: prefix } = globalThis.gradio_config;
  styled("finder.css", import.meta.url);
  return new Finder(`${root}${prefix}/file=explorer/index.json`);
}

class Finder {
  constructor(address) {
    this.address = address;
    this.entries = null;
    this.found = [];
    this.at = 0;
    this.input = h("input", {
      type: "search",
      role: "combobox",
      "aria-label": "Find a tab, a mode, a term",
      "aria-expanded": "true",
      "aria-controls": "finder-list",
      placeholder: "Find a tab, a mode, a term",
      oninput: () => this.search(),
    });
    this.list = h("ul", { id: "finder-list", role: "listbox", "aria-label": "What was found" });
    this.says = h("p", { role: "status" });
    this.element = h(
      "dialog",
      { class: "dialog outside finder", "aria-label": "Find" },
      this.input,
      this.list,
      this.says,
    );
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("click", (event) => event.target === this.element && this.element.close());
    document.body.append(this.element);
  }

  async toggle() {
    if (this.element.open) {
      this.element.close();
      return;
    }
    this.element.showModal();
    this.input.select();
    await this.read();
    this.search();
  }

  async read() {
    if (this.entries) return;
    const answer = await fetch(this.address).catch(() => null);
    this.entries = answer?.ok ? await answer.json() : null;
  }

  search() {
    this.found = ranked(this.entries ?? [], this.input.value);
    setText(this.says, this.entries ? (this.found.length ? "" : NOTHING) : UNREAD);
    fill(this.list, this.found.map((entry, i) => this.item(entry, i)));
    this.choose(0);
  }

  item({ kind, title, words }, i) {
    return h(
      "li",
      {
        role: "option",
        id: `finder-${i}`,
        onclick: () => this.open(i),
        onpointermove: () => this.at !== i && this.choose(i),
      },
      h("span", { class: "kind" }, kind),
      h("span", { class: "what" }, h("strong", {}, title), words && h("span", {}, words)),
    );
  }

  choose(at) {
    this.at = Math.max(0, Math.min(this.found.length - 1, at));
    [...this.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.at)));
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
    if (this.found.length) this.input.setAttribute("aria-activedescendant", `finder-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.key === "ArrowDown") this.choose(this.at + 1);
    else if (event.key === "ArrowUp") this.choose(this.at - 1);
    else if (event.key === "Enter") this.open(this.at);
    else if (event.key === "Escape") this.element.close();
    else return;
    event.preventDefault();
  }

  /** Goes there; what the page is set to besides, such as a theme, stays. */
  open(i) {
    const entry = this.found[i];
    if (!entry) return;
    this.element.close();
    if (!BEGIN_ANEW.includes(entry.kind)) {
      globalThis.goTo(entry.at);
      return;
    }
    const kept = [...new URLSearchParams(globalThis.explorerAddress.search)].filter(([key]) => key.startsWith("__"));
    const more = new URLSearchParams(kept).toString();
    location.assign(`${location.pathname}${entry.at}${more && `&${more}`}`);
  }
}
