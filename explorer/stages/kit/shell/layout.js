/** A stage's frame: header, picture, side panel. Modes fill picture and panel; nothing here knows what they do. */

import { fill, h, setText } from "../base/dom.js";
import { createHeader } from "./header.js";
import { createMechanism } from "./mechanism.js";
import { takeRoom } from "./room.js";
import { keepWhole } from "./whole.js";
import { rove } from "../base/rove.js";

/**
 * Builds the elements once and returns them by name; `update` keeps tabs and switch in step with the store.
 *
 * `id`, `title`, `question` and `story` are the tab's, `modes` its modes, `mechanism` the parts of its picture. `key` is the
 * choice beside it (mostly the network), `label` its name, and `onNet` a further change of the store with it.
 * `open(mode)` opens a mode by hand, and `answers(mode)` says whether it is answered then. `chooses(mode, choice)` says
 * whether a choice has an effect there. `look(part)` opens the network of a part, unless it is null.
 * @param {HTMLElement} root @param {Store} store @param {Record<string, {title: string}>} choices
 * @param {Omit<HeaderParts, "choices" | "onChoose" | "hasStory"> & {story: boolean, mechanism: MechanismPart[], onNet?:
 * Partial<State>, look: ((part: MechanismPart) => void) | null}} stage
 */
export function buildLayout(
  root,
  store,
  choices,
  { id, title, question, story, modes, mechanism, key, label, onNet, open, answers, chooses, look },
) {
  const parts = {
    main: h("div", { class: "main", "data-picture": true, role: "group", "aria-label": "Picture" }),
    panel: h("div", { class: "panel", role: "tabpanel", id: `${id}-panel`, tabindex: -1 }),
    status: h("p", { class: "status" }),
    spoken: h("p", { class: "spoken", "aria-live": "polite" }),
  };
  const header = createHeader(store, {
    id,
    title,
    question,
    hasStory: story,
    key,
    label,
    choices: Object.entries(choices).map(([name, { title }]) => /** @type {[string, string]} */ ([name, title])),
    modes,
    open,
    answers,
    chooses,
    onChoose: (chosen) => store.commit({ [key]: chosen, ...onNet }),
  });
  const picture = createMechanism(open, mechanism, look);
  root.classList.add("framed");
  const side = h("div", { class: "side" }, parts.panel);
  fill(
    root,
    header.element,
    header.modes,
    rove(h("div", { class: "above" }, picture.element, header.choice)),
    h("div", { class: "body" }, parts.main, side),
    parts.status,
    parts.spoken,
  );
  takeRoom(root, parts.main);
  keepWhole(root, parts.panel);
  const setHint = (text) => setText(header.hint, text);
  const update = (changed, state) => {
    header.update(changed, state);
    if (changed.has("mode") || changed.has("mount")) {
      root.dataset.mode = state.mode;
      parts.panel.setAttribute("aria-labelledby", `${id}-tab-${state.mode}`);
    }
  };
  update(new Set(["mount"]), store.get()); // the first paint is laid out as the later ones
  return {
    ...parts,
    hint: header.hint,
    mechanism: picture,
    first: header.first,
    share: header.share,
    addChoice: header.addChoice,
    setHint,
    update,
  };
}
