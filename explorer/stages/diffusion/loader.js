/** The modes of the diffusion: the modules that lie beside this one. Each draws into a picture and a panel of its own. */

import { h } from "../shared/dom.js";
import { createLoader } from "../shared/loader.js";
import { createStreams } from "./stream.js";

const places = (id) => ({ main: h("div", { class: "picture" }), panel: h("div", { class: `mode mode-${id}` }) });

/** Gives a mode films of its own, which end when it is left. */
const streaming = (mode) => ({
  ...mode,
  create(ctx) {
    const streams = createStreams(ctx);
    const instance = mode.create(Object.create(ctx, { stream: { value: streams.start } }));
    const leave = instance.leave?.bind(instance);
    instance.leave = () => {
      leave?.();
      streams.stop();
    };
    return instance;
  },
});

const read = async (id) => ({ default: streaming((await import(`./${id}.js`)).default) });

export const loaderOf = (ctx) => createLoader(ctx, read, places);
