/**
 * What an x of each space is in the browser, read from what the server wrote; the spaces have the names they have
 * there.
 */

import { images } from "./images.js";
import { plane } from "./plane.js";
import { text } from "./text.js";
import { wave } from "./wave.js";

export const SPACES = { binary: images, levels: images, plane, text, wave };
