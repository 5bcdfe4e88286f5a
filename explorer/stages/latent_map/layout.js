/** The stage's frame: header, map, β, side panel. Modes fill the panel; nothing here knows what they do. */

import { button, fill, h, setText } from "../shared/dom.js";
import { MODES } from "./fields.js";

const COPIED_MS = 1800;

/** Builds the elements once and returns them by name; `update` keeps tabs and switch in step with the store. */
export function buildLayout(root, store, datasets) {
  const base = h("canvas", { class: "base", "aria-hidden": "true" });
  const overlay = h("canvas", { class: "overlay", tabindex: 0, role: "application", "aria-roledescription": "map", "aria-label": "Latent map" });
  const [zoomIn, zoomOut, zoomFit] = [tool("+", "Zoom in"), tool("−", "Zoom out"), tool("⤢", "Show everything")];
  const map = h("div", { class: "map" }, base, overlay, h("div", { class: "tools" }, zoomIn, zoomOut, zoomFit));
  const parts = {
    base,
    overlay,
    map,
    zoomIn,
    zoomOut,
    zoomFit,
    legend: h("div", { class: "legend" }),
    beta: h("div", { class: "beta" }),
    hint: h("p", { class: "hint" }),
    panel: h("div", { class: "panel", role: "tabpanel", id: "latent-map-panel", tabindex: 0 }),
    curve: h("div", { class: "curve" }),
    status: h("p", { class: "status", role: "status", "aria-live": "polite" }),
    spoken: h("p", { class: "spoken", "aria-live": "polite" }),
  };
  const choice = switchOf(store, datasets);
  const tabs = tabsOf(store);
  const share = copyLink();
  const header = h("div", { class: "header" }, choice.element, tabs.element, share);
  const column = h("div", { class: "column" }, map, parts.legend, parts.beta);
  const side = h("div", { class: "side" }, parts.hint, parts.panel, parts.curve);
  fill(root, header, h("div", { class: "body" }, column, side), parts.status, parts.spoken);
  const setHint = (text) => setText(parts.hint, text);
  const update = (changed, state) => {
    if (!["data", "mode", "mount"].some((key) => changed.has(key))) return;
    choice.update(state);
    tabs.update(state);
    parts.panel.setAttribute("aria-labelledby", `latent-map-tab-${state.mode}`);
  };
  return { ...parts, share, setHint, update };
}

function tool(symbol, label) {
  const element = button(symbol, () => {}, { title: label, kind: "tool" });
  element.setAttribute("aria-label", label);
  return element;
}

function switchOf(store, datasets) {
  /** The indices of one data set's images mean nothing in the other. */
  const choose = (data) => data !== store.get().data && store.set({ data, a: null, b: null, img: null }, { commit: true });
  const buttons = Object.entries(datasets).map(([name, { title }]) => [
    name,
    button(title, () => choose(name), { kind: "segment", pressed: false }),
  ]);
  const element = h("div", { class: "segments", role: "group", "aria-label": "Data set" }, buttons.map(([, item]) => item));
  const update = ({ data }) => buttons.forEach(([name, item]) => item.setAttribute("aria-pressed", String(name === data)));
  return { element, update };
}

/** A tab list with a roving focus: arrows, Home and End move it, and moving it chooses. */
function tabsOf(store) {
  const items = MODES.map(({ id, title }) => {
    const item = h("button", { type: "button", role: "tab", class: "tab", id: `latent-map-tab-${id}`, "aria-controls": "latent-map-panel" }, title);
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
      const chosen = MODES[i].id === mode;
      if (chosen && item.getAttribute("aria-selected") !== "true") item.scrollIntoView({ block: "nearest", inline: "nearest" });
      item.setAttribute("aria-selected", String(chosen));
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
      field.select();
      setText(item, "Press Ctrl+C");
    }
    setTimeout(() => setText(item, "Copy link"), COPIED_MS);
  }
  return h("div", { class: "share" }, field, item);
}
