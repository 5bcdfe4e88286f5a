/** Downloads: the picture on screen as a PNG, its numbers as a CSV, its film as a GIF, and its network as a zip. */

import { button, fill, h, setText } from "../base/dom.js";
import { createProgress } from "../ask/wait.js";
import { whileBusy } from "../panel/parts.js";

const LOOK_MS = 300;
const WAITS = "waits for the film";
const COPIED_MS = 1800;
const UNWRITTEN = "The server did not write the cell. Try again in a moment.";
const UNDRAWN = "This browser could not draw the picture.";
const OPENED = /-open-[0-9a-f]+$/; // name of a network of the visitor's own
const [NETWORK, NETWORKS, TRAINS] = ["Network", "Trained networks", "trains them again"];
const UNREAD = "Nothing was saved: the script for it could not be loaded. Perhaps the line is down.";

const films = new WeakMap(); // by their elements
export const offerFilm = (element, film) => films.set(element, film);

/** Leaves the films in an element. */
export const leaveFilms = (element) => element.querySelectorAll(".film").forEach((each) => films.get(each)?.leave());

/**
 * `modeOf()` is the mode on screen. Its picture is the stage, and what is drawn in the elements `alongside()`; `sharply(work)`
 * does the work while canvases are finer. Its `setting` is named in every picture, although the address omits it at its
 * usual value. `subject` is the key that names its subject in place of the network, or null. Its `table()` is called on
 * request. `hasResult(what)` says, without computing it, whether there is a "picture" or a "table"; without this method
 * there is one.
 */
export function createKeep(ctx, layout, modeOf) {
  const named = (label, title, work) => {
    const element = button(label, () => whileBusy(element, () => orSay(work)), { title });
    return element;
  };
  const picture = named("PNG", "Save this picture", (saving) => saving.savePicture());
  const table = named("CSV", "Save the numbers of this picture as a table", (saving) => saving.saveNumbers());
  const filmed = (label, title, work) => {
    const item = named(label, title, (saving) => {
      let progress = createProgress();
      return work(saving, {
        onWait() {
          progress = createProgress();
          setText(item, WAITS);
        },
        onProgress: (done, total) =>
          setText(item, [`${done}/${total}`, progress.words(done / total)].filter(Boolean).join(", ")),
      });
    });
    item.hidden = true;
    return item;
  };
  const gif = filmed("GIF", "Save this film as an animated GIF", (saving, how) => saving.saveGif(how));
  const webm = filmed("WebM", "Save this film as a WebM video", (saving, how) => saving.saveWebm(how));
  const cell = createCell(ctx, modeOf);
  const network = createNetwork(ctx, modeOf);
  layout.share.prepend(
    h("p", { class: "menu-name" }, "Download"),
    ...[picture, table, gif, webm, network.item, network.choice],
    h("p", { class: "menu-name" }, "Link and code"),
    ...[cell.item, cell.field],
  );

  const filmOf = () => films.get([...ctx.root.querySelectorAll(".film")].find(({ clientWidth }) => clientWidth));

  /** Does the work by a script that comes on demand, or says why it cannot: no picture is better than a wrong one. */
  async function orSay(work) {
    let words = UNREAD;
    try {
      const { createSaving } = await import("./keep.js");
      words = UNDRAWN;
      if (await work(createSaving(ctx, layout, modeOf, filmOf))) layout.share.close();
    } catch (error) {
      console.warn(error);
      ctx.say(words);
    }
  }

  function look() {
    timer = null;
    if (ctx.root.clientWidth === 0) return;
    const mode = modeOf();
    if (!picture.hasAttribute("aria-busy")) picture.disabled = !has(mode, "picture");
    if (!table.hasAttribute("aria-busy")) table.disabled = !mode.table || !has(mode, "table");
    const film = filmOf();
    network.look();
    cell.item.disabled = !mode.questions?.().length;
    gif.hidden = !film;
    webm.hidden = !film || !("MediaRecorder" in globalThis);
    const busy = [gif, webm].some((each) => each.hasAttribute("aria-busy"));
    for (const each of [gif, webm]) if (!each.hasAttribute("aria-busy")) each.disabled = busy || !film?.steps.length;
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

/** Saves the network on screen; where there are several, one of them is chosen first. */
function createNetwork({ server, say, net, value }, modeOf) {
  const choice = h("select", { class: "menu-choice", "aria-label": "Network to download", hidden: true });
  const item = button(NETWORK, () => whileBusy(item, save), {
    title: "Save weights, recipe, card and a script that draws with it, as a zip",
  });
  const asked = () => modeOf().questions?.() ?? [];
  const isKnown = (name) => OPENED.test(name) || (value().along?.includes(name) ?? true);
  const namesOf = ({ argument }) => (argument?.nets ?? [argument?.net]).filter((name) => name && isKnown(name));
  /** The networks of the questions on screen; that of the stage where the browser alone computes. */
  const shown = () => {
    const questions = asked();
    if (questions.length) return [...new Set(questions.flatMap(namesOf))];
    return value().along && isKnown(net().name) ? [net().name] : [];
  };

  async function save() {
    const { saveNetwork, saveTrained } = await import("./along.js");
    const mode = modeOf();
    if (mode.along) {
      const problem = await saveTrained(mode, (left) => setText(item, `${TRAINS}, ${Math.ceil(left)} s`));
      setText(item, NETWORKS);
      return problem && say(problem);
    }
    const question = asked().find((each) => namesOf(each).includes(choice.value)) ?? null;
    const problem = await saveNetwork(server, choice.value, question);
    if (problem) say(problem);
  }

  function look() {
    const trains = Boolean(modeOf().along);
    const names = trains ? [] : shown();
    if (!item.hasAttribute("aria-busy")) setText(item, trains ? NETWORKS : NETWORK);
    item.hidden = !trains && !names.length;
    item.disabled = trains && !has(modeOf(), "table");
    choice.hidden = names.length < 2;
    if ([...choice.options].map((option) => option.value).join() === names.join()) return;
    const { value: before } = choice;
    fill(choice, names.map((name) => h("option", { value: name }, name)));
    if (names.includes(before)) choice.value = before;
  }
  return { item, choice, look };
}

/** Copies what is on screen as a cell of Python; where the clipboard is out of reach, the cell is there to be copied. */
function createCell({ server, say }, modeOf) {
  const field = h("textarea", {
    class: "address",
    readonly: true,
    rows: 6,
    "aria-label": "This as Python",
    hidden: true,
  });
  const item = button("Python", async () => tell(await whileBusy(item, write)), {
    title: "Copy a cell for a notebook that makes the same numbers",
  });

  async function write() {
    const { cell, error } = (await server.python_cell({ asked: modeOf().questions() })) ?? { error: UNWRITTEN };
    if (error) return say(error);
    field.value = cell;
    try {
      await navigator.clipboard.writeText(cell);
      return "Copied";
    } catch {
      field.hidden = false;
      field.select();
      return "Selected: copy it";
    }
  }

  /** @param {string | void} words */
  function tell(words) {
    if (!words) return;
    setText(item, words);
    setTimeout(() => setText(item, "Python"), COPIED_MS);
  }
  return { item, field };
}

const has = (mode, what) => mode.hasResult?.(what) ?? true;
