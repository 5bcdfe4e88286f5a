/** A mode under whose card another mode works: it sets the stage, and what the visitor had comes back in the end. */

import { readAddress } from "./address.js";
import { fill, h, isBrowsers } from "../base/dom.js";
import { atEnd } from "../base/live.js";
import { follow } from "../base/follow.js";
import { startMode } from "./modes.js";

/** Fields that such a mode sets in the store by itself; it may set all others. */
export const KEPT = new Set(["mode", "tour", "exercise", "numbers"]);
export const NARROW = 860; // pixels, as in frame.css

export class Hosting {
  /**
   * A mode that leads through the others, which `settings.loaderOf(ctx)` loads.
   * @param {Ctx} ctx @param {HostingSettings} settings
   */
  constructor(ctx, settings) {
    this.ctx = ctx;
    this.settings = settings;
    /** @type {Mode | null} */
    this.inner = null;
    this.atControls = false;
    /** @type {HTMLElement | undefined} */
    this.title = undefined;
    /** @type {string | null} */
    this.id = null;
    this.ticket = 0;
    this.isLed = false;
    const note = (/** @type {Set<string>} */ changed, { renewed }) => {
      this.isLed = [...changed].some((key) => !KEPT.has(key) && !renewed.includes(key));
    };
    atEnd(ctx.store.subscribe(["mode"], note));
    const { state, take } = follow(ctx);
    this.state = state;
    this.update = take;
    this.before = this.stateOf({}, true);
    this.load = settings.loaderOf(ctx);
    atEnd(() => this.load.forget()());
    this.stage = h("div", { class: "tour-stage" });
  }

  /** Index of the step on the stage. */
  get index() {
    return 0;
  }

  /** Shows the step of the state. */
  show() {}

  /** Sets the stage to a step. @param {number} _index */
  set(_index) {}

  /** True if a key of the card was taken. @param {KeyboardEvent} _event */
  ownKey(_event) {
    return false;
  }

  /** Takes the card, whose own keys work where the focus is in it. @param {HTMLElement} card */
  hold(card) {
    card.addEventListener("keydown", (event) => this.keyInCard(event));
    new ResizeObserver(() => this.ctx.root.style.setProperty("--foot", `${card.offsetHeight}px`)).observe(card);
  }

  /** Shows the controls of the mode in place of the card's words, or the words. @param {boolean} atControls */
  turn(atControls) {
    this.atControls = atControls;
    this.ctx.panel.classList.toggle("at-controls", atControls);
  }

  /**
   * A state as it would be written in the address, over the initial values where `fresh`.
   * @param {Record<string, string>} query @param {boolean} fresh
   */
  stateOf(query, fresh) {
    const state = readAddress(this.ctx.fields, `?${new URLSearchParams(query)}`);
    return Object.fromEntries(Object.entries(state).filter(([key]) => !KEPT.has(key) && (fresh || key in query)));
  }

  /** True if nothing but a mode's own fields is set: an address that names a step and no more. */
  get isBare() {
    const now = this.ctx.store.get();
    return Object.entries(this.stateOf({}, true)).every(([key, value]) =>
      JSON.stringify(now[key]) === JSON.stringify(value)
    );
  }

  /**
   * Entered by its tab such a mode sets the stage, at the step `left` last; opened from a link that names a step (`at`)
   * it leaves the link's state alone, if it has one.
   * @param {unknown} at @param {number | null} left
   */
  begin(at, left) {
    if (at !== null && !this.isBare) this.show();
    else {
      this.remember();
      this.set(at === null ? left ?? 0 : this.index);
    }
    if (document.activeElement === document.body) this.title.focus({ preventScroll: true });
  }

  /** Keeps what the visitor has now. */
  remember() {
    this.before = Object.fromEntries(Object.entries(this.ctx.store.get()).filter(([key]) => !KEPT.has(key)));
  }

  leave() {
    this.ticket += 1;
    this.turnTo(null);
  }

  /**
   * Leaves the mode under the card at once, if another one comes, so that it asks nothing about the state of the next one.
   * @param {string | null} id
   */
  turnTo(id) {
    if (id === this.id) return;
    this.inner?.leave?.();
    this.id = id;
    this.inner = null;
  }

  /**
   * Restores the visitor's earlier state, with a patch from the mode. If an address, as of a course's next step, has
   * set the stage meanwhile, that state stays.
   * @param {Partial<State>} patch
   */
  restore(patch) {
    this.ctx.store.commit({ ...(this.isLed ? {} : this.before), ...patch });
    this.before = this.stateOf({}, true);
  }

  /**
   * On a narrow screen the picture comes into view, and with it this part of the card, which lies over or beside it.
   * @param {HTMLElement} part
   */
  reach(part) {
    if (this.ctx.root.clientWidth > NARROW) return;
    this.ctx.root.querySelector(".body").scrollIntoView({ block: "start" });
    part.scrollIntoView({ block: "nearest" });
  }

  /** Lets another mode work under the card: the one requested last. An error of the earlier one disappears. @param {string} id */
  open(id) {
    this.ctx.say.leave();
    return this.bring(id);
  }

  /** Brings that mode, and once more when it is worth while where it could not be loaded. @param {string} id */
  async bring(id) {
    const { ctx, settings } = this;
    const ticket = ++this.ticket;
    this.turnTo(id);
    const { places, pictures, instance, later } = await this.load(id);
    if (ticket !== this.ticket || ctx.store.get().mode !== settings.name) return;
    later?.then(() => ticket === this.ticket && this.bring(id));
    if (this.inner !== instance) this.inner?.leave?.();
    this.inner = instance;
    this.lay(places);
    ctx.mechanism.enter(id, pictures);
    startMode(ctx, instance);
    ctx.refresh("entered");
  }

  /**
   * The mode's panel goes under the card, and every other place of it into the card's own of that name.
   * @param {Loaded["places"]} places
   */
  lay({ panel, ...others }) {
    fill(this.stage, panel);
    for (const [name, element] of Object.entries(others)) fill(this.ctx[name], element);
  }

  /** @param {KeyboardEvent} event */
  keyInCard(event) {
    if (!isBrowsers(event) && this.ownKey(event)) event.preventDefault();
  }
}
