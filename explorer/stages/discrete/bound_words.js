/** What a visitor sees of the bound's terms, said with the network's own numbers. */

import { num, percent } from "../kit/shell/format.js";
import { PIXELS } from "../kit/image/pixels.js";

/** The bound on −log p(x), of terms that lie evenly: each stands for as many sizes of masks. */
export const total = (nats) => nats.reduce((sum, each) => sum + each, 0) * (PIXELS / nats.length);

/** {name, masked, nats, m, at, raster}: `raster` is log p in raster order, null while it is on its way. */
export function boundWords({ name, masked, nats, m, at, raster }) {
  const all = total(nats);
  const late = nats.filter((_, k) => masked[k] > PIXELS / 2).reduce((sum, each) => sum + each, 0) *
    (PIXELS / nats.length);
  const told = [
    `With ${m} of ${PIXELS} pixels of ${name} masked, the next one costs ${
      num(at, 4)
    } nats on average of the masked ones.`,
    `The area is the bound, log p(x) ≥ ${num(-all)} nats, by one mask for each of ${nats.length} sizes; ` +
    `${percent(late / all)} of it is paid while more than half of the image is masked.`,
  ];
  if (raster !== null) {
    told.push(
      `Row by row alone the chain rule gives ${num(raster)} nats, exactly: the bound is the mean over all orders.`,
    );
  }
  return told.join(" ");
}
