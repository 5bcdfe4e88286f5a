/**
 * A story as a film, recorded while it is told: its canvases in every frame, all else of its stage whenever that has
 * changed, and the caption below. A frame is 1280 × 720 pixels.
 */

import { h, say } from "../kit/base/dom.js";
import { captureAround, imageOf } from "../kit/export/photo.js";
import { filmType } from "../kit/export/webm.js";
import { wrapped } from "../kit/film/framed.js";
import { stage } from "../course/leading.js";

const [WIDTH, HEIGHT, FOOT, EDGE] = [1280, 720, 124, 24];
const [FRAMES, BITS] = [15, 5_000_000]; // a second
const PAPER_MS = 250; // between two copies of the stage, or as long as a copy takes
const TALL = 1.2; // heights of a stage to its width, beyond which its picture alone is shown
const [CAPTION, TITLE] = [{ size: 28, line: 36 }, 17];

const fontOf = (/** @type {number} */ size, weight = 400) => `${weight} ${size}px system-ui, sans-serif`;

const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Plays a story and records it until it is over, without what it waits for. Resolves to the film; null if it was
 * cancelled. Fails where the browser records no film.
 * @param {StoryFilmed} told @param {AbortSignal} signal @returns {Promise<Blob | null>}
 */
export async function recordStory(told, signal) {
  const mimeType = filmType();
  if (!mimeType) throw new Error("This browser records no WebM film.");
  const screen = h("canvas", { width: WIDTH, height: HEIGHT });
  const context = screen.getContext("2d");
  const recorder = new MediaRecorder(screen.captureStream(FRAMES), { mimeType, videoBitsPerSecond: BITS });
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const ended = new Promise((done) => recorder.addEventListener("stop", done));
  const paper = createPaper(told);
  told.begin();
  recorder.start();
  recorder.pause();
  while (!told.isOver() && !signal.aborted) {
    const isReady = told.runs() && paper.isOf(told.sceneOf());
    if (isReady) drawFrame(context, told, paper);
    if (isReady && recorder.state === "paused") recorder.resume();
    if (!isReady && recorder.state === "recording") recorder.pause();
    await pause(1000 / FRAMES);
  }
  paper.end();
  recorder.stop();
  await ended;
  return signal.aborted ? null : new Blob(parts, { type: "video/webm" });
}

/** What is filmed of the stage: all of it, or its picture on a narrow page. */
function subject() {
  const now = stage();
  const { width, height } = now?.getBoundingClientRect() ?? { width: 1, height: 0 };
  return height > TALL * width ? /** @type {HTMLElement} */ (now.querySelector(".main")) : now;
}

/**
 * Place of an element in the frame, as far down as it is seen above the bar of the story.
 * @param {DOMRect} box @param {HTMLElement} bar
 */
function placeOf({ width, top, height }, bar) {
  const seen = Math.max(1, Math.min(height, bar.getBoundingClientRect().top - top));
  const scale = Math.min(WIDTH / width, (HEIGHT - FOOT) / seen);
  return { scale, left: (WIDTH - scale * width) / 2, top: (HEIGHT - FOOT - scale * seen) / 2 };
}

/**
 * A copy of the stage but for its canvases, which is made again whenever the stage has changed.
 * @param {StoryFilmed} told @returns {StoryPaper}
 */
function createPaper({ sceneOf, element: bar }) {
  const canvas = h("canvas", { width: WIDTH, height: HEIGHT });
  /** @type {HTMLElement | null} */
  let element = null;
  let [scene, isOld, isOver] = [-1, true, false];
  const changes = new MutationObserver(() => (isOld = true));

  async function take() {
    const [now, begun] = [subject(), sceneOf()];
    if (!now) return;
    if (now !== element) {
      changes.disconnect();
      changes.observe(now, { attributes: true, characterData: true, childList: true, subtree: true });
    }
    isOld = false;
    const box = now.getBoundingClientRect();
    const copy = captureAround(now);
    if (!copy) return;
    const image = await imageOf(copy.drawing);
    const { scale, left, top } = placeOf(box, bar);
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, WIDTH, HEIGHT);
    const dense = copy.width / box.width;
    context.drawImage(image, left, top, (scale * copy.width) / dense, (scale * copy.height) / dense);
    [element, scene] = [now, begun];
  }

  async function keep() {
    while (!isOver) {
      const begun = performance.now();
      if (isOld || scene !== sceneOf()) await take();
      await pause(Math.max(PAPER_MS, performance.now() - begun));
    }
  }
  keep();
  return {
    canvas,
    elementOf: () => element,
    isOf: (/** @type {number} */ index) => index === scene && element?.isConnected && element === subject(),
    end() {
      isOver = true;
      changes.disconnect();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context @param {StoryFilmed} told @param {StoryPaper} paper
 */
function drawFrame(context, told, paper) {
  const { backgroundColor: ground, color: ink } = getComputedStyle(told.element);
  Object.assign(context, { fillStyle: ground, globalAlpha: 1 });
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.drawImage(paper.canvas, 0, 0);
  const box = paper.elementOf().getBoundingClientRect();
  const { scale, left, top } = placeOf(box, told.element);
  for (const canvas of paper.elementOf().querySelectorAll("canvas")) {
    const at = canvas.getBoundingClientRect();
    if (!canvas.width || !canvas.height || !at.width || !canvas.checkVisibility({ visibilityProperty: true })) continue;
    context.globalAlpha = opacityOf(canvas);
    context.imageSmoothingEnabled = getComputedStyle(canvas).imageRendering !== "pixelated";
    const [x, y] = [left + scale * (at.left - box.left), top + scale * (at.top - box.top)];
    context.drawImage(canvas, x, y, scale * at.width, scale * at.height);
  }
  Object.assign(context, { globalAlpha: 1, fillStyle: ground });
  context.fillRect(0, HEIGHT - FOOT, WIDTH, FOOT);
  drawWords(context, told, ink);
}

/** @param {Element} element */
function opacityOf(element) {
  let opacity = 1;
  for (let each = element; each; each = each.parentElement) opacity *= Number(getComputedStyle(each).opacity);
  return opacity;
}

/** The caption, and the title of the story with the name of the app. */
function drawWords(context, { caption, title }, ink) {
  Object.assign(context, { fillStyle: ink, textBaseline: "top", textAlign: "left" });
  context.font = fontOf(CAPTION.size, 600);
  wrapped(context, caption(), WIDTH - 2 * EDGE).forEach((line, k) =>
    context.fillText(line, EDGE, HEIGHT - FOOT + 12 + k * CAPTION.line)
  );
  context.globalAlpha = 0.7;
  context.font = fontOf(TITLE);
  context.fillText(say(title), EDGE, HEIGHT - 30);
  context.textAlign = "right";
  context.fillText("Explorer", WIDTH - EDGE, HEIGHT - 30);
  context.globalAlpha = 1;
}
