/**
 * A story: the idea of a tab in a minute, told on its own stage. Each scene sets the page's state, lights one part, may
 * move one value, and leads to the next; the address names story and scene. Page Down and Page Up lead on and back, the
 * space bar stops and plays while the story has the focus, Escape ends it.
 */

import { button, h, isBrowsers, setName, setText, signButton, styled } from "../kit/base/dom.js";
import { createWait } from "../kit/ask/wait.js";
import { download } from "../kit/export/export.js";
import { PAUSE, PLAY } from "../kit/film/player.js";
import { glide } from "../kit/shell/glide.js";
import { keepFoot, lead, settled, stage, works } from "../course/leading.js";
import { askerOf } from "./elsewhere.js";

const PATIENCE_MS = 8000; // for the stage of one scene
const BETWEEN = 1.5; // seconds from one scene of a film to the next, about
const LOOK_MS = 200; // between two looks at whether a stage still waits
const AHEAD = 2; // scenes that are asked for ahead
const SLOW_MS = 700; // from a scene to the word that it is still computed
const FILM_MS = 500; // between two looks at how far a film is
const [FILM, CANCEL] = ["Save film", "Cancel"];
const WAITS = "The networks still compute this scene.";
const NO_FILM = "This browser cannot record a film. Chrome, Edge and Firefox can.";
const SAVED = "The film was saved.";
const BROKEN = "No film was saved: the story was stopped, or the page was out of sight.";
const MISSING = "This story could not be read; perhaps its name is wrong, or the line is down.";

/** @type {Story | null} */
let current = null;

/** Tells the story of that name, or the one that the address names. @param {string} [asked] */
export async function begin(asked) {
  const query = new URLSearchParams(globalThis.explorerAddress.search);
  const name = asked ?? query.get("story");
  const { root, api_prefix: prefix } = globalThis.gradio_config;
  styled("story.css", import.meta.url);
  const answer = await fetch(`${root}${prefix}/file=stories/${encodeURIComponent(name)}.json`).catch(() => null);
  if (!answer?.ok) {
    const lost = h("aside", { class: "story outside", role: "alert" }, h("p", {}, MISSING));
    lost.append(button("Close", () => lost.remove()));
    return document.body.append(lost);
  }
  current?.end();
  current = new Story(name, await answer.json(), asked ? 0 : Number(query.get("scene") ?? 1) - 1);
}

class Story {
  at = -1;
  plays = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  moves = this.plays;
  timer = 0;
  leave = () => {};
  /** @type {Map<number, AskedAhead | null>} */
  asked = new Map(); // ahead, by the index of the scene
  /** @type {AbortController | null} */
  filming = null;

  /** @param {string} name @param {StoryTold} told @param {number} first */
  constructor(name, { title, scenes, tab, next }, first) {
    this.name = name;
    this.title = title;
    this.scenes = scenes;
    this.doors = doorsOf(tab, next);
    this.build(title);
    document.body.append(this.element);
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    addEventListener("popstate", () => this.follow(), { signal });
    addEventListener("keydown", (event) => this.key(event), { capture: true, signal });
    addEventListener("pointerdown", (event) => this.touch(event), { capture: true, signal });
    this.go(Math.max(0, Math.min(scenes.length - 1, first || 0)), { replace: true });
    this.play.focus({ preventScroll: true });
  }

  build(title) {
    this.caption = h("p", { class: "story-caption", "aria-live": "polite" });
    this.marks = this.scenes.map((_, i) =>
      h("button", { type: "button", class: "story-mark", "aria-label": `Scene ${i + 1}`, onclick: () => this.go(i) })
    );
    this.play = signButton(PLAY, "Play", () => this.turn(!this.plays));
    this.play.classList.add("play");
    this.back = signButton("‹", "The scene before", () => this.go(this.at - 1));
    this.on = signButton("›", "The next scene", () => this.go(this.at + 1));
    this.close = signButton("×", "End the story", () => this.end());
    this.film = button(FILM, () => this.filming ? this.filming.abort() : this.saveFilm(), {
      title: "Play this story from its start and save it as a WebM film, with its captions",
    });
    this.waitWords = h("p", { class: "story-waits", role: "status" });
    this.filmWords = h("p", { class: "story-film", role: "status" });
    const controls = h("div", { class: "story-controls" }, this.back, this.play, this.on, this.film, this.close);
    this.ways = h("div", { class: "story-doors", hidden: true }, this.doors.map(door));
    this.element = h(
      "aside",
      { class: "story outside", "aria-label": title },
      h("div", { class: "story-marks" }, this.marks),
      h("div", { class: "story-line" }, this.caption, this.ways, controls),
      this.filmWords,
      this.waitWords,
    );
    this.giveRoomBack = keepFoot(this.element);
  }

