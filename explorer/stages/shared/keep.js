/** What a visitor takes home: the picture on screen as a PNG, and its numbers as a CSV. */

import { button } from "./dom.js";
import { download } from "./export.js";
import { whileBusy } from "./parts.js";

const NOTHING_YET = "There is nothing to save here yet: let a picture appear first.";

/** `modeOf()` is the mode on screen; it may have `picture()` and `table()`. */
export function createKeep(ctx, layout, modeOf) {
  const picture = button("PNG", () => whileBusy(picture, savePicture), { title: "Save this picture" });
  const table = button("CSV", saveTable, { title: "Save the numbers of this picture as a table" });
  layout.share.prepend(picture, table);

  async function savePicture() {
    const canvas = modeOf().picture();
    if (!canvas) return ctx.say(NOTHING_YET);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    download(blob, `${ctx.net().name}-${ctx.store.get().mode}.png`);
  }

  function saveTable() {
    const found = modeOf().table();
    if (!found) return ctx.say(NOTHING_YET);
    const text = [...found.rows.map((row) => row.map(cell).join(",")), ""].join("\n");
    download(new Blob([text], { type: "text/csv" }), `${found.name}.csv`);
  }

  return {
    update() {
      const mode = modeOf();
      picture.disabled = !mode.picture;
      table.disabled = !mode.table;
    },
  };
}

/** A value as RFC 4180 wants it. */
function cell(value) {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
