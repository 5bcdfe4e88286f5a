/** Saving what is on screen: the picture as a PNG, its numbers as a CSV, and its film as a GIF or as WebM. */

import { FINDING } from "../base/dom.js";
import { download, saveTable } from "./export.js";
import { beside, framed } from "../film/framed.js";
import { saveFilm } from "../film/saved.js";
import { capture, develop } from "./photo.js";

const LONGEST = 40; // letters of a value of the address
const SENTENCES = ".seen p";
const CHIEF = ".figures > .chief";
const KEYS = ".legend .chip[aria-pressed=true][data-class], .heat-legend, .plane-keys > li, " +
  ".unmask-screen figcaption";
const NOTHING = "There is nothing to save here yet.";
const UNFINISHED = "This film is unfinished.";

const EDGE = 3; // of the page's pixels, for frames around what is drawn
const PICTURES = { only: "canvas, figcaption, h2:not(.spoken), .nearest", narrowest: 0, edge: EDGE }; // of a panel

/** Functions that save the mode on screen, as `createKeep` describes them; each resolves to whether it saved. */
export function createSaving(ctx, layout, modeOf, filmOf) {
  /** Copies of what is on screen, of one moment: the picture, its legend and the words that say how to read it. */
  function taken(about = {}) {
    const mode = modeOf();
    const copies = () =>
      [layout.main, ...(mode.alongside?.() ?? [])].map((each, i) => capture(each, i ? PICTURES : { edge: EDGE }));
    const pictures = (mode.sharply ? mode.sharply(copies) : copies()).filter(Boolean);
    if (!pictures.length) return null;
    const film = filmOf();
    const state = stateOf(ctx, mode, film?.runs ? film.places() : []);
    const captions = { state, ...captionsOf(ctx, layout.main), ...about };
    return { pictures, ...captions, title: document.title, colours: ctx.colours() };
  }

  /** What is on screen once all is said and drawn of it; a film stands still meanwhile. */
  async function held(about) {
    const film = filmOf();
    film?.hold(true);
    try {
      await rested(layout.main);
      return taken(about);
    } finally {
      film?.hold(false);
    }
  }

  /** The picture on screen under its title and over its captions; null for none. */
  async function picked(about) {
    const found = await held(about);
    const drawn = found && (await Promise.all(found.pictures.map(develop))).filter(Boolean);
    if (!drawn?.length) return null;
    const legend = (await Promise.all(found.legend.map(develop))).filter(Boolean);
    return framed(beside(/** @type {[EdgedCanvas]} */ (drawn)), { ...found, legend, ground: found.pictures[0].ground });
  }

  async function savePicture() {
    const canvas = await picked();
    if (!canvas) return nothing();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    download(blob, `${ctx.net().name}-${ctx.store.get().mode}.png`);
    return true;
  }

  /** Each step has a caption of its own, without the place of the film in the address. */
  async function saveFilmed(how) {
    const film = filmOf();
    const still = () => picked({ sentence: film.isWhole ? "" : UNFINISHED });
    await saveFilm(film, still, how);
    return true;
  }

  function saveNumbers() {
    const found = modeOf().table();
    if (!found) return nothing();
    saveTable(found.name, found.rows);
    return true;
  }

  function nothing() {
    ctx.say(NOTHING);
    return false;
  }

  async function saveAsGif(/** @type {object} */ how) {
    const { saveGif } = await import("./gif.js");
    return saveFilmed({ ...how, save: saveGif, ending: "gif" });
  }

  async function saveAsWebm(/** @type {object} */ how) {
    const { saveWebm } = await import("./webm.js");
    return saveFilmed({ ...how, save: saveWebm, ending: "webm" });
  }

  return { savePicture, saveGif: saveAsGif, saveWebm: saveAsWebm, saveNumbers };
}

/**
 * The moment at which all that changed is drawn: after what the page does in a display frame, and before anything else.
 * The browser tells of sizes then.
 */
const rested = (element) =>
  new Promise((resolve) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const sizes = new ResizeObserver(() => {
          sizes.disconnect();
          resolve();
        });
        sizes.observe(element);
      })
    )
  );

/** Texts beside the picture, not in it: the legend, the headline and the sentences. */
function captionsOf(ctx, picture) {
  const shown = (selector) =>
    [...ctx.root.querySelectorAll(selector)].filter((each) => each.getClientRects().length && !picture.contains(each));
  const legend = shown(KEYS).map((each) => capture(each, { narrowest: 0 })).filter(Boolean);
  const said = shown(SENTENCES).map(({ innerText }) => (/[.?!…]$/.test(innerText) ? innerText : `${innerText}.`));
  const chief = shown(CHIEF).map((row) => [...row.children].map(({ innerText }) => innerText.trim()))
    .filter(([, value]) => /\w/.test(value)).map(([name, value]) => (name === FINDING ? value : `${name}: ${value}.`));
  return { legend, sentence: [...chief, ...said].join(" ") };
}

/** Title of the network, or of the mode's subject, as its control shows it. */
function subjectOf({ net, store }, { subject, declared }) {
  if (subject === null) return "";
  const control = declared?.controls.flat().find(({ key }) => key === subject);
  return control ? control.options.find(([value]) => value === store.get()[subject])[1] : net().title;
}

/** The network or the points, and the address, but for some of its keys, with what the mode always tells of. */
function stateOf(ctx, mode, without = []) {
  const query = [...new URLSearchParams(globalThis.explorerAddress.search)].filter(([key]) =>
    !["tab", "mode", ...without].includes(key) && !key.startsWith("__")
  );
  const state = Object.entries({ ...mode.setting, ...Object.fromEntries(query) }).map(([key, value]) =>
    `${key} = ${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}`
  );
  return [subjectOf(ctx, mode), ...state].filter(Boolean).join(", ");
}
