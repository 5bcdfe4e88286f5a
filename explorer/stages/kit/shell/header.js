/** What stands above a stage: a switch of data sets or models, a tab for each mode, and the link to copy. */

import { button, fill, h, select, setText } from "./dom.js";
import { segmented } from "./parts.js";

const COPIED_MS = 1800;
const FEW = 3; // choices; beside more of them the modes scroll
const MANY = 4; // and more of them are chosen from a list
const MODES = 7; // more of them scroll beside any choice
const CARDS = ["tour", "exercises"]; // which stay in sight where the other modes scroll

/**
 * @param {object} store its `mode` is what the tabs show and set
 * @param {{key: string, label: string, choices: [string, string][], modes: {id: string, title: string}[], id: string}}
 * parts the switch shows the store's `key` and calls `onChoose` with a new one; `id` begins the ids of the tabs and
 * names the panel that they control, `${id}-panel`; a choice for which `chooses(mode, choice)` is false would do nothing
 * there, and is not offered
 * @returns {{element: Element, share: Element, update: Function}} `share` has room for more buttons
 */
export function createHeader(store, { key, label, choices, modes, id, onChoose, chooses = () => true }) {
  const choose = (value) => value !== store.get()[key] && onChoose(value);
  const choice = choices.length > MANY ? listed(label, choices, choose) : segmented(label, choices, choose);
  const tabs = tabsOf(store, modes, id);
  const share = copyLink();
  const find = button("Find", () => globalThis.explorerFind(), { title: "Find a tab, a mode, a term (Ctrl K)" });
  share.append(h("div", { class: "page-tools" }, find, collector(), projector()));
  const update = (changed, state) => {
    if (![key, "mode", "mount"].some((name) => changed.has(name))) return;
    const offered = choices.map(([name]) => name).filter((name) => chooses(state.mode, name));
    choice.offer(offered);
    choice.set(state[key]);
    choice.hidden = !offered.length;
    tabs.update(state);
  };
  const element = h(
    "div",
    { class: `header${choices.length > FEW || modes.length > MODES ? " scrolls" : ""}` },
    choice,
    tabs.element,
    share,
  );
  return { element, share, update };
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
 * A tab list with a roving focus: arrows, Home and End move it, and moving it chooses. While a card is chosen the first
 * tab of the others takes the focus, too, so that the row can be scrolled by keys.
 */
function tabsOf(store, modes, stage) {
  const items = modes.map(({ id, title, group }) => {
    const item = h("button", {
      type: "button",
      role: "tab",
      class: id === "tour" ? "tab tab-card tab-tour" : CARDS.includes(id) ? "tab tab-card" : "tab",
      id: `${stage}-tab-${id}`,
      "aria-controls": `${stage}-panel`,
      "aria-describedby": group && `${stage}-group-${group}`,
    }, title);
    item.addEventListener("click", () => store.set({ mode: id }, { commit: true }));
    return item;
  });
  const cards = items.filter((_, i) => CARDS.includes(modes[i].id));
  const row = h("div", { class: "tab-row" }, grouped(modes.slice(cards.length), items.slice(cards.length), stage));
  row.addEventListener("scroll", () => row.style.setProperty("--before", `${row.scrollLeft}px`));
  const element = h("div", { class: "tabs", role: "tablist", "aria-label": "Mode" }, cards, row);
  element.addEventListener("keydown", (event) => {
    const at = items.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    const target = items[(to + items.length) % items.length];
    target.focus();
    target.click();
    event.preventDefault();
  });
  const update = ({ mode }) => {
    items.forEach((item, i) => {
      const chosen = modes[i].id === mode;
      const another = chosen && item.getAttribute("aria-selected") !== "true";
      item.setAttribute("aria-selected", String(chosen));
      if (another) item.scrollIntoView({ block: "nearest", inline: "nearest" });
      item.tabIndex = chosen || (item === items[cards.length] && CARDS.includes(mode)) ? 0 : -1;
    });
  };
  return { element, update };
}

/** Takes the state into a course of the visitor's own. */
function collector() {
  const item = button("+", () => globalThis.explorerCollect(), { title: "Add this state to my course" });
  item.setAttribute("aria-label", "Add this state to my course");
  return item;
}

/** The tabs, those of a group under its name; to keys and screen readers they stay one list. */
function grouped(modes, items, stage) {
  const places = new Map();
  modes.forEach(({ group }, i) => {
    if (!places.has(group)) places.set(group, []);
    places.get(group).push(items[i]);
  });
  return [...places].map(([group, tabs]) => {
    if (!group) return tabs;
    const name = h("span", { class: "tab-group-name", id: `${stage}-group-${group}`, "aria-hidden": "true" }, group);
    return h("div", { class: "tab-group" }, name, tabs);
  }).flat();
}

/** Large type and nothing but the stage, for a projector; the address says so, in whatever tab. */
function projector() {
  const root = document.documentElement;
  const tell = () => item.setAttribute("aria-pressed", String(root.classList.contains("projector")));
  const item = button("Aa", () => {
    const address = new URL(location.href);
    if (root.classList.toggle("projector")) address.searchParams.set("__type", "projector");
    else address.searchParams.delete("__type");
    history.replaceState(history.state, "", address);
    tell();
  }, { title: "Large type, for a projector" });
  item.setAttribute("aria-label", "Large type, for a projector");
  tell();
  return item;
}

/** Copies the address; where the clipboard is out of reach, shows it selected instead. */
function copyLink() {
  const field = h("input", { class: "address", readonly: true, "aria-label": "Link to this view", hidden: true });
  const item = button("Copy link", copy, { title: "A link that opens exactly this view" });
  async function copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      setText(item, "Copied");
    } catch {
      field.value = location.href;
      field.hidden = false;
      field.focus();
      field.select();
      setText(item, "Selected: copy it");
    }
    setTimeout(() => setText(item, "Copy link"), COPIED_MS);
  }
  return h("div", { class: "share" }, field, item);
}
