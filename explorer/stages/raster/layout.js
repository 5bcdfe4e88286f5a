/** The stage's frame: header, picture, side panel. Modes fill picture and panel; nothing here knows what they do. */

import { fill, h, setText } from "../shared/dom.js";
import { createHeader } from "../shared/header.js";
import { MODES } from "./fields.js";

const ID = "raster";

/** Builds the elements once and returns them by name; `update` keeps tabs and switch in step with the store. */
export function buildLayout(root, store, nets) {
  const parts = {
    main: h("div", { class: "main" }),
    hint: h("p", { class: "hint" }),
    panel: h("div", { class: "panel", role: "tabpanel", id: `${ID}-panel`, tabindex: 0 }),
    status: h("p", { class: "status", role: "status", "aria-live": "polite" }),
    spoken: h("p", { class: "spoken", "aria-live": "polite" }),
  };
  const header = createHeader(store, {
    id: ID,
    key: "net",
    label: "Network",
    choices: Object.entries(nets).map(([name, { title }]) => [name, title]),
    modes: MODES,
    onChoose: (net) => store.set({ net, pixel: null }, { commit: true }),
  });
  root.classList.add("framed");
  const side = h("div", { class: "side" }, parts.hint, parts.panel);
  fill(root, header.element, h("div", { class: "body" }, parts.main, side), parts.status, parts.spoken);
  const setHint = (text) => setText(parts.hint, text);
  const update = (changed, state) => {
    header.update(changed, state);
    if (changed.has("mode") || changed.has("mount")) parts.panel.setAttribute("aria-labelledby", `${ID}-tab-${state.mode}`);
  };
  return { ...parts, share: header.share, setHint, update };
}
