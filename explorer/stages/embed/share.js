/** HTML of a frame that shows the present state in another page. */

import { button, h, setText, styled } from "../kit/base/dom.js";

const HEIGHT = 640; // pixels, until the page has told its own
const COPIED_MS = 1800;
const LISTENER = "The frame tells its height by postMessage. A listener and recipes are in docs/teaching.md.";

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** Address of a state for a frame. @param {string} href */
function embedAddress(href) {
  const address = new URL(href);
  address.hash = "";
  address.searchParams.delete("__type");
  address.searchParams.set("embed", "1");
  address.search = address.search.replaceAll("%2C", ",");
  return address.href;
}

/** HTML of the frame. @param {string} href @param {string} title */
export const embedCode = (href, title) =>
  `<iframe src="${escaped(embedAddress(href))}" title="${escaped(title)}" width="100%" height="${HEIGHT}" ` +
  `style="border: 0" allow="microphone" loading="lazy"></iframe>`;

/** Sentence on the sites that may show the page. @param {string[]} sites */
const framesSentence = (sites) =>
  `Sites that may show it: ${sites.map((each) => each.replace("https://", "")).join(", ")}. ` +
  "Whoever runs this server can name others in EXPLORER_FRAMED_BY.";

/** @type {Embedding | null} */
let dialog = null;

/** Opens the dialog. */
export function openEmbed() {
  dialog ??= new Embedding();
  dialog.open();
}

class Embedding {
  constructor() {
    styled("share.css", import.meta.url);
    this.code = /** @type {HTMLTextAreaElement} */ (h("textarea", {
      readonly: true,
      rows: 5,
      spellcheck: "false",
      translate: "no",
      "aria-label": "HTML of the frame",
    }));
    this.copies = button("Copy HTML", () => this.copy(), { kind: "primary" });
    this.element = /** @type {HTMLDialogElement} */ (h(
      "dialog",
      { class: "dialog outside embedding", "aria-label": "Embed" },
      h("h2", {}, "Embed"),
      h("p", {}, "This HTML shows the picture, its main control and one sentence in another page."),
      this.code,
      h("p", { class: "quiet" }, framesSentence(globalThis.explorerFrames)),
      h("p", { class: "quiet" }, LISTENER),
      h("div", { class: "tools" }, this.copies, button("Close", () => this.element.close())),
    ));
    document.body.append(this.element);
  }

  open() {
    this.code.value = embedCode(globalThis.explorerAddress.href, document.title);
    this.element.showModal();
    this.code.select();
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.code.value);
      setText(this.copies, "Copied");
    } catch {
      this.code.focus();
      this.code.select();
      setText(this.copies, "Selected: copy it");
    }
    setTimeout(() => setText(this.copies, "Copy HTML"), COPIED_MS);
  }
}
