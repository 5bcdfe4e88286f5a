/** What a visitor takes home: the view as a PNG, the measured curve as a CSV. */
import { button } from "../shared/dom.js";
import { download, saveCurve } from "../shared/export.js";
import { whileBusy } from "../shared/parts.js";

export function createKeep(ctx, layout) {
  const picture = button("PNG", () => whileBusy(picture, savePicture), { title: "Save the map as a picture" });
  const curve = button("CSV", saveNumbers, { title: "Save the measured rate–distortion curve as a table" });
  layout.share.prepend(picture, curve);

  async function savePicture() {
    download(await ctx.map.png(), `latent-map-${ctx.store.get().data}.png`);
  }

  function saveNumbers() {
    const { curve: rows, beta_zero: zero } = ctx.entry();
    saveCurve(rows, zero, `rate-distortion-${ctx.store.get().data}.csv`);
  }

  const update = () => (curve.disabled = !ctx.entry().curve?.length);
  update();
  return { update };
}
