/** The modes of the raster: the modules that lie beside this one. Each draws into a picture and a panel of its own. */

import { h } from "../shared/dom.js";
import { createLoader } from "../shared/loader.js";

const places = (id) => ({ main: h("div", { class: "picture" }), panel: h("div", { class: `mode mode-${id}` }) });

export const loaderOf = (ctx) => createLoader(ctx, (id) => import(`./${id}.js`), places);
