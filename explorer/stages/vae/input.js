/** Pointer, pinch, wheel and keys on the map: what a mode does not take moves the view or the cursor. */

import { isBrowsers, placeIn, setText } from "../kit/base/dom.js";
import { fingerAt, isNear } from "../kit/base/finger.js";

const TAP_PIXELS = 5;
const WHEEL_RATE = 0.0015;
const BUTTON_FACTOR = 1.5;
const STEP_PIXELS = 6;
const REST_MS = 250;
const ADVICE_MS = 1500;
const ZOOM_KEY = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘" : "Ctrl";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @typedef {[x: number, y: number]} Place of a pointer on the map */

export class Input {
  /** @type {Map<number, Place>} */
  touches = new Map();
  /** @type {{place: Place, last: Place, moved: boolean, finger: FingerState, earlier: State} | null} */
  start = null;
  /** @type {"mode" | "cursor" | "pan" | "pinch" | null} */
  gesture = null;
  timer = 0;

  /** @param {import("./map.js").LatentPlane} map @param {import("./map.js").VaeCtx} ctx */
  constructor(map, ctx) {
    this.map = map;
    this.ctx = ctx;
    this.holdPage();
    const on = (name, act, how) => map.overlay.addEventListener(name, act, how);
    for (const name of ["down", "move", "up", "cancel", "leave"]) on(`pointer${name}`, (event) => this[name](event));
    on("wheel", (event) => this.wheel(event), { passive: false });
  }

  /** A finger at the point moves it, and two fingers enlarge the map: neither is the page's. */
  holdPage() {
    const { overlay } = this.map;
    overlay.addEventListener("touchstart", (event) => {
      const isMaps = event.touches.length > 1 || isNear(overlay, event.touches[0], this.handles);
      if (isMaps && event.cancelable) event.preventDefault(); // a page that scrolls goes on
    }, { passive: false });
  }

  get handles() {
    return [this.map.view.toScreen(this.ctx.store.get().z)];
  }

  /** The mode on screen; it knows what others have set since the last display frame. */
  get mode() {
    const { mode } = this.map;
    mode.update?.(new Set());
    return mode;
  }

  /** @param {MouseEvent} event */
  place(event) {
    return placeIn(this.map.overlay, event);
  }

  /** Offers the event to the mode; true when it took it. @param {string} type @param {Place} place */
  offer(type, [px, py]) {
    const nearest = this.map.hit(px, py);
    return this.mode.pointer?.({ type, z: this.map.view.toLatent(px, py), nearest, px, py }) ?? false;
  }

  down(event) {
    if (event.button > 0) return;
    this.map.overlay.setPointerCapture(event.pointerId);
    const place = this.place(event);
    this.touches.set(event.pointerId, place);
    if (this.touches.size === 2) return this.startPinch();
    const finger = fingerAt(this.map.overlay, event, this.handles);
    this.start = { place, last: place, moved: false, finger, earlier: this.ctx.store.get() };
    this.gesture = this.offer("down", place) ? "mode" : event.pointerType === "touch" ? "cursor" : "pan";
  }

  move(event) {
    const place = this.place(event);
    if (!this.touches.has(event.pointerId)) return this.glide(place);
    this.touches.set(event.pointerId, place);
    if (this.gesture === "pinch") return this.pinch();
    if (!this.start) return;
    this.start.moved ||= Math.hypot(place[0] - this.start.place[0], place[1] - this.start.place[1]) > TAP_PIXELS;
    if (!this.start.moved || !this.start.finger.move(event)) return;
    this.drag(place);
    this.start.last = place;
  }

  /** A pointer that moves without being pressed. @param {Place} place */
  glide(place) {
    this.map.hovered.value = this.map.hit(...place);
    if (!this.offer("hover", place)) this.cursor(place);
  }

  leave(event) {
    if (this.touches.has(event.pointerId)) return;
    this.map.hovered.value = -1;
    if (event.pointerType !== "touch") this.offer("leave", this.place(event));
  }

