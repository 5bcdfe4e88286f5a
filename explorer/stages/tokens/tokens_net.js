/** What the modes about tokens share: their networks, the image that is asked about, and what is known of both. */

import { OneByOne } from "../kit/shell/one_by_one.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";

const NETS = { mnist: "vqvae-mnist", "fashion-mnist": "vqvae-fashion-mnist" };

export const isOfTokens = (net) => Object.values(NETS).includes(net);

/** Whoever comes with another network is given that of tokens, of the same data. */
export function takeTokens({ store, net }) {
  if (!isOfTokens(store.get().net)) store.set({ net: NETS[net().dataset] ?? NETS.mnist });
}

/** An image, chosen or drawn, and what a server function says of it: `more()` is asked beside network and picture. */
export class Asked {
  constructor(ctx, name, more = () => ({})) {
    Object.assign(this, { ctx, more });
    this.answers = new OneByOne(ctx, name, () => ctx.refresh(name));
    this.chooser = new Picture(ctx);
    this.last = null;
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
  update() {
    this.chooser.update();
    const { request } = this;
    const key = JSON.stringify(request);
    if (key === this.key) return;
    this.key = key;
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
}
