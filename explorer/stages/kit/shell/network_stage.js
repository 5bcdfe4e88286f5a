/**
 * A stage of networks: builds the layout, the store and the context, loads the modes and draws once a display frame.
 */

import { askAhead } from "./ahead.js";
import { fieldsOf, isSilent, keepAddress, openingFrom, queryOf, readAddress, tidyAddress } from "./address.js";
import { createAsk } from "../ask/ask.js";
import { addCompareLink } from "./compare_link.js";
import { fill, h, isBrowsers, tell } from "../base/dom.js";
import { mindSliders } from "../base/finger.js";
import { comeAlive } from "./glide.js";
import { followInside } from "./inside.js";
import { createFrame, createSay, createSpeaker, takeArrows } from "../base/frame.js";
import { createSets } from "../image/images.js";
import { createKeep, leaveFilms } from "../export/save_buttons.js";
import { buildLayout } from "./layout.js";
import { createLoader, pictureAndPanel } from "./loader.js";
import { createMechanism } from "./mechanism.js";
import { createModes } from "./modes.js";
import { notice } from "../base/notice.js";
import { lostIn, withOpened } from "./opened.js";
import { palette } from "../chart/palette.js";
import { pictureOf } from "../image/picture.js";
import { refusalOf } from "./refused.js";
import { createStore } from "../base/store.js";
import { streaming } from "../ask/stream.js";

/** @type {StageOwn} */
const OF_NETWORKS = {
  key: "net",
  label: "Network",
  choicesOf: ({ nets }) => nets,
  storeOf: createStore,
  columnsOf: ({ column }) => [column],
  placesOf: pictureAndPanel,
  extend: () => ({}),
  asksAhead: true,
};
/** The modes under whose cards the others work. */
const LESSONS = { tour: () => import("../lesson/tour.js"), exercises: () => import("../lesson/exercises.js") };
const TAKES_KEYS = "input, select, textarea, [role=tab]";

/**
 * Mounts a stage whose value is {tab, nets, bundled, tour, fields, modes, mechanism, compared}; once. Where it is not a network that a
 * visitor chooses above the modes, the stage names what is.
 * @param {Mounted} mounted @param {Partial<StageOwn>} own
 */
