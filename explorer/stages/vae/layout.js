/** The stage's frame: header, map, β, side panel. Modes fill the panel; nothing here knows what they do. */

import { button, fill, h, setName, setText } from "../kit/shell/dom.js";
import { createHeader } from "../kit/shell/header.js";
import { createMechanism } from "../kit/shell/mechanism.js";
import { rove } from "../kit/shell/rove.js";

const ID = "vae";

/** The indices of one data set's images mean nothing in the other. */
const OF_ONE_DATA_SET = { a: null, b: null, img: null };

/**
 * Builds the elements once and returns them by name; `update` keeps tabs and switch in step with the store, and
 * `stand(picture)` puts a mode's own picture in the place of the map, or the map back.
 */
export function buildLayout(root, store, datasets, { title, question, modes, mechanism }) {
  const base = h("canvas", { class: "base", "aria-hidden": "true" });
  const overlay = h("canvas", {
    class: "overlay",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "map",
    "aria-label": "Latent map",
  });
  const [zoomIn, zoomOut, zoomFit] = [tool("+", "Zoom in"), tool("−", "Zoom out"), tool("⤢", "Show everything")];
  const advice = h("p", { class: "advice", "aria-hidden": "true" });
  const map = h(
    "div",
    { class: "map" },
    base,
    overlay,
    advice,
    rove(h("div", { class: "tools" }, zoomIn, zoomOut, zoomFit)),
  );
  const parts = {
    base,
    overlay,
    map,
    advice,
    zoomIn,
    zoomOut,
    zoomFit,
    legend: h("div", { class: "legend" }),
    beta: h("div", { class: "beta" }),
    hint: h("p", { class: "hint" }),
    panel: h("div", { class: "panel", role: "tabpanel", id: `${ID}-panel`, tabindex: 0 }),
    status: h("p", { class: "status" }),
    spoken: h("p", { class: "spoken", "aria-live": "polite" }),
  };
  const header = createHeader(store, {
    id: ID,
    title,
    key: "data",
    label: "Data set",
    choices: Object.entries(datasets).map(([name, { title }]) => [name, title]),
    modes,
    onChoose: (data) => store.commit({ data, ...OF_ONE_DATA_SET }),
  });
  const column = h("div", { class: "column", "data-picture": true }, map, parts.legend, parts.beta);
  const main = h("div", { class: "main", "data-picture": true });
  const side = h("div", { class: "side" }, parts.hint, parts.panel);
  const picture = createMechanism(store, mechanism);
  root.classList.add("framed");
  const above = rove(h("div", { class: "above" }, picture.element, header.choice));
  const body = h("div", { class: "body" }, column, side);
  const asked = h("p", { class: "question" }, question);
  fill(root, header.element, header.modes, above, body, parts.status, parts.spoken, asked);
  const stand = (picture) => {
    fill(main, picture);
    for (const name of ["networks", "questions"]) root.classList.toggle(name, Boolean(picture));
    const [place, next] = picture ? [column, main] : [main, column];
    if (place.isConnected) place.replaceWith(next);
  };
  const setHint = (text) => {
    for (const element of [header.lead, parts.hint]) setText(element, text);
  };
  const update = (changed, state) => {
    header.update(changed, state);
    if (changed.has("mode") || changed.has("mount")) {
      parts.panel.setAttribute("aria-labelledby", `${ID}-tab-${state.mode}`);
    }
  };
  return {
    ...parts,
    mechanism: picture,
    first: header.first,
    share: header.share,
    addChoice: header.addChoice,
    stand,
    setHint,
    update,
  };
}

function tool(symbol, label) {
  const element = button(symbol, () => {}, { title: label, kind: "tool" });
  setName(element, label);
  return element;
}
