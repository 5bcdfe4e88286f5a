/** The families whose figures are about the same pixels, side by side: −log p(x) as bars, shorter for likelier. */

import { fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { BOUNDS } from "../kit/chart/better.js";
import { classOf } from "./column.js";

const SIZE = 64;
export const SIGNS = { exact: "=", bound: "≤", estimate: "≈" };

const errorOf = ({ se }) => (se ? ` ± ${num(se, 1)}` : "");

/** A value with its standard error, where one was estimated. */
export const surprise = (answer) => `${num(-answer.nats, 1)}${errorOf(answer)}`;

function barOf({ family, answer }, most) {
  const bar = h("span", { class: `likelihood-bar ${answer?.kind ?? ""}` });
  bar.style.width = `${answer ? (100 * Math.max(0, -answer.nats)) / most : 0}%`;
  const kind = answer && h("span", { class: "spoken" }, answer.kind);
  const value = h("span", { class: "number" }, answer ? `${SIGNS[answer.kind]} ${num(-answer.nats, 1)}` : "…");
  if (answer?.se) value.append(h("span", { class: "with-numbers" }, errorOf(answer)));
  const bits = h(
    "span",
    { class: "number quiet with-numbers" },
    answer ? `${num(answer.bits_per_dim, 3)} bits/dim` : "",
  );
  return h(
    "li",
    { class: classOf("likelihood-row", family) },
    h("span", {}, family.title, " ", kind),
    h("span", { class: "likelihood-room" }, bar),
    value,
    bits,
  );
}

/** What may be said of figures about the same pixels. */
const alikeWords = (
  rows,
) => (rows.some(({ family }) => family.can.likelihood === "bound")
  ? `Exact values may be compared. ${BOUNDS}`
  : "These figures may be compared.");

/** `name` and `what` say what the figures are about. */
export function createLikelihoodGroup({ name, what }) {
  const title = h("h2");
  const list = h("ul", { class: "likelihood-rows" });
  const picture = imageCanvas(`The picture in ${name.toLowerCase()}`, SIZE);
  const note = h("p", { class: "note with-words" });
  const body = h("div", { class: "likelihood-group" }, picture, list);
  const element = h("div", { class: "group" }, title, body, note);

  /**
   * `rows` is a list of {family, answer}; the answer is null while it is on its way. `pixels` are the picture's in this
   * space, null while they are not known. `alone`: no other group is asked.
   */
  function show(rows, pixels = null, alone = false) {
    element.hidden = rows.length === 0;
    picture.hidden = pixels === null;
    body.classList.toggle("bare", pixels === null);
    body.classList.toggle("alone", alone);
    if (pixels) drawImage(picture, pixels);
    if (!rows.length) return;
    const most = Math.max(1, ...rows.map(({ answer }) => (answer ? -answer.nats : 0)));
    setText(title, `${name}: −log p(x) in nats`);
    const compared = rows.length > 1
      ? alikeWords(rows)
      : "These figures may not be compared with those of other groups.";
    setText(note, alone ? what : `${what} ${compared}`);
    const costOf = ({ answer }) => (answer ? -answer.nats : Infinity);
    fill(list, rows.toSorted((a, b) => costOf(a) - costOf(b) || 0).map((row) => barOf(row, most)));
  }

  return { element, show };
}
