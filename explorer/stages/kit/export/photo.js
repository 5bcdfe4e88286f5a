/** A part of the page as a picture, which the browser draws itself. */

import { h, zoomOf } from "../base/dom.js";
import { copyOf } from "./copy.js";

const DENSE = 2; // of the picture's pixels for one of the page's, or more
const NARROWEST = 896; // pixels of a picture
const WHOLE = "; max-height: none; height: auto; flex: none; overflow: visible";
const CLEAR = /^rgba\(.*, 0\)$|\/ 0\)$|^transparent$/;

/**
 * A copy of an element at this moment, without its controls and without what is `off-paper`, and with all that scrolls
 * in it; null where nothing is shown. `only` selects what is seen of it, if not all is; its picture has at least
 * `narrowest` pixels across, and an `edge` of so many of the page's pixels around it, into which frames reach.
 * @param {HTMLElement} element @param {{only?: string | null, narrowest?: number, edge?: number}} how
 */
export function capture(element, { only = null, narrowest = NARROWEST, edge = 0 } = {}) {
  const off = [...element.querySelectorAll(".off-paper")].map((each) => ({ each, css: "; display: none" }));
  const rollers = [...element.querySelectorAll("*")].filter(scrolls).map((each) => ({ each, css: WHOLE }));
  const before = [...off, ...rollers].map(({ each, css }) => {
    const { style: { cssText }, scrollLeft, scrollTop } = each;
    return { each, css, cssText, scrollLeft, scrollTop };
  });
  const place = [scrollX, scrollY];
  for (const { each, css, cssText } of before) each.style.cssText = cssText + css;
  try {
    return captured(element, { only, narrowest, edge });
  } finally {
    for (const { each, cssText, ...at } of before) {
      each.style.cssText = cssText;
      for (const side of ["scrollLeft", "scrollTop"]) if (each[side] !== at[side]) each[side] = at[side];
    }
    if (scrollX !== place[0] || scrollY !== place[1]) scrollTo(place[0], place[1]);
  }
}

/**
 * A copy of an element as it is in the window, with empty canvases; null where nothing is shown.
 * @param {HTMLElement} element
 */
export const captureAround = (element) => captured(element, { only: null, narrowest: 0, edge: 0, canvases: false });

/** @param {HTMLElement} element */
function scrolls(element) {
  const { overflowX, overflowY } = getComputedStyle(element);
  const goesOn = (name, how) =>
    ["auto", "scroll"].includes(how) && element[`scroll${name}`] > element[`client${name}`] + 1;
  return goesOn("Width", overflowX) || goesOn("Height", overflowY);
}

/**
 * An SVG whose only content is the copy, its size, and the colour that it stands on.
 * @param {HTMLElement} element
 * @param {{only: string | null, narrowest: number, edge: number, canvases?: boolean}} how @returns {Captured | null}
 */
function captured(element, { only, narrowest, edge, canvases = true }) {
  const zoom = zoomOf(element);
  const box = element.getBoundingClientRect();
  const [width, height] = ["Width", "Height"].map((side) =>
    Math.ceil(Math.max(zoom * element[`scroll${side}`], box[side.toLowerCase()]))
  );
  if (!width || !height) return null;
  const { copy, sheet } = copyOf(element, only, canvases);
  const room = h("div", { lang: document.documentElement.lang, style: `zoom:${zoom};padding:${edge / zoom}px` }, copy);
  const density = Math.max(DENSE, DENSE * Math.ceil(narrowest / DENSE / width));
  const [wide, high] = [width + 2 * edge, height + 2 * edge];
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${density * wide}" height="${density * high}" ` +
    `viewBox="0 0 ${wide} ${high}"><style>${sheet.replaceAll(/[&<]/g, (sign) => `&#${sign.codePointAt(0)};`)}</style>` +
    `<foreignObject width="${wide}" height="${high}">${
      new XMLSerializer().serializeToString(room)
    }</foreignObject></svg>`;
  const size = { width: density * wide, height: density * high, edge: density * edge };
  return { drawing, ...size, ground: groundOf(element) };
}

/** The colour behind an element. @param {HTMLElement} element */
function groundOf(element) {
  for (let each = element; each; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (!CLEAR.test(backgroundColor)) return backgroundColor;
  }
  return "white";
}

/** The image of such an SVG. @param {string} drawing */
export async function imageOf(drawing) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`; // from a blob, Chromium would not let it be read
  await image.decode();
  return image;
}

/**
 * The picture of a copy, cut off where nothing more follows; null for none. Fails where the browser draws no copies.
 * @param {Captured} captured @returns {Promise<EdgedCanvas | null>}
 */
export async function develop({ drawing, width, height, edge }) {
  const image = await imageOf(drawing);
  const sheet = h("canvas", { width, height });
  const brush = sheet.getContext("2d", { willReadFrequently: true });
  brush.drawImage(image, 0, 0, width, height);
  const [right, bottom] = reachOf(brush.getImageData(0, 0, width, height));
  if (!right) return null;
  /** @type {EdgedCanvas} */
  const cut = h("canvas", { width: right, height: bottom });
  cut.getContext("2d").drawImage(sheet, 0, 0);
  cut.edge = edge;
  return cut;
}

/** Columns and rows of an image up to the last that shows anything. @param {ImageData} image */
function reachOf({ data, width, height }) {
  const pixels = new Uint32Array(data.buffer);
  let [right, bottom] = [0, height];
  while (bottom > 0 && !pixels.subarray((bottom - 1) * width, bottom * width).some(Boolean)) bottom--;
  for (let y = 0; y < bottom; y++) {
    let x = width;
    while (x > right && !pixels[y * width + x - 1]) x--;
    right = x;
  }
  return [right, bottom];
}
