/** What stands above a stage: a switch of data sets or models, a tab for each mode, and the link to copy. */

import { button, h, setText } from "./dom.js";
import { segmented } from "./parts.js";

const COPIED_MS = 1800;
const FEW = 3; // choices; beside more of them the modes scroll

/**
 * @param {object} store its `mode` is what the tabs show and set
 * @param {{key: string, label: string, choices: [string, string][], modes: {id: string, title: string}[], id: string}}
 * parts the switch shows the store's `key` and calls `onChoose` with a new one; `id` begins the ids of the tabs and
 * names the panel that they control, `${id}-panel`; where `chooses(mode)` is false the switch would do nothing, and is
 * not there
 * @returns {{element: Element, share: Element, update: Function}} `share` has room for more buttons
 */
export function createHeader(store, { key, label, choices, modes, id, onChoose, chooses = () => true }) {
  const choice = segmented(label, choices, (value) => value !== store.get()[key] && onChoose(value));
  const tabs = tabsOf(store, modes, id);
  const share = copyLink();
  const update = (changed, state) => {
    if (![key, "mode", "mount"].some((name) => changed.has(name))) return;
    choice.set(state[key]);
    choice.hidden = !chooses(state.mode);
    tabs.update(state);
  };
  const element = h("div", { class: `header${choices.length > FEW ? " scrolls" : ""}` }, choice, tabs.element, share);
  return { element, share, update };
}

/** A tab list with a roving focus: arrows, Home and End move it, and moving it chooses. */
function tabsOf(store, modes, stage) {
  const items = modes.map(({ id, title }) => {
    const item = h("button", {
      type: "button",
      role: "tab",
      class: "tab",
      id: `${stage}-tab-${id}`,
      "aria-controls": `${stage}-panel`,
    }, title);
    item.addEventListener("click", () => store.set({ mode: id }, { commit: true }));
    return item;
  });
  const element = h("div", { class: "tabs", role: "tablist", "aria-label": "Mode" }, items);
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
      item.tabIndex = chosen ? 0 : -1;
    });
  };
  return { element, update };
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
      setText(item, "Press Ctrl+C");
    }
    setTimeout(() => setText(item, "Copy link"), COPIED_MS);
  }
  return h("div", { class: "share" }, field, item);
}