  /** The scene that the address names, from 0; -1 where it names no scene of this story. */
  get said() {
    const query = new URLSearchParams(globalThis.explorerAddress.search);
    return query.get("story") === this.name ? Number(query.get("scene") ?? 1) - 1 : -1;
  }

  /** Follows the browser's history; ends where it has left the story. */
  follow() {
    const { said } = this;
    if (said < 0) this.end();
    else if (said !== this.at && this.scenes[said]) this.show(said);
  }

  /** @param {number} index @param {{replace?: boolean}} how */
  go(index, { replace = false } = {}) {
    if (index < 0 || index >= this.scenes.length) return;
    this.rest();
    this.at = index; // so that the address is not followed
    lead(this.scenes[index].at, [["story", this.name], ["scene", index + 1]], replace);
    document.querySelector("#families")?.scrollIntoView({ block: "start" });
    this.show(index);
  }

  /** @param {number} index */
  async show(index) {
    this.rest();
    this.at = index;
    const scene = this.scenes[index];
    setText(this.caption, scene.words);
    this.marks.forEach((mark, i) => {
      mark.classList.toggle("past", i < index);
      mark.toggleAttribute("aria-current", i === index);
    });
    this.back.disabled = index === 0;
    this.on.disabled = index === this.scenes.length - 1;
    this.ways.hidden = !this.on.disabled;
    document.documentElement.dataset.story = scene.look;
    this.nameButton();
    this.tellWait(index);
    await arrived(scene);
    await settled((now) => !now.matches(".waiting"), PATIENCE_MS / 8);
    if (this.at !== index || current !== this) return;
    this.run(scene);
    this.prepare(index + 1);
    readModes(this.scenes.slice(index + 1));
  }

