/** Files for a visitor to keep. */
import { cell } from "./csv.js";

/** @param {Blob} blob @param {string} filename */
export function download(blob, filename) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = filename;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Saves rows as a table that other programs read. @param {string} name @param {TableRows} rows */
export function saveTable(name, rows) {
  const text = [...rows.map((row) => row.map(cell).join(",")), ""].join("\n");
  download(new Blob([text], { type: "text/csv" }), `${name}.csv`);
}
