/**
 * Try this: buttons that set the state to something worth seeing; where that is of a test image, it is on the button.
 */

import { button, h } from "./dom.js";
import { drawImage } from "./pixels.js";

/**
 * `entries` is a list of [words, patch of the store], those that the stage's value has for the mode unless given; a
 * patch that chooses a test image names its data set too.
 */
export function createTries(ctx, entries = ctx.value().tries?.[ctx.entered] ?? []) {
  const buttons = entries.map(([words, patch]) => {
    const element = button(words, () => ctx.store.set(patch, { commit: true }));
    const set = patch.set ?? patch.data ?? ctx.value().nets?.[patch.net]?.dataset;
    if (set && Number.isInteger(patch.img)) showWhenSeen(element, () => addPicture(ctx, element, set, patch.img));
    return element;
  });
  if (!entries.length) return null;
  return h("div", { class: "tries" }, h("h2", {}, "Try this"), h("div", { class: "row" }, buttons));
}

function showWhenSeen(element, work) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    work();
  });
  observer.observe(element);
}

async function addPicture(ctx, element, set, img) {
  const images = await ctx.images(set);
  if (!images) return;
  const canvas = h("canvas", { class: "try-picture", "aria-hidden": "true" });
  drawImage(canvas, images.sprite(img));
  element.classList.add("pictured");
  element.prepend(canvas);
}
