/** One test image of the network's own data, chosen by number, by its neighbours, or any. */

import { button, h, numberBox, setName, setText, signButton } from "../base/dom.js";
import { captioned } from "../panel/parts.js";
import { rove } from "../base/rove.js";
import { drawImage, imageCanvas } from "./pixels.js";

const SIZE = 84;

/**
 * The store's `key` holds the number; `example` stands for it until one is chosen; `name` is the image's, `title` its
 * number's.
 * @param {Ctx} ctx @param {{key: string, example: number, name: string, title: string}} what
 */
export function createImagePicker(ctx, { key, example, name, title }) {
  const choose = (index) => ctx.store.commit({ [key]: index });
  const images = ctx.fields[key].high + 1;
  const index = () => ctx.store.get()[key] ?? example;
  const canvas = imageCanvas(name, SIZE);
  const figure = captioned(canvas, name);
  const box = numberBox(title, { field: ctx.fields[key], onchange: choose });
  const any = button("any", () => choose(Math.floor(Math.random() * images)), { title: "Any test image" });
  setName(any, `Any test image, ${name.toLowerCase()}`);
  const move = (sign, label, by) =>
    signButton(sign, `${label}, ${name.toLowerCase()}`, () => choose((index() + by + images) % images));
  const moves = [move("‹", "Previous test image", -1), move("›", "Next test image", 1), any];
  const element = h(
    "div",
    { class: "source" },
    figure,
    h("div", { class: "source-side" }, rove(h("div", { class: "row" }, box, moves))),
  );

  function update() {
    const { assets } = ctx;
    box.set(index());
    figure.hidden = !assets.has(index());
    if (figure.hidden) return;
    drawImage(canvas, assets.sprite(index()));
    if (key === "img") ctx.show("x", assets.sprite(index()));
    setText(figure.caption, assets.classes[assets.labels[index()]]);
  }

  return { element, update, index };
}
