/** Downloads: the picture on screen as a PNG, its numbers as a CSV, and its film as a GIF. */

import { button, setText } from "../base/dom.js";
import { download, saveTable } from "./export.js";
import { framed } from "../film/framed.js";
import { photo } from "./photo.js";
import { whileBusy } from "../panel/parts.js";

const LOOK_MS = 300;
const LONGEST = 40; // letters of a value of the address
const SENTENCES = ".seen p";
const CHIEF = ".figures > .chief";
const KEYS = ".legend .chip[aria-pressed=true][data-class], .heat-legend, .plane-keys > li, " +
  ".unmask-screen figcaption";
const NOTHING = "There is nothing to save here yet.";
const SWATCHES = ".swatch, .arena-mark, [aria-hidden]";

const films = new WeakMap(); // by their elements
export const offerFilm = (element, film) => films.set(element, film);

/** Leaves the films in an element. */
export const leaveFilms = (element) => element.querySelectorAll(".film").forEach((each) => films.get(each)?.leave());

/**
 * `modeOf()` is the mode on screen. Its picture is the stage, unless the mode has a larger `picture()`. Its `setting`
 * is named in every picture, although the address omits it at its usual value. `subject` is the key that names its
 * subject in place of the network, or null. Its `table()` is called on request. `hasResult(what)` says, without
 * computing it, whether there is a "picture" or a "table"; without this method there is one.
 */
export function createKeep(ctx, layout, modeOf) {
  const picture = button("PNG", () => whileBusy(picture, savePicture), { title: "Save this picture" });
  const table = button("CSV", keepTable, { title: "Save the numbers of this picture as a table" });
  const gif = button("GIF", () => whileBusy(gif, saveFilm), { title: "Save this film as an animated GIF" });
  layout.share.prepend(picture, table, gif);

  const filmOf = () => films.get([...ctx.root.querySelectorAll(".film")].find(({ clientWidth }) => clientWidth));

  /** The picture on screen under its title and over the words that say how to read it; null for none. */
  function picked(about = {}) {
    const own = modeOf().picture?.();
    const drawn = own ?? photo(layout.main);
    const captions = { state: stateOf(ctx, modeOf()), ...captionsOf(ctx, own ? null : layout.main), ...about };
    return drawn && framed(drawn, { title: document.title, colours: ctx.colours(), ...captions });
  }

  async function savePicture() {
    const canvas = picked();
    if (!canvas) return ctx.say(NOTHING);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    download(blob, `${ctx.net().name}-${ctx.store.get().mode}.png`);
    layout.share.close();
  }

  /** Each step has a caption of its own, without the place of the film in the address. */
  async function saveFilm() {
    const film = filmOf();
    const still = () => picked({ sentence: "", state: stateOf(ctx, modeOf(), film.places()) });
    try {
      await film.save(still, (done, total) => setText(gif, `${done}/${total}`));
    } finally {
      layout.share.close();
    }
  }

  function keepTable() {
    const found = modeOf().table();
    if (!found) return ctx.say(NOTHING);
    saveTable(found.name, found.rows);
    layout.share.close();
  }

  function look() {
    timer = null;
    if (ctx.root.clientWidth === 0) return;
    const mode = modeOf();
    if (!picture.hasAttribute("aria-busy")) picture.disabled = !has(mode, "picture");
    table.disabled = !mode.table || !has(mode, "table");
    const film = filmOf();
    gif.hidden = !film;
    if (!gif.hasAttribute("aria-busy")) gif.disabled = !film?.steps.length;
  }

  /** Answers come at their own time, so whatever changes on the stage is a reason to see whether there is something. */
  let timer = null;
  const update = () => (timer ??= setTimeout(look, LOOK_MS));
  new MutationObserver(update).observe(ctx.root.querySelector(".body"), {
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });
  return { update };
}

const has = (mode, what) => mode.hasResult?.(what) ?? true;

/** Texts beside the picture, not in it: the legend, the headline and the sentences. */
function captionsOf(ctx, picture) {
  const shown = (selector) =>
    [...ctx.root.querySelectorAll(selector)].filter((each) => each.getClientRects().length && !picture?.contains(each));
  const legend = shown(KEYS).map(keyOf);
  const said = shown(SENTENCES).map(({ innerText }) => (/[.?!…]$/.test(innerText) ? innerText : `${innerText}.`));
  const chief = shown(CHIEF).map((row) => `${[...row.children].map(({ innerText }) => innerText.trim()).join(": ")}.`);
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

/** Words of a legend, and their colours. */
function keyOf(item) {
  const swatch = item.querySelector(SWATCHES);
  if (!swatch) return { text: item.innerText.trim(), colour: null };
  const { backgroundColor, color } = getComputedStyle(swatch);
  const text = item.innerText.replace(swatch.textContent, "").trim();
  return { text, colour: swatch.textContent || swatch.dataset.sign ? color : backgroundColor };
}
