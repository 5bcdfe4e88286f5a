/** Open a network: its files go to the server, which answers with its entry in a tab and its column in Compare. */

import { button, fill, h, setText, styled } from "../kit/base/dom.js";
import { unzipped } from "../kit/export/zip.js";
import { createProgress } from "../kit/ask/wait.js";
import { add, address, isPointer, page, textOf } from "../kit/shell/opened.js";

const MOST = globalThis.explorerOpens;
const MOST_TEXTS = 1e6;
const WANTED = "Choose the zip of a network, or config.json and model.safetensors of one folder.";
const PICKLE =
  "Weights in a pickle (.pt, .pth, .bin) are not opened, because it may run any code. Save them as safetensors.";
const FETCH = "Run git lfs pull where it came from, and choose it again.";
const SILENT = "The server did not answer. Try again in a moment.";

let dialog = null;

/** Opens the dialog. */
export function open() {
  dialog ??= new Opener();
  dialog.element.showModal();
}

class Opener {
  constructor() {
    styled("opener.css", import.meta.url);
    this.input = h("input", { type: "file", multiple: true, accept: ".zip,.json,.safetensors", "aria-label": "Files" });
    this.chosen = h("ul", { translate: "no" });
    this.says = h("p", { role: "status" });
    this.sent = h("progress", { max: 1, "aria-label": "Sent", hidden: true });
    this.send = h("button", { class: "button primary" }, "Open");
    const close = button("Close", () => this.element.close());
    const form = h(
      "form",
      {},
      h("label", { class: "files" }, h("span", {}, "Choose files, or drop them here"), this.input),
      this.chosen,
      this.sent,
      this.says,
      h("div", { class: "tools" }, this.send, close),
    );
    this.element = h(
      "dialog",
      { class: "dialog outside opener", "aria-label": "Open a network" },
      h("h2", {}, "Open a network"),
      h("p", {}, "Choose a zip of Share, Download. Or choose config.json and model.safetensors of a network."),
      h("p", {}, "Its family must be on this page."),
      h(
        "p",
        {},
        "Two more files are optional: card.json with its figures, and atlas.safetensors with the map of a VAE.",
      ),
      h(
        "p",
        { class: "quiet" },
        "The network is for this page alone. It goes when you close or reload the page, or after half an hour without use.",
      ),
      form,
    );
    this.input.addEventListener("change", () => this.choose(this.input.files));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.open();
    });
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.choose(event.dataTransfer.files);
    });
    this.element.addEventListener("close", () => this.request?.abort());
    document.body.append(this.element);
    this.choose([]);
  }

  /** Keeps the files that make a network, and says what is wrong with the others. */
  choose(files) {
    this.names = [...files].map(({ name }) => name);
    const named = (pattern) => [...files].find(({ name }) => pattern.test(name)) ?? null;
    this.files = {
      "config.json": named(/^config.*\.json$/i),
      "model.safetensors": named(/^(?!atlas).*\.safetensors$/i),
      "card.json": named(/^card.*\.json$/i),
      "atlas.safetensors": named(/^atlas.*\.safetensors$/i),
    };
    this.zip = files.length === 1 ? named(/\.zip$/i) : null;
    fill(this.chosen, this.names.map((name) => h("li", {}, name)));
    this.say(files.length ? this.problem() : "");
  }

  problem() {
    if (this.zip) return this.zip.size > MOST ? `The zip may have ${MOST / 1e6} MB.` : "";
    const { "config.json": recipe, "model.safetensors": weights, "card.json": card } = this.files;
    if (!weights && this.names.some((name) => /\.(pt|pth|bin|ckpt|pkl)$/i.test(name))) return PICKLE;
    if (!recipe || !weights) return WANTED;
    const texts = recipe.size + (card?.size ?? 0);
    if (texts > MOST_TEXTS) return `config.json and card.json may have ${MOST_TEXTS / 1e6} MB together.`;
    const size = texts + weights.size;
    return size > MOST ? `The files may have ${MOST / 1e6} MB together.` : "";
  }

  /** The problem with a file that Git LFS has not fetched; empty if all are whole. */
  async pointer() {
    for (const file of this.zip ? [this.zip] : Object.values(this.files)) {
      if (file && await isPointer(file)) return `${file.name} is a Git LFS pointer, not the file itself. ${FETCH}`;
    }
    return "";
  }

  say(words, share = null) {
    setText(this.says, words);
    this.sent.hidden = share === null;
    if (share !== null) this.sent.value = share;
  }

  async open() {
    const problem = this.problem() || await this.pointer();
    if (problem) return this.say(problem);
    this.send.disabled = true;
    const answer = await this.ask();
    this.send.disabled = false;
    if (answer.error) return this.say(answer.error);
    add(answer, this.zip ? await unzipped(this.zip) : this.files);
    this.choose([]);
    this.input.value = "";
    this.element.close();
    globalThis.goTo(`?${new URLSearchParams(answer.address)}`);
  }

  /** What is sent: a header, with the texts unless a zip holds them, and the weights or the zip. */
  async parts() {
    if (this.zip) return [{ page, zip: true }, this.zip];
    const { "config.json": recipe, "model.safetensors": weights, "card.json": card } = this.files;
    return [{ page, recipe: await textOf(recipe), card: card ? await textOf(card) : null }, weights];
  }

  /** Sends the length of a header, the header, and the rest. */
  async ask() {
    const [texts, rest] = await this.parts();
    const header = new TextEncoder().encode(JSON.stringify(texts));
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, header.length);
    const request = this.request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("content-type", "application/octet-stream");
    const progress = createProgress();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const share = loaded / total;
      const sent = [`Sending: ${Math.floor(100 * share)} %`, progress.words(share)].filter(Boolean).join(", ");
      this.say(share < 1 ? sent : "The server checks the network.", share);
    });
    const ended = new Promise((done) => request.addEventListener("loadend", done));
    request.send(new Blob([length, header, rest]));
    await ended;
    try {
      return JSON.parse(request.responseText);
    } catch {
      return { error: SILENT };
    }
  }
}
