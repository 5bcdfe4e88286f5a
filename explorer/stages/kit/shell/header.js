/** The first row of a stage: the mode and what it asks, Tour and Exercises, and the menus. */

import { button, fill, h, presents, select, setText } from "../base/dom.js";
import { recall, remember } from "../base/kept.js";
import { notice } from "../base/notice.js";
import { menu } from "./menu.js";
import { segmented } from "../panel/parts.js";
import { rove } from "../base/rove.js";
import { LESSONS } from "../base/store.js";

const COPIED_MS = 1800;
const [MANY, LONG] = [4, 48]; // choices, and letters in all of them; more are chosen from a list
const CLASSES = { tour: "tab tab-card tab-tour", exercises: "tab tab-card" };

/**
 * The header of a stage; the lists of modes show the store's `mode` and set it. `first` is the line of the mode's name,
 * `hint` the place of words below it, `modes` the place of the entries where the navigation does not have them, and
 * `share` the list of what a visitor may keep.
 * @param {Store} store @param {HeaderParts} parts
 */
export function createHeader(
  store,
  {
    key,
    label,
    choices,
    modes,
    id,
    title,
    question,
    hasStory,
    onChoose,
    open,
    answers = () => true,
    chooses = () => true,
  },
) {
  let choice = choiceOf(store, { key, label, choices, onChoose });
  const isCard = (mode) => LESSONS.includes(mode.id); // they stand beside the title
  const entries = entriesOf(modes.filter((mode) => !isCard(mode)));
  const cards = listOf(open, entriesOf(modes.filter(isCard)), id, "Lessons");
  const others = listOf(open, entries, id, "Mode", { answers });
  const within = entries.filter((entry) => entry.modes.length > 1).map((entry) => withinOf(open, entry, id));
  const home = h("div", { class: "modes" }, others.element);
  globalThis.takeModes?.(id, others.element, home);
  const name = h("span", { class: "mode-title" });
  const share = menu("Share", ...shared());
  const hint = h("span");
  const lead = h("p", { class: "lead" }, hint);
  const h1 = h("h1", {}, name, h("span", { class: "quiet" }, h("span", { class: "between" }, " · "), title));
  const first = h("div", { class: "title" }, h1, within.map(({ element }) => element));
  const heading = h("div", { class: "heading" }, first, h("p", { class: "question" }, question), lead);
  const spoken = languages();
  const view = menu("View", present(), room(), replay(), ...opener(), theme(), singleKeys(), ...spoken.items);
  const menus = rove(h("div", { class: "menus" }, share, view));
  const told = hasStory && button("In 60 seconds", () => globalThis.explorerStory(id), { kind: "to-story" });
  const actions = h("div", { class: "actions" }, told, cards.element, menus);
  globalThis.takeMenus?.(id, menus, actions);
  const update = (changed, state) => {
    if (![key, "mode", "mount"].some((each) => changed.has(each))) return;
    const offered = choices.map(([each]) => each).filter((each) => chooses(state.mode, each));
    choice.offer(offered);
    choice.set(state[key]);
    choice.hidden = !offered.length;
    const mode = modes.find((mode) => mode.id === state.mode);
    setText(name, mode.title);
    for (const list of [cards, others, ...within]) list.update(state);
    spoken.update(id, state.mode);
  };
  const addChoice = (name, title) => {
    choices.push([name, title]);
    const next = choiceOf(store, { key, label, choices, onChoose });
    choice.replaceWith(next);
    choice = next;
    update(new Set([key]), store.get());
  };
  const element = rove(h("div", { class: "header" }, heading, actions));
  return { element, first, hint, modes: home, choice, share: share.list, addChoice, update };
}

/**
 * The switch between the choices: buttons side by side where there are few.
 * @param {Store} store @param {Pick<HeaderParts, "key" | "label" | "choices" | "onChoose">} parts
 */
function choiceOf(store, { key, label, choices, onChoose }) {
  const choose = (value) => value !== store.get()[key] && onChoose(value);
  const isLong = choices.length > MANY || choices.map(([, title]) => title).join("").length > LONG;
  const element = isLong ? listed(label, choices, choose) : segmented(label, choices, choose);
  element.classList.add("on-stage");
  return element;
}

