/**
 * Try this: cards that set the state to something worth seeing. A card has a part of the picture that it led to when it
 * was recorded, or the test image that it chooses.
 */

import { button, h, setText } from "../base/dom.js";
import { atEnd } from "../base/live.js";
import { KEPT } from "../shell/hosting.js";
import { createMore } from "../panel/more.js";
import { drawImage } from "../image/pixels.js";
import { rove } from "../base/rove.js";

const AT_FIRST = 2; // of them are in sight, the others come with *more*
const OWN = new Set([...KEPT, "points"]); // what the visitor has painted stays

/**
 * Last choice, by the store: its patch, and the state that it led to.
 * @type {WeakMap<Store, {patch: Partial<State>, state: State}>}
 */
const chosen = new WeakMap();

/**
 * `entries` is a list of [words, patch of the store], by default those of the mode in the stage's value. A patch that
 * chooses a test image names its data set too. A key that the patch omits is as at first, so a button leads to the same
 * state from any other. The button is pressed until one of these keys changes. A third part of an entry is shown while
 * its button is pressed.
 * @param {Ctx} ctx @param {[string, Partial<State>, string?][]} entries
 */
export function createTries(ctx, entries = ctx.value().tries?.[ctx.entered] ?? [], title = "Try this") {
  if (!entries.length) return null;
  const { store } = ctx;
  const { sheet, pictures } = picturesOf(ctx);
  const note = h("p", { class: "quiet", role: "status" });
  const buttons = entries.map(([words, patch, promise = ""]) => {
    const element = button(words, () => choose(patch), { pressed: false });
    const set = patch.set ?? patch.data ?? ctx.value().nets?.[patch.net]?.dataset;
    if (set && Number.isInteger(patch.img)) addImage(ctx, element, set, patch.img);
    else if (words in pictures) addPicture(element, `${ctx.base}${sheet}`, ...pictures[words]);
    return { element, patch, promise };
  });

  /** The mode on screen begins as when it is opened, which may choose a network or a picture of its own. */
  function choose(patch) {
    store.set({ ...initialOf(ctx.fields), ...patch });
    ctx.root.explorer.mode().enter?.();
    chosen.set(store, { patch, state: store.get() });
    store.commit({});
  }

  function press() {
    const last = JSON.stringify(chosen.get(store)?.patch);
    const isLast = ({ patch }) => JSON.stringify(patch) === last;
    for (const each of buttons) each.element.setAttribute("aria-pressed", String(isLast(each)));
    setText(note, buttons.find(isLast)?.promise ?? "");
  }

  const unsubscribe = store.subscribe(null, (changed, { state }) => {
    const last = chosen.get(store)?.state;
    const isPlayed = (key) => key === "at" || key === ctx.root.explorer.mode().placed; // a film that plays moves on
    const moved = (key) => !isPlayed(key) && JSON.stringify(state[key]) !== JSON.stringify(last[key]);
    if (last && [...changed].some(moved)) chosen.delete(store);
    press();
  });
  atEnd(unsubscribe);
  press();
  const rare = buttons.slice(AT_FIRST).map(({ element }) => element);
  const show = (isOpen) => rare.forEach((element) => (element.hidden = !isOpen));
  const more = rare.length > 0 && createMore("controls", ["more presets", "fewer presets"], show);
  return h(
    "div",
    { class: "tries" },
    h("h2", {}, title),
    rove(h("div", { class: "row" }, buttons.map(({ element }) => element), more)),
    note,
  );
}

/** First value of every field, but for those that the visitor painted and those of a card's own. */
const initialOf = (fields) =>
  Object.fromEntries(
    Object.entries(fields).filter(([key]) => !OWN.has(key)).map(([key, { initial }]) => [key, initial]),
  );

/** The sheet of the tab's recorded pictures, and the place and the ground of each by its words. */
function picturesOf(ctx) {
  const { sheet, pictures } = ctx.value().preset_pictures;
  return { sheet, pictures: pictures[ctx.entered] ?? {} };
}

function whenSeen(element, work) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    work();
  });
  observer.observe(element);
}

/** A recorded picture; its place is there before the sheet is. */
function addPicture(element, url, place, isLight) {
  const picture = h("span", { class: "try-picture", "aria-hidden": "true" });
  picture.classList.toggle("light", isLight);
  picture.style.backgroundPositionY = `calc(var(--side) * ${-place})`;
  whenSeen(element, () => (picture.style.backgroundImage = `url("${url}")`));
  element.classList.add("pictured");
  element.prepend(picture);
}

/** The test image that a card chooses; its place is there before it is. */
function addImage(ctx, element, set, img) {
  const canvas = h("canvas", { class: "try-picture", "aria-hidden": "true" });
  element.classList.add("pictured");
  element.prepend(canvas);
  whenSeen(element, async () => {
    const images = await ctx.images(set, img);
    if (images?.has(img)) drawImage(canvas, images.sprite(img));
    else canvas.remove();
  });
}
