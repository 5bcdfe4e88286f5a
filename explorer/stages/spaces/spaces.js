/**
 * An x of each space in the browser, read from the server's answer; the spaces have the same names there.
 */

import { colour } from "./colour.js";
import { images } from "./images.js";
import { plane } from "./plane.js";
import { text } from "./text.js";
import { wave } from "./wave.js";

/** @type {Record<string, SpaceReader>} */
export const SPACES = { binary: images, levels: images, colour, plane, text, wave };
