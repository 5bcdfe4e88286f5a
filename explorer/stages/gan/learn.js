/** Watch it learn: the same sixteen codes, as the generator made images of them at moments of its training. */

import { fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { Strip } from "../kit/film/strip.js";
import { imageOf, PIXELS } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { createMode } from "../kit/panel/mode.js";
import { Tiles } from "./tiles.js";

const TILE = 56;
const NONE = "No snapshots of a training were kept.";

function learn(self) {
  const { ctx, state, declared } = self;
  const film = askedFilm(self, {
    nameOf: () => "Sixteen images of every snapshot",
    request: () => ctx.net().history.length ? { ...requestOf(ctx, declared), net: ctx.net().name } : null,
    nothing: () => ctx.net().history.length ? null : ctx.net().error ?? NONE,
  });
  const { drawn, frames, frame, shown } = film;
  const total = computed(() => drawn.value?.total ?? null);
  const tiles = new Tiles({ count: ctx.fields.tap.high + 1, onChoose: (tap) => ctx.store.commit({ tap }) });
  whenever(() => {
    if (!frame.value) return;
    const { x, scores, names } = frame.value;
    tiles.show({ images: x, scores, names, chosen: state.tap });
    ctx.show("out", imageOf(x, state.tap));
  });

  /** One image of the sixteen through the whole training. */
  const strip = computed(() => {
    if (!total.value) return null;
    const made = new Strip("The image that was tapped, snapshot by snapshot", total.value, TILE);
    made.canvas.addEventListener("click", (event) => film.go(made.placeAt(event)));
    return made;
  });
  const title = h("h2", {}, () => `Image ${state.tap + 1} through the training`);
  const row = h("section", { class: "generate-path" }, title);
  whenever(() => strip.value && fill(row, title, strip.value.element));
  whenever(() => {
    if (!frame.value) return;
    const images = new Uint8Array(total.value * PIXELS);
    frames.value.forEach(({ x }, k) => images.set(imageOf(x, state.tap), k * PIXELS));
    strip.value.show(images, `${frames.value.length} of ${total.value} snapshots`);
    strip.value.mark(shown.value);
  });

  const isOwn = () => (void state.net, ctx.net().name === ctx.chosen().name);
  const whose = () =>
    `This is the training of the ${ctx.net().title} network: of the other one no snapshots were kept.`;
  film.curves.element.classList.add("beside-side");
  const main = film.play({
    screen: h("div", { class: "generate" }, tiles.element, film.curves.element, row),
    ...{ dims: [tiles.element], key: "frame" },
    label: "Training",
    filename: "gan-training.gif",
    framesPerSecond: 2,
  });
  const note = h("p", { class: "note" }, () => isOwn() ? "" : whose());
  return { main, placed: "frame", above: [film.numbers, note], strip, tiles, ...film.mode };
}

/** The network whose training was kept: the one that is chosen, or else the first; its name goes with it. */
function keptOf(ctx) {
  const { nets } = ctx.value();
  const kept = Object.keys(nets).filter((name) => !nets[name].error && nets[name].history.length);
  const chosen = ctx.net().name;
  const name = kept.includes(chosen) ? chosen : (kept[0] ?? chosen);
  return { name, ...nets[name] };
}

const create = createMode(learn);

export default {
  create: (ctx) => create(Object.create(ctx, { net: { value: () => keptOf(ctx) }, chosen: { value: ctx.net } })),
};