  /** Says why nothing moves while this scene is computed. @param {number} index */
  async tellWait(index) {
    setText(this.waitWords, "");
    const begun = performance.now();
    while (this.at === index && current === this) {
      const isLate = performance.now() - begun > SLOW_MS && works();
      setText(this.waitWords, isLate ? WAITS : "");
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }

  /**
   * Has the server answer ahead what this scene and the one after will ask, once it has answered the one before.
   * @param {number} index
   */
  async prepare(index) {
    this.endAhead((each) => each < index || each >= index + AHEAD); // by now, the stage has joined what was asked for it
    const isHere = () => this.at === index - 1 && current === this;
    while (works() && isHere()) await new Promise((done) => setTimeout(done, LOOK_MS));
    for (let next = index; next < index + AHEAD && isHere(); next++) {
      if (!this.asked.has(next)) await this.ask(next, isHere);
      await this.asked.get(next)?.done;
    }
  }

  /** Asks what a scene needs, on whichever tab, if the story `isHere` still. @param {number} index @param {() => boolean} isHere */
  async ask(index, isHere) {
    const { at, glide: moves } = this.scenes[index] ?? {};
    if (!at) return;
    const ahead = await asker(globalThis.tabOf(at));
    if (isHere()) this.asked.set(index, ahead?.(at, moves) ?? null);
  }

  /** Ends what is asked ahead of such scenes. @param {(index: number) => boolean} isOver */
  endAhead(isOver = () => true) {
    for (const [index, asked] of [...this.asked]) {
      if (!isOver(index)) continue;
      asked?.end();
      this.asked.delete(index);
    }
  }

  /** Lets a scene last as long as it says, and moves its value. @param {Scene} scene */
  run(scene) {
    this.rest();
    const { seconds } = scene;
    this.element.style.setProperty("--seconds", `${seconds}s`);
    this.element.classList.toggle("runs", this.plays);
    if (scene.glide) this.leave = this.moveOf(scene);
    if (this.plays) this.timer = setTimeout(() => this.passed(performance.now()), 1000 * seconds);
  }

  /** Leads on once nothing is on its way any more. @param {number} since */
  passed(since) {
    if (works() && performance.now() - since < PATIENCE_MS) {
      this.timer = setTimeout(() => this.passed(since), 250);
    } else if (this.on.disabled) this.turn(false);
    else this.go(this.at + 1);
  }

  /** @param {Scene} scene */
  moveOf({ glide: { key, through, steps }, seconds }) {
    const { store, fields } = /** @type {any} */ (stage())?.explorer ?? {};
    const values = through.map((text) => fields?.[key]?.read(text));
    if (values.length === 0 || values.includes(undefined)) return () => {};
    if (this.moves) return glide(store, { key, through: values, seconds, steps }, fields[key]);
    store.set({ [key]: values.at(-1) });
    return () => {};
  }

  /** Ends what the scene still does. */
  rest() {
    clearTimeout(this.timer);
    this.leave();
    this.leave = () => {};
    this.element.classList.remove("runs");
  }

  /** @param {boolean} plays */
  turn(plays) {
    this.plays = plays;
    this.nameButton();
    if (!plays) return this.rest();
    if (this.on.disabled) this.go(0);
    else this.run(this.scenes[this.at]);
  }

  /** Plays the story from its start, records it, and saves the film. */
  async saveFilm() {
    const { recordStory } = await import("./film.js");
    this.filming = new AbortController();
    const { signal } = this.filming;
    setText(this.film, CANCEL);
    const timer = this.tellFilm();
    let words = "";
    try {
      const film = await recordStory(this.filmed(), signal);
      const isWhole = film && this.at === this.scenes.length - 1;
      if (isWhole) download(film, `explorer-${this.name}-story.webm`);
      words = isWhole ? SAVED : signal.aborted ? "" : BROKEN;
    } catch (error) {
      console.warn(error);
      words = NO_FILM;
    }
    clearInterval(timer);
    this.filming = null;
    setText(this.film, FILM);
    setText(this.filmWords, words);
  }

  /** What is told of the story while it is filmed. @returns {StoryFilmed} */
  filmed() {
    return {
      element: this.element,
      title: this.title,
      begin: () => {
        this.plays = true;
        this.nameButton();
        this.go(0);
      },
      caption: () => this.caption.textContent,
      sceneOf: () => this.at,
      runs: () => this.element.classList.contains("runs"),
      isOver: () => !this.plays || current !== this || document.hidden,
    };
  }

  /** Says how long the film still takes: as long as its scenes. */
  tellFilm() {
    const wait = createWait();
    let [of, since] = [this.at, performance.now()];
    return setInterval(() => {
      if (of !== this.at) [of, since] = [this.at, performance.now()];
      const all = this.scenes.slice(this.at).reduce((sum, { seconds }) => sum + seconds + BETWEEN, 0);
      const here = Math.min(this.scenes[this.at].seconds, (performance.now() - since) / 1000);
      setText(this.filmWords, ["Recording a film", wait.words(all - here)].filter(Boolean).join(": "));
    }, FILM_MS);
  }

  nameButton() {
    this.play.dataset.sign = this.plays ? PAUSE : PLAY;
    setName(this.play, this.plays ? "Stop" : "Play");
  }

  /** A hand on the stage takes over. @param {PointerEvent} event */
  touch({ target }) {
    if (/** @type {Element} */ (target).closest(".stage")) this.turn(false);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isBrowsers(event)) return;
    const inside = event.target === document.body || this.element.contains(/** @type {Node} */ (event.target));
    const isButton = /** @type {Element} */ (event.target).matches?.("button, a");
    if (event.key === "PageDown" || (inside && event.key === "ArrowRight")) this.go(this.at + 1);
    else if (event.key === "PageUp" || (inside && event.key === "ArrowLeft")) this.go(this.at - 1);
    else if (event.key === " " && inside && !isButton) this.turn(!this.plays);
    else if (event.key === "Escape") this.end();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Leaves the page as it is. */
  end() {
    if (current !== this) return;
    current = null;
    this.rest();
    this.filming?.abort();
    this.endAhead();
    this.listeners.abort();
    this.element.remove();
    delete document.documentElement.dataset.story;
    this.giveRoomBack();
    const address = new URL(globalThis.explorerAddress.href);
    for (const key of ["story", "scene"]) address.searchParams.delete(key);
    globalThis.explorerAddress.write(address);
  }
}

/** Waits for the stage of a scene's tab, which may have to be read first. @param {Scene} scene */
async function arrived({ at }) {
  const own = `#${CSS.escape(globalThis.tabOf(at))}-stage`;
  const end = performance.now() + PATIENCE_MS;
  const isThere = () => stage()?.closest(own) && /** @type {any} */ (stage()).explorer;
  while (!isThere() && performance.now() < end) await new Promise((done) => setTimeout(done, 50));
}

/** Reads the scripts of scenes whose tabs are on the page, so that a busy server holds up none. @param {Scene[]} scenes */
async function readModes(scenes) {
  for (const { at } of scenes) {
    const { explorer } = stageOf(globalThis.tabOf(at)) ?? {};
    const mode = new URLSearchParams(at).get("mode");
    if (mode) await explorer?.read?.(mode).catch(() => {}); // it is read again when its scene comes
  }
}

/** @param {string} tab @returns {any} */
const stageOf = (tab) => document.querySelector(`#${CSS.escape(tab)}-stage .stage`);

/** What asks ahead for a tab: its stage, if it is on the page. @param {string} tab */
function asker(tab) {
  const { explorer } = stageOf(tab) ?? {};
  return explorer ? explorer.ahead : askerOf(tab);
}

/** Where a story leads: the tour and the exercises of its tab, and the next tab's story. */
const doorsOf = (tab, next) => [
  ["Take the tour", `?tab=${tab}&mode=tour`],
  ["Try an exercise", `?tab=${tab}&mode=exercises`],
  ...next ? [["The next story", `?tab=${next}&story=${next}`]] : [],
];

const door = ([title, to]) => h("a", { class: "button", href: to }, title);
