/** Images: a byte a pixel, row by row, one image after the other. */

import { fromBase64 } from "../shared/tensors.js";

export const images = { read: fromBase64 };
