/**
 * The flow through a mechanism: a picture that was computed travels from its box into the network and out of it to the
 * next box. One flow moves at a time; what changes meanwhile comes in the next one, so that a drag queues nothing.
 */

import { h } from "../base/dom.js";
import { isNetwork, legsOf, planOf } from "./mechanism_routes.js";

const [LONGEST, SHORTEST] = [560, 240]; // milliseconds of a flow: of an answer, and of a film that plays fast
const AT_ONCE = 12; // milliseconds within which pictures belong to one moment
const SMALL = 0.5; // size of a picture inside a network

/** A copy of the image on a canvas. @param {HTMLCanvasElement} canvas */
function imageOn(canvas) {
  const { width, height } = canvas;
  return width && height
    ? canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, width, height)
    : null;
}

/** @param {ImageData} a @param {ImageData} b */
function isSame(a, b) {
  const [one, other] = [a, b].map(({ data }) => new Uint32Array(data.buffer));
  return one.length === other.length && one.every((word, i) => word === other[i]);
}

/** The middle of a box or of its picture, in the pixels of the row that scrolls them. @param {HTMLElement} box */
function middleOf(box) {
  const inner = /** @type {HTMLElement | null} */ (box.querySelector(".part-picture"));
  const [x, y] = [box.offsetLeft, box.offsetTop + box.offsetHeight / 2];
  return { x: x + (inner?.offsetWidth ? inner.offsetLeft + inner.offsetWidth / 2 : box.offsetWidth / 2), y };
}

/** @param {ImageData} image */
function createGhost(image) {
  const canvas = h("canvas", {
    class: "mechanism-ghost",
    "aria-hidden": "true",
    width: image.width,
    height: image.height,
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/**
 * Follows the pictures of the mode on screen, over the boxes of a row.
 * @param {HTMLElement} row @param {MechanismPart[]} parts @param {HTMLElement[]} boxes @returns {MechanismFlow}
 */
export function createFlow(row, parts, boxes) {
  /** @type {MechanismPictures | null} */
  let pictures = null;
  const waiting = new Set(); // names of what may have changed
  /** @type {Animation[]} */
  let moves = [];
  /** @type {HTMLElement[]} */
  let ghosts = [];
  let [isSeen, frame, noted, pace] = [true, 0, -Infinity, Infinity]; // pace: milliseconds between what is shown
  new IntersectionObserver((entries) => (isSeen = entries.at(-1).isIntersecting)).observe(row);
  const mayMove = () => isSeen && !document.hidden && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const ask = () => (frame ||= requestAnimationFrame(start));

  /** Names of the pictures that have changed since the last flow. */
  function changes() {
    const names = [...waiting].filter((name) => {
      const { known, canvases } = pictures;
      const [before, now] = [known.get(name)?.now ?? null, imageOn(canvases.get(name))];
      if (!now || (before && isSame(before, now))) return false;
      return known.set(name, { before, now });
    });
    waiting.clear();
    return names;
  }

  function start() {
    frame = 0;
    if (moves.length) return; // its end asks again
    const changed = changes();
    if (!changed.length) return;
    if (mayMove()) flow(changed, Math.max(SHORTEST, Math.min(LONGEST, pace)), pace > LONGEST);
  }

  /** @param {string[]} changed @param {number} time @param {boolean} isAnswer a box waits for what comes to it */
  function flow(changed, time, isAnswer) {
    const shown = [...pictures.canvases].filter(([, { hidden }]) => !hidden).map(([name]) => name);
    const lit = boxes.flatMap((box, i) => (box.hasAttribute("aria-current") ? [i] : []));
    const plan = planOf({ parts, shown, lit }, changed);
    const slot = time / Math.max(...plan.map((each) => each.slot + 1));
    for (const { slot: nth, ...route } of plan) {
      const begins = nth * slot;
      const legs = legsOf(parts, route);
      for (const [k, leg] of legs.entries()) send(route, leg, begins + (k * slot) / legs.length, slot / legs.length);
      for (const k of [...route.via, route.to].filter((i) => isNetwork(parts[i]))) press(boxes[k], begins, slot);
      if (isAnswer && !isNetwork(parts[route.to])) keepBack(parts[route.to].shows, begins + slot);
    }
    const ends = moves.map(({ finished }) => finished);
    Promise.all(ends).then(end, () => {});
  }

  function end() {
    for (const ghost of ghosts) ghost.remove();
    [ghosts, moves] = [[], []];
    if (waiting.size) ask();
  }

  /** Sends a picture along a leg. */
  function send(route, { from, to, isNew }, delay, duration) {
    const { before, now } = pictures.known.get(parts[isNew ? route.to : route.from].shows) ?? {};
    const image = !isNew && parts[route.to].source ? before : now; // of a loop the earlier one goes in
    if (!image) return;
    const ghost = createGhost(image);
    const at = (/** @type {number} */ k) => {
      const { x, y } = middleOf(boxes[k]);
      const inside = isNetwork(parts[k]);
      return { transform: `translate(${x}px, ${y}px) scale(${inside ? SMALL : 1})`, opacity: inside ? 0 : 1 };
    };
    const [first, final] = [at(from), at(to)];
    const half = { opacity: 1, offset: isNetwork(parts[to]) ? 0.7 : 0.3 };
    row.append(ghost);
    ghosts.push(ghost);
    moves.push(ghost.animate([first, half, final], { delay, duration, easing: "ease-in-out", fill: "both" }));
  }

  /** A network takes what comes. */
  function press(box, delay, duration) {
    const keyframes = [{ transform: "none" }, { transform: "scale(1.07)" }, { transform: "none" }];
    moves.push(box.animate(keyframes, { delay, duration, easing: "ease-in-out" }));
  }

  /** A box shows its picture when that has arrived. @param {string} name @param {number} duration */
  function keepBack(name, duration) {
    moves.push(pictures.canvases.get(name).animate({ opacity: [0, 0] }, { duration }));
  }

  return {
    note(of, name) {
      if (of !== pictures) return;
      const now = performance.now();
      if (now - noted > AT_ONCE) pace = now - noted;
      noted = now;
      waiting.add(name);
      ask();
    },
    follow(next) {
      for (const move of moves) move.cancel();
      end();
      pictures = next;
      for (const name of next.canvases.keys()) this.note(next, name);
    },
  };
}
