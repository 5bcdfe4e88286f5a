/** What the modes about tokens share: their networks, and the base of those that ask about one image. */

import { createTries } from "../kit/lesson/tries.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { fill, setText } from "../kit/shell/dom.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, empty, fillPanel } from "../kit/shell/parts.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";

const NETS = { mnist: "vqvae-mnist", "fashion-mnist": "vqvae-fashion-mnist" };

export const isOfTokens = (net) => Object.values(NETS).includes(net);

/** Whoever comes with another network is given that of tokens, of the same data. */
export function takeTokens({ store, net }) {
  if (!isOfTokens(store.get().net)) store.set({ net: NETS[net().dataset] ?? NETS.mnist });
}

/** A mode about an image, chosen or drawn: a subclass builds itself, calls `open` once, and `show`s what is found. */
export class OfTokens {
  /** `name` is the server function, `wish` the sentence that asks for an image; `more()` is asked beside the image. */
  constructor(ctx, { name, wish, more = () => ({}) }) {
    Object.assign(this, { ctx, wish, more, last: null });
    this.answers = new OneByOne(ctx, name, () => ctx.refresh(name));
    this.chooser = new Picture(ctx);
  }

  /** Shows `whole` once something is found; `controls` stand in the panel under the choice of the image. */
  open(whole, ...controls) {
    const { ctx } = this;
    this.whole = whole;
    this.empty = empty();
    this.seen = createSeen();
    fill(ctx.main, this.empty, whole);
    fillPanel(ctx, this.chooser.element, ...controls, this.seen.element, createTries(ctx));
  }

  enter() {
    takeTokens(this.ctx);
    startWithExample(this.ctx);
  }

  get request() {
    const { ctx } = this;
    const picture = drawnOrTest(ctx.store.get(), ctx.net().dataset);
    return picture && isOfTokens(ctx.net().name) ? { net: ctx.net().name, picture, ...this.more() } : null;
  }

  /** Asks where there is something new to ask. */
  ask() {
    const { request } = this;
    const key = JSON.stringify(request);
    if (key === this.wanted) return;
    this.wanted = key;
    this.answers.want(request && !this.ctx.net().error ? [request] : []);
  }

  /** The answer; while it is on its way the last one of the same network, null where there is none. */
  get found() {
    const { request } = this;
    const answer = request && this.answers.of(request);
    if (answer) this.last = { net: request.net, answer };
    return request && this.last?.net === request.net ? this.last.answer : null;
  }

  /** How many grey levels the network's pixels have. */
  get levels() {
    return this.ctx.net().column?.space === "binary" ? 2 : 256;
  }

  /** Whether what is found is what was asked for. */
  get isFresh() {
    return Boolean(this.request && this.answers.of(this.request));
  }

  update() {
    this.chooser.update();
    this.ask();
    const { error } = this.ctx.net();
    const { found } = this;
    this.empty.hidden = !error && found !== null;
    this.whole.hidden = !found;
    setText(this.empty, error ?? this.wish);
    this.chooser.fed(found ? fromBase64(found.x) : null, this.levels);
    if (found) this.show(found);
  }

  tell(words) {
    if (!this.isFresh) return;
    this.seen(words);
    this.ctx.describe(words);
  }

  hasResult() {
    return Boolean(this.found);
  }
}
