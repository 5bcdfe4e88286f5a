/** The modes of the raster: the modules that lie beside this one. Each draws into a picture and a panel of its own. */

import { createLoader, pictureAndPanel } from "../shared/loader.js";

export const loaderOf = (ctx) => createLoader(ctx, (id) => import(`./${id}.js`), pictureAndPanel);
