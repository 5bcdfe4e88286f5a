/** The modes of the latent map: the modules that lie beside this one. */

import { createLoader } from "../kit/shell/loader.js";

export const loaderOf = (ctx) => createLoader(ctx, (id) => import(`./${id}.js`));