/**
 * The entries of the navigation, in order: each mode is one, but for those that share one.
 * @param {ModeTitle[]} modes @returns {ModeEntry[]}
 */
function entriesOf(modes) {
  const entries = new Map();
  for (const mode of modes) {
    const { id, title, group, entry } = mode;
    const key = entry ?? id;
    if (!entries.has(key)) {
      const name = entry ? { id: `entry-${id}`, title: entry } : { id: `tab-${id}`, title };
      entries.set(key, { ...name, group, modes: [] });
    }
    entries.get(key).modes.push(mode);
  }
  return [...entries.values()];
}

/**
 * The choice among the modes of one entry, beside its name while one of them is on the stage.
 * @param {(mode: string) => void} open @param {ModeEntry} entry @param {string} stage
 */
function withinOf(open, { title, modes }, stage) {
  const alone = modes.map((mode) => ({ id: `tab-${mode.id}`, title: mode.title, modes: [mode] }));
  const { element, update } = listOf(open, alone, stage, title, { reach: toTheLeft });
  element.classList.add("within");
  return {
    element,
    update(state) {
      element.hidden = !modes.some(({ id }) => id === state.mode);
      update(state);
    },
  };
}

/** Choices as a list that opens. */
function listed(label, choices, choose) {
  const element = select(label, choices, choices[0][0], choose);
  element.classList.add("choice-list");
  const offer = (names) =>
    fill(
      element.input,
      choices.filter(([name]) => names.includes(name)).map(([value, text]) => h("option", { value }, text)),
    );
  return Object.assign(element, { offer, set: (name) => (element.input.value = name) });
}

/**
 * A list of entries; moving the focus in it chooses. An entry opens the mode of it that was on the stage last, or the
 * first one that is answered if that one is not; `reach(item)` brings the chosen one into sight.
 * @param {(mode: string) => void} open @param {ModeEntry[]} entries @param {string} stage @param {string} label
 * @param {{reach?: (item: HTMLElement) => unknown, answers?: (mode: string) => boolean}} how
 */
function listOf(open, entries, stage, label, { reach = intoSight, answers = () => true } = {}) {
  const last = new Map(entries.map((entry) => [entry, entry.modes[0].id]));
  const items = entries.map((entry) => {
    const { id, title, group, modes: [{ id: first }] } = entry;
    const item = h("button", {
      type: "button",
      role: "tab",
      class: CLASSES[first] ?? "tab",
      id: `${stage}-${id}`,
      "aria-controls": `${stage}-panel`,
      "aria-describedby": group && `${stage}-group-${group}`,
    }, title);
    item.addEventListener("click", () => {
      const wanted = [last.get(entry), ...entry.modes.map(({ id }) => id)];
      open(wanted.find(answers) ?? wanted[0]);
    });
    return item;
  });
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": label }, grouped(entries, items, stage));
  const element = rove(tabs);
  element.hidden = !items.length;
  const holds = ({ modes }, mode) => modes.some(({ id }) => id === mode);
  const update = ({ mode }) => {
    items.forEach((item, i) => {
      const chosen = holds(entries[i], mode);
      const another = chosen && item.getAttribute("aria-selected") !== "true";
      item.setAttribute("aria-selected", String(chosen));
      if (chosen) last.set(entries[i], mode);
      if (another) reach(item);
    });
  };
  return { element, update };
}

/** Scrolls the list alone, in which the choice before this one stays in sight. */
const toTheLeft = ({ parentElement, previousSibling }) => (parentElement.scrollLeft = previousSibling?.offsetLeft ?? 0);

const intoSight = (item) => item.scrollIntoView({ block: "nearest", inline: "nearest" });

/** The tabs, those of a group side by side; its name describes each to a screen reader. They stay one list. */
function grouped(entries, items, stage) {
  const places = new Map();
  entries.forEach(({ group }, i) => {
    if (!places.has(group)) places.set(group, []);
    places.get(group).push(items[i]);
  });
  return [...places].map(([group, tabs]) => {
    if (!group) return tabs;
    const name = h("span", { id: `${stage}-group-${group}`, hidden: true }, group);
    return h("div", { class: "tab-group" }, name, tabs);
  }).flat();
}