export function mountNetworks(mounted, own) {
  if (mounted.elsewhere) return mounted.elsewhere(askerOf(mounted, own));
  const { element, props, server, watch, base } = mounted;
  const root = element.querySelector(".stage");
  if (root.explorer) return;
  const { tab, title, question, story, modes, mechanism } = withOpened(props.value, (opened) => take(opened));
  const stage = { ...OF_NETWORKS, ...own, title, question, story, modes, mechanism, id: tab };
  root.classList.add("networks", ...(own.asks ? ["questions"] : []));
  const { key, storeOf, extend } = stage;
  const { choices, fields, netOf } = choicesIn(props, stage);
  const store = storeOf(readAddress(fields, queryOf(tab)), fields);
  const net = () => netOf(store.get());
  /** A lesson gives back what the visitor had, so that no mode opens anew after it. */
  const opening = (mode) => store.get().mode in LESSONS ? { mode } : openingFrom(fields, store.get(), mode, key);
  const refuses = (state, mode) => refusalOf(stage.columnsOf(netOf(state), state), mode);
  const answers = (mode) => refuses({ ...store.get(), ...opening(mode) }, mode) === null;
  /** @type {string | null} */
  let byHand = null; // mode that was last opened in the navigation
  const open = (mode) => {
    byHand = mode;
    const wanted = { ...store.get(), ...opening(mode) };
    const about = key === "net" ? props.value.panels[mode]?.nets ?? [] : [];
    const isOf = (each) => !about.length || about.includes(each);
    const can = (each) => isOf(each) && refuses({ ...wanted, [key]: each }, mode) === null;
    const instead = can(wanted[key]) ? null : nearest(stage.choicesOf(props.value), wanted[key], can);
    store.commit({ ...opening(mode), ...instead && { [key]: instead } });
    if (instead && isOf(wanted[key])) ctx.say(exchanged(netOf(wanted).title, refuses(wanted, mode), net().title));
  };
  const look = fields.inside ? (part) => lookInside(part) : null;
  const layout = buildLayout(root, store, choices, { ...stage, open, answers, look });
  const columns = () => stage.columnsOf(net(), store.get());
  const ctx = createContext({ root, store, fields, server, layout, props, base, net, columns });
  const parts = [];
  /** Says once more what keeps the network from being shown, or that it is open in another page; else nothing. */
  ctx.sayProblem = () => sayProblem(ctx, lostIn(queryOf(tab)));
  ctx.refresh = createFrame(ctx, parts);
  ctx.isByHand = () => byHand === store.get().mode && !(byHand in LESSONS);
  ctx.arrived = queryOf(tab); // the link as it was opened: what nobody understands leaves the address
  const { parts: drawn = [], ...shared } = extend(ctx);
  const { moves } = fields.mode.opening;
  const entered = moves && isSilent(fields, queryOf(tab)) ? () => comeAlive(ctx, moves) : () => {};
  const importMode = importerOf(stage);
  const shown = modesOf(ctx, layout, createLoader(ctx, importMode, (id) => stage.placesOf(id, ctx)), entered);
  ctx.again = shown.again;
  parts.push(layout, shown, createKeep(ctx, layout, shown.current), ...drawn);
  store.subscribe(null, (changed, { commit }) => {
    if (changed.size) ctx.refresh(...changed);
    if (changed.has(key) || changed.has("mode") || (commit && layout.status.dataset.kind === "info")) sayProblem(ctx);
  });
  store.subscribe(["mode"], () => leaveFilms(root)); // what plays writes its place, which is another mode's now
  mindSliders(root);
  root.addEventListener("keydown", (event) => {
    const taken = event.defaultPrevented || event.target.closest(TAKES_KEYS) || event.target.matches("[role=tabpanel]");
    if (!taken && !isBrowsers(event) && shown.current().key?.(event)) event.preventDefault();
  });
  takeArrows(root, (event) => shown.current().key?.(event));
  watch("value", () => ctx.refresh("value"));
  keepAddress(root, store, { tab, fields, modes });
  if (props.value.compared) addCompareLink(layout.first, { store, fields, net }, props.value.compared);
  /** Asks what a state will need; its mode must not be a lesson. */
  const ahead = (search, moves) => {
    if (!stage.asksAhead) return null;
    return askAhead(ctx, { importMode, netOf, columnsOf: stage.columnsOf, extend }, search, moves);
  };
  const take = (opened) => {
    if (opened.tab === tab) {
      fields[key].choices.push(opened.net);
      layout.addChoice(opened.net, opened.title);
    }
    shown.renew();
  };
  const lookInside = followInside(ctx);
  ctx.sayProblem();
  const tidy = () => lostIn(queryOf(tab)) ? ctx.sayProblem() : notice(tidyAddress(tab, fields, store));
  addEventListener("popstate", () => {
    byHand = null;
    tidy();
  });
  tidy();
  ctx.refresh("mount");
  document.querySelector(".first-words")?.remove();
  /* What tests and curious visitors may ask the page: the state, what the modes share, and the mode on screen. */
  root.explorer = { store, fields, mode: shown.current, ahead, read: importMode, ...shared };
}

/**
 * What a visitor chooses among above the modes, the fields with these choices, and the network of a state.
 * @param {Mounted["props"]} props @param {StageOwn} stage
 */
function choicesIn(props, { key, choicesOf }) {
  const choices = choicesOf(props.value);
  const declared = { ...props.value.fields, [key]: { ...props.value.fields[key], choices: Object.keys(choices) } };
  const netOf = (/** @type {State} */ state) => ({ name: state[key], ...choicesOf(props.value)[state[key]] });
  return { choices, fields: fieldsOf(declared), netOf };
}

/**
 * Asks ahead for a stage that is not on the page yet: nothing of it is laid out. Null where it asks nothing ahead.
 * @param {Mounted} mounted @param {Partial<StageOwn>} own
 */
