/**
 * The modes of the comparison: the modules that lie beside this one. Each draws into a picture and a panel of its own.
 */

import { createLoader, pictureAndPanel } from "../shared/loader.js";
import { streaming } from "../shared/stream.js";

const read = async (id) => ({ default: streaming((await import(`./${id}.js`)).default) });

export const loaderOf = (ctx) => createLoader(ctx, read, pictureAndPanel);