  /** @param {Place} place */
  drag(place) {
    if (this.offer("drag", place)) return;
    if (this.gesture === "cursor") return this.glide(place);
    if (this.gesture !== "pan") return;
    const [x, y] = this.start.last;
    this.ctx.store.set({ view: this.map.view.moved(place[0] - x, place[1] - y) });
    this.map.follow();
  }

  up(event) {
    if (!this.touches.has(event.pointerId)) return;
    const place = this.place(event);
    const { start, gesture } = this;
    this.cancel(event);
    if (!start || gesture === "pinch") return this.ctx.store.commit({});
    if (start.moved) this.offer("up", place);
    else if (!this.offer("tap", place)) this.cursor(place);
    this.ctx.store.commit({});
  }

  cancel(event) {
    this.touches.delete(event.pointerId);
    if (!this.touches.size) this.start = this.gesture = null;
  }

  /** @param {Place} place */
  cursor([px, py]) {
    this.ctx.store.set({ z: this.map.view.toLatent(px, py).map(round) });
  }

  /** A second finger takes back what the first one has moved. */
  startPinch() {
    if (this.start) this.ctx.store.set(this.start.earlier);
    [this.gesture, this.last] = ["pinch", this.spread()];
  }

  /** @returns {{distance: number, centre: Place}} */
  spread() {
    const [[x0, y0], [x1, y1]] = [...this.touches.values()];
    return { distance: Math.hypot(x1 - x0, y1 - y0), centre: [(x0 + x1) / 2, (y0 + y1) / 2] };
  }

  pinch() {
    if (this.touches.size < 2) return;
    const { distance, centre } = this.spread();
    const { view } = this.map;
    this.ctx.store.set({ view: view.moved(centre[0] - this.last.centre[0], centre[1] - this.last.centre[1]) });
    this.map.follow();
    this.ctx.store.set({ view: view.zoomed(distance / this.last.distance, ...centre) });
    this.map.follow();
    this.last = { distance, centre };
  }

  /** The wheel scrolls the page, as everywhere; with a key, as a pinch on a trackpad says it, it zooms. */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return this.advise();
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 * event.deltaY : event.deltaY;
    this.ctx.store.set({ view: this.map.view.zoomed(Math.exp(-WHEEL_RATE * pixels), ...this.place(event)) });
    this.map.follow();
    this.commitSoon();
  }

  /** Says for a moment how the wheel zooms. */
  advise() {
    const { advice } = this.map;
    setText(advice, `${ZOOM_KEY} + wheel zooms the map`);
    advice.classList.add("on");
    clearTimeout(this.advising);
    this.advising = setTimeout(() => advice.classList.remove("on"), ADVICE_MS);
  }

  /** Zooms in or out by a number of steps. */
  zoom(steps = 1) {
    this.ctx.store.commit({ view: this.map.view.zoomed(BUTTON_FACTOR ** steps) });
    this.map.follow(); // keys may come faster than frames
  }

  commitSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ctx.store.commit({}), REST_MS);
  }

  key(event) {
    if (isBrowsers(event)) return false;
    return this.mode.mapKey?.(event) || this.ownKey(event);
  }

  ownKey({ key, shiftKey }) {
    const { store } = this.ctx;
    if (key in ARROWS) {
      const step = (STEP_PIXELS * (shiftKey ? 5 : 1)) / this.map.view.scale;
      const { z } = store.get();
      store.set({ z: [z[0] + step * ARROWS[key][0], z[1] + step * ARROWS[key][1]].map(round) });
      this.commitSoon();
    } else if (key === "+" || key === "=") this.zoom();
    else if (key === "-") this.zoom(-1);
    else if (key === "0") store.commit({ view: null });
    else return false;
    return true;
  }
}

const round = (value) => Math.round(value * 1e4) / 1e4;
