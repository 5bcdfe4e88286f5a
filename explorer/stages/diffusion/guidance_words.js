/** What is seen of guidance, said with the card's figures and with the images on screen. */

import { num } from "../shared/format.js";
import { withArticle } from "../shared/parts.js";
import { spread } from "../shared/strip.js";
import { COUNT, SCALES } from "./guidance_rows.js";

const percent = ({ value }) => `${num(100 * value, 1)} %`;

/** What the card says of no label, of the label alone, and of the strongest guidance. */
function measuredWords(measured) {
  const [none, plain, strong] = [0, 1, 7].map((w) => measured?.[w]);
  if (!none || !plain || !strong) return "Accuracy and diversity of this network are not measured yet.";
  return (
    `Of ${plain.accuracy.n.toLocaleString("en")} draws a classifier takes ${percent(none.accuracy)} for the class asked at w = 0, ${percent(plain.accuracy)} at w = 1 and ${percent(strong.accuracy)} at w = 7; ` +
    `their features vary ${num(plain.diversity)} times as much as those of test images of the class at w = 1, and ${num(strong.diversity)} times at w = 7.`
  );
}

/** How far apart the images of a row lie, where two rows are finished. */
function spreadWords(films) {
  const [plain, strong] = [1, 7].map((w) => films[SCALES.indexOf(w)]).map((film) => (film?.done ? spread(film.frames.at(-1).x, COUNT) : null));
  return plain === null || strong === null ? "" : ` The eight images here lie ${num(plain)} (L2) apart at w = 1 and ${num(strong)} at w = 7.`;
}

export function guidanceWords({ films, measured, name, asked }) {
  if (!name) return "";
  const which = asked ? "" : `No class was chosen, so this is ${withArticle(name)}. `;
  return `${which}${measuredWords(measured)}${spreadWords(films)}`;
}
