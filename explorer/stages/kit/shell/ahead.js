/**
 * The next state of a stage, asked for ahead: a copy of its mode runs out of sight and asks what it will need. The
 * server keeps answers and films, so the mode on screen has them at once when that state comes.
 */

import { readAddress } from "./address.js";
import { createLoader, pictureAndPanel } from "./loader.js";
import { startMode } from "./modes.js";
import { createAsk } from "../ask/ask.js";
import { h } from "../base/dom.js";
import { createFrame, createSay } from "../base/frame.js";
import { createStore, same } from "../base/store.js";
import { pictureOf } from "../image/picture.js";

const [LOOK_MS, STILL] = [100, 8]; // looks without an open question, after which a copy rests

/**
 * Asks what a state needs, and then, one after the other, the values of `moves`. `done` resolves once all is answered, and
 * `end()` ends the copy.
 * @param {Ctx} ctx @param {AheadOf} stage @param {string} search the state, as a query @param {Moves | null} moves
 * @returns {AskedAhead}
 */
export function askAhead(ctx, stage, search, moves) {
  const { fields } = ctx;
  const root = h("div", { class: "asks-ahead", "aria-hidden": "true" });
  root.inert = true;
  document.body.append(root);
  const store = createStore(readAddress(fields, `?${search}`));
  const server = counted(ctx.server);
  const own = copyOf(ctx, stage, { root, store, server: server.functions, search });
  const load = createLoader(own, stage.importMode, placesIn(root));
  /** @type {Mode | null} */
  let mode = null;
  let isOver = false;
  own.refresh = createFrame({ root, store }, [{ update: (changed) => mode?.update?.(changed) }]);
  store.subscribe(null, (changed) => changed.size && own.refresh(...changed));
  stage.extend(own);

  async function begin() {
    const { instance } = await load(store.get().mode);
    if (isOver) return;
    mode = instance;
    startMode(own, mode);
    for (const text of moves?.through ?? []) {
      const value = fields[moves.key]?.read(text);
      if (value === undefined || same(value, store.get()[moves.key])) continue;
      await server.rests(() => isOver);
      if (isOver) return;
      store.commit({ [moves.key]: value });
    }
    await server.rests(() => isOver);
  }

  function end() {
    if (isOver) return;
    isOver = true;
    mode?.leave?.();
    load.forget()();
    root.remove();
  }
  return { done: begin(), end };
}

/** Places of a mode that are part of the page and have no size. @param {HTMLElement} root */
const placesIn = (root) => (/** @type {string} */ id) => {
  const places = pictureAndPanel(id);
  root.append(h("div", { hidden: true }, Object.values(places)));
  return places;
};

/** Server functions that count their open questions; `rests()` resolves once there are none. @param {Server} server */
function counted(server) {
  let open = 0;
  const counting = (/** @type {string} */ name) => async (/** @type {unknown} */ argument) => {
    open += 1;
    try {
      return await server[name](argument);
    } finally {
      open -= 1;
    }
  };
  /** @param {() => boolean} isOver */
  async function rests(isOver) {
    for (let still = 0; still < STILL && !isOver(); still = open ? 0 : still + 1) {
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }
  return { functions: new Proxy(server, { get: (_, name) => counting(String(name)) }), rests };
}

/**
 * The context of a stage for a copy with a state of its own: it reports nothing, and no film of it moves.
 * @param {Ctx} ctx @param {AheadOf} stage
 * @param {{root: HTMLElement, store: Store, server: Server, search: string}} own
 * @returns {Ctx}
 */
function copyOf(ctx, { netOf, columnsOf }, { root, store, server, search }) {
  const say = createSay(h("p"));
  const net = () => netOf(store.get());
  const nothing = () => {};
  const members = {
    ...{ root, store, say, server, net },
    columns: () => columnsOf(net(), store.get()),
    ask: createAsk(server, say, root),
    picture: () => pictureOf(store.get(), net().dataset),
    prefersReducedMotion: () => true,
    ...{ hint: nothing, describe: nothing, again: nothing, sayProblem: nothing, refresh: nothing, arrived: search },
    async images(/** @type {string} */ dataset, /** @type {number | undefined} */ img) {
      const found = await ctx.images(dataset, img);
      copy.refresh("assets");
      return found;
    },
  };
  /** @type {PropertyDescriptorMap} */
  const own = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, { value, writable: true }]));
  const copy = Object.create(ctx, {
    ...own,
    assets: { get: () => ctx.imagesOf(store.get().set ?? net().dataset) },
  });
  return copy;
}