function askerOf({ props, server, base }, own) {
  const stage = { ...OF_NETWORKS, ...own, modes: props.value.modes };
  if (!stage.asksAhead) return null;
  const { fields, netOf } = choicesIn(props, stage);
  const store = stage.storeOf(readAddress(fields, ""), fields);
  const net = () => netOf(store.get());
  const columns = () => stage.columnsOf(net(), store.get());
  const words = h("p");
  const mechanism = createMechanism(() => {}, [], null);
  const layout = { status: words, spoken: words, hint: document.body, setHint() {}, mechanism };
  const ctx = createContext({ root: h("div"), store, fields, server, layout, props, base, net, columns });
  ctx.isByHand = () => false;
  const asks = { importMode: importerOf(stage), netOf, columnsOf: stage.columnsOf, extend: stage.extend };
  return (/** @type {string} */ search, /** @type {Moves | null} */ moves) => askAhead(ctx, asks, search, moves);
}

/**
 * Imports a mode, which draws into a picture and a panel of its own, and may have films; the lessons are played by what
 * is shared.
 * @param {StageOwn & {modes: ModeTitle[]}} stage
 */
function importerOf({ key, modes, tour, placesOf }) {
  const load = (inner) => createLoader(inner, importMode, (id) => placesOf(id, inner));
  const read = (id) => import(`../../${modes.find((mode) => mode.id === id).module}.js`);
  const importMode = async (id) => {
    const { default: mode } = await (LESSONS[id]?.() ?? read(id));
    return { default: streaming(LESSONS[id] ? mode({ key, first: modes[0].id, ...tour, loaderOf: load }) : mode) };
  };
  return importMode;
}

/** One mode is on screen; while the tour is, it is the one that works under its card. `first` is called at the first. */
function modesOf(ctx, layout, load, first) {
  let shown = {};
  let begins = true;
  const modes = createModes(ctx, {
    load,
    show({ main, panel }) {
      fill(layout.main, main);
      fill(layout.panel, panel);
    },
    setHint: layout.setHint,
    entered(instance) {
      shown = instance;
      ctx.refresh("entered");
      if (begins) first();
      begins = false;
    },
  });
  const innermost = (mode) => (mode.inner ? innermost(mode.inner) : mode);
  return { ...modes, current: () => innermost(shown) };
}

/** Members given to every mode, which finds its places on an own context. @returns {Ctx} */
function createContext({ root, store, fields, server, layout, props, base, net, columns }) {
  const say = createSay(layout.status, () => ctx.again());
  const ctx = /** @type {Ctx} */ ({
    root,
    store,
    /** Values that a visitor can change, by key: bounds, and the initial value. */
    fields,
    say,
    server,
    /** The picture of the mechanism. */
    mechanism: layout.mechanism,
    /** Address of the static files. */
    base,
    /** Sets the line above the panel, which says how the mode is used. */
    hint: layout.setHint,
    /** The text alternative of the picture; spoken once what it describes has come to rest. */
    describe: createSpeaker(layout.spoken, tell),
    value: () => props.value,
    /** Facts of the network in use. */
    net,
    /** The networks that the shared questions are put to. */
    columns,
    ask: createAsk(server, say, root),
    /** The test images of the set in use, for what shows them if they are there. */
    get assets() {
      return sets.of(store.get().set ?? ctx.net().dataset);
    },
    imagesOf: (dataset) => sets.of(dataset),
    /** Resolves to the test images of a data set, or to those up to `img`; to null, and says so, where that fails. */
    images: (dataset, img) => sets.read(dataset, img),
    picture: () => pictureOf(store.get(), ctx.net().dataset),
    prefersReducedMotion: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
    theme: () => (document.body.classList.contains("dark") ? "dark" : "light"),
    colours: () => palette(ctx.theme(), layout.hint),
  });
  const sets = createSets(ctx, props.value.bundled);
  return ctx;
}

/**
 * The first of the choices that `can`, those of the same data set before the others; undefined without one.
 * @param {Record<string, {dataset?: string}>} choices @param {string} from @param {(name: string) => boolean} can
 */
function nearest(choices, from, can) {
  const able = Object.keys(choices).filter(can);
  return able.find((name) => choices[name].dataset === choices[from].dataset) ?? able[0];
}

/** @param {string} before @param {string | null} reason @param {string} now */
const exchanged = (before, reason, now) =>
  `${before} cannot answer this, because ${reason}. So ${now} is on the stage.`;

/** Says why the network cannot be shown, or else what is `lost`. */
function sayProblem(ctx, lost = "") {
  const error = ctx.net().error || lost;
  ctx.say(error ?? "", error ? "error" : "info", null);
}