/** The list of a menu that an item is in. @param {HTMLElement} item @returns {MenuList} */
const listOfItem = (item) => /** @type {MenuList} */ (item.parentElement);

/** A network of the visitor's own, where the server takes any. */
function opener() {
  const item = button("Open a network…", () => globalThis.explorerOpen().then(() => listOfItem(item).close()));
  return globalThis.explorerOpens ? [item] : [];
}

/** Large type, and nothing but the picture, one control, one number and one sentence, in whatever tab. */
function present() {
  const item = button("Present", () => globalThis.explorerPresent?.(), {
    title: "Large type, the picture and its main control alone. Key P",
  });
  const tell = () => item.setAttribute("aria-pressed", String(presents()));
  document.addEventListener("explorer-present", tell);
  tell();
  return item;
}

/** A room in which students vote on their phones. */
function room() {
  const item = button("Open a room", () => {
    globalThis.explorerClass().catch(({ message }) => notice(message));
    listOfItem(item).close();
  }, { title: "Students predict and vote on their phones" });
  return item;
}

/** The log of a class, for whoever was absent. */
function replay() {
  const item = button("Replay a class…", () => {
    globalThis.explorerReplay().catch(({ message }) => notice(message));
    listOfItem(item).close();
  }, { title: "Opens the log of a class from a file" });
  return item;
}

globalThis.explorerKeys = () => recall("single keys") !== false;

/** The switch of the keys that act alone, which a voice or a hand may press by accident. */
function singleKeys() {
  const item = button("", () => {
    remember("single keys", !globalThis.explorerKeys());
    tell();
  }, { title: "P presents; B or . makes the screen black, W white" });
  const tell = () => setText(item, globalThis.explorerKeys() ? "Switch single keys off" : "Switch single keys on");
  tell();
  return item;
}

/** The button of the other theme; it loads the page again with the same state. */
function theme() {
  const isDark = document.body.classList.contains("dark");
  return button(isDark ? "Light theme" : "Dark theme", () => {
    const address = new URL(globalThis.explorerAddress.href);
    address.searchParams.set("__theme", isDark ? "light" : "dark");
    location.assign(address);
  });
}

/**
 * The page's other languages, each with what it covers; it is offered there alone. A choice loads the page again with the
 * same state.
 */
function languages() {
  const others = Object.entries(globalThis.explorerLanguages ?? {}).filter(([code]) =>
    code !== globalThis.explorerLanguage
  );
  const made = others.map(([code, { title, about }]) => {
    const item = button("", () => {
      const address = new URL(globalThis.explorerAddress.href);
      address.searchParams.set("__lang", code);
      location.assign(address);
    });
    item.append(title, about && h("span", { class: "quiet" }, ` (${about})`));
    item.lang = code;
    return { code, item };
  });
  const update = (/** @type {string} */ tab, /** @type {string} */ mode) => {
    for (const { code, item } of made) item.hidden = !globalThis.explorerCovers(code, `?tab=${tab}&mode=${mode}`);
  };
  return { items: made.map(({ item }) => item), update };
}

/** Actions for a link: copy it; where the clipboard is out of reach, see it selected; add it to a course. */
function shared() {
  const field = h("input", { class: "address", readonly: true, "aria-label": "Link to this view", hidden: true });
  const item = button("Copy link", copy, { title: "A link that opens exactly this view" });
  async function copy() {
    try {
      await navigator.clipboard.writeText(globalThis.explorerAddress.href);
      setText(item, "Copied");
    } catch {
      field.value = globalThis.explorerAddress.href;
      field.hidden = false;
      field.focus();
      field.select();
      setText(item, "Selected: copy it");
    }
    setTimeout(() => setText(item, "Copy link"), COPIED_MS);
  }
  const embed = button("Embed", () => {
    globalThis.explorerEmbed().catch(({ message }) => notice(message));
    listOfItem(embed).close();
  }, { title: "HTML that shows this view in another page" });
  return [item, field, embed, button("Add to my course", () => globalThis.explorerCollect())];
}
