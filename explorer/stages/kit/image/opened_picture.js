/** Pictures of a visitor's own: files go to the server, which answers with what the networks see of them. */

import { button, fill, h, setName, setText } from "../base/dom.js";
import { fromBase64, toBase64Url, unpackBits } from "../plane/tensors.js";
import { drawImage, imageCanvas, PIXELS } from "./pixels.js";

const ADDRESS = `${globalThis.gradio_config?.root}/explorer/pictures`;
const MOST = 24; // pictures that are shown to choose from
const MOST_BYTES = 12e6; // of a file, with what is said of it
const LONGEST_NAME = 120;
const HALF = 127;
const SILENT = "The server did not answer. Try again in a moment.";
const WAITING = "Choose files or a folder, drop them here, or paste a picture.";

/**
 * What the address holds of a drawing or of an opened picture, as 784 bytes; of both, ink is white.
 * @param {string} text
 */
export function greysOf(text) {
  const bytes = fromBase64(text);
  return bytes.length === PIXELS ? bytes : unpackBits(bytes).map((bit) => 255 * bit);
}

/** The same as a network of black and white pixels is fed it. @param {string} text */
export const binaryOf = (text) => greysOf(text).map((level) => (level > HALF ? 255 : 0));

/** True of a picture that was opened, which holds grey levels. @param {string | null} text */
export const isPicture = (text) => text !== null && text.length > PIXELS;

/** @typedef {{name: string, draw?: string, given?: string, done?: string, preview?: any, error?: string}} OpenedPicture */

/** Pictures of this page, the newest last; no reload keeps them. @type {OpenedPicture[]} */
const opened = [];

/** Asks the server for what networks see of a file. @param {File} file @param {number} box @returns {Promise<OpenedPicture>} */
export async function prepared(file, box) {
  const name = (file.name || "The picture").slice(-LONGEST_NAME);
  const header = new TextEncoder().encode(JSON.stringify({ name, box }));
  if (file.size + header.length + 4 > MOST_BYTES) return { name, error: `${name} is larger than 12 MB.` };
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, header.length);
  try {
    const body = new Blob([length, header, file]);
    const headers = { "content-type": "application/octet-stream" };
    const answer = await (await fetch(ADDRESS, { method: "POST", headers, body })).json();
    if (answer.error) return { name, error: answer.error };
    return { ...answer, name, draw: toBase64Url(fromBase64(answer.pixels)) };
  } catch {
    return { name, error: SILENT };
  }
}

/** The files of what was dropped; those of a folder, too, in the order of their names. @param {DataTransfer} transfer */
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...transfer.files];
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

/** Adds the files of an entry, and of the folders in it. */
async function walk(entry, found) {
  if (found.length >= MOST) return;
  if (entry.isFile) found.push(await new Promise((done, fail) => entry.file(done, fail)));
  else {
    const reader = entry.createReader();
    const inside = await new Promise((done, fail) => reader.readEntries(done, fail));
    inside.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
    for (const each of inside) await walk(each, found);
  }
}

/** A copy of what was given, on a canvas. */
function paintPreview(canvas, { width, height, rgba }) {
  Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(fromBase64(rgba)), width, height), 0, 0);
}

/**
 * The choice of a picture of one's own: `figure` shows what was given, `side` its controls and what was done.
 * @param {Ctx} ctx @param {() => number} box side to which strokes are scaled
 */
export function createOpenedPicture(ctx, box) {
  const preview = h("canvas", { class: "given-picture", role: "img" });
  const name = h("figcaption", { translate: "no" });
  const figure = h("figure", { class: "captioned given" }, preview, name);
  const files = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Picture files" });
  const folder = h("input", {
    type: "file",
    webkitdirectory: true,
    hidden: true,
    "aria-label": "A folder of pictures",
  });
  const says = h("p", { class: "quiet picture-says", role: "status" });
  const refused = h("ul", { class: "quiet picture-refused", translate: "no" });
  const all = h("div", { class: "picture-all", role: "group", "aria-label": "Your pictures" });
  const choose = button("Choose files", () => files.click(), { title: "Open pictures of your own" });
  const whole = button("A folder", () => folder.click(), { title: "Open the pictures of a folder" });
  const row = h("div", { class: "row" }, choose, whole);
  const side = h("div", { class: "source-side" }, row, files, folder, says, all, refused);

  /** @param {OpenedPicture} picture */
  const take = ({ draw }) => ctx.store.commit({ draw, img: null, source: null });

  /** @param {File[]} chosen */
  async function open(chosen) {
    const wanted = chosen.filter(({ name }) => !name.startsWith(".")).slice(0, MOST);
    if (!wanted.length) return;
    opened.length = 0;
    let first = null;
    for (const [i, file] of wanted.entries()) {
      setText(says, wanted.length > 1 ? `Preparing ${i + 1} of ${wanted.length} pictures.` : "Preparing the picture.");
      const picture = await prepared(file, box());
      opened.push(picture);
      if (first || !picture.draw) continue;
      first = picture;
      take(picture);
    }
    if (!first) ctx.store.commit({ source: "open" });
    update();
  }

  const current = () => opened.find(({ draw }) => draw && draw === ctx.store.get().draw);

  function update() {
    const { draw } = ctx.store.get();
    const now = current();
    figure.hidden = !now;
    if (now) {
      paintPreview(preview, now.preview);
      setName(preview, `The picture as it was given: ${now.given}`);
      preview.title = now.given;
      setText(name, now.name);
    }
    setText(
      says,
      now ? now.done : isPicture(draw) ? "A picture that the address holds." : WAITING,
    );
    fill(refused, opened.filter(({ error }) => error).map(({ error }) => h("li", {}, error)));
    const good = opened.filter((each) => each.draw);
    fill(all, good.length > 1 ? good.map((each) => thumbnail(each, each === now)) : []);
  }

  /** @param {OpenedPicture} picture @param {boolean} isNow */
  function thumbnail(picture, isNow) {
    const element = button("", () => take(picture), { kind: "picture-one", title: picture.name, pressed: isNow });
    const canvas = imageCanvas(picture.name, 40);
    drawImage(canvas, greysOf(picture.draw));
    canvas.setAttribute("aria-hidden", "true");
    element.setAttribute("aria-label", picture.name);
    element.append(canvas);
    return element;
  }

  for (const input of [files, folder]) {
    input.addEventListener("change", () => {
      const chosen = [...input.files];
      input.value = "";
      open(chosen);
    });
  }

  /** Takes what is dropped on an element, and what is pasted while it is in sight. @param {HTMLElement} element */
  function listen(element) {
    element.addEventListener("dragover", (event) => event.preventDefault());
    element.addEventListener("drop", async (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      open(await filesOf(event.dataTransfer));
    });
    document.addEventListener("paste", (event) => {
      const pasted = [...event.clipboardData?.files ?? []];
      if (!pasted.length || !element.isConnected || !element.checkVisibility()) return;
      event.preventDefault();
      open(pasted);
    });
  }

  return { figure, side, update, listen };
}
