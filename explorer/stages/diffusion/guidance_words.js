/** What is seen of guidance, said with the card's figures and with the images on screen. */

import { num } from "../kit/shell/format.js";
import { withArticle } from "../kit/shell/parts.js";

export const COUNT = 8;
export const SCALES = [0, 1, 2, 4, 7];

const percent = ({ value }) => `${num(100 * value, 1)} %`;

/** What the card says of no label, of the label alone, and of the strongest guidance. */
function measuredWords(measured) {
  const [none, plain, strong] = [0, 1, 7].map((scale) => measured.find(({ w }) => w === scale));
  if (!none || !plain || !strong) return "Accuracy and diversity of this network are not measured yet.";
  return (
    `Of ${plain.accuracy.n.toLocaleString("en")} draws, ${percent(none.accuracy)} are classified as asked at w = 0, ` +
    `${percent(plain.accuracy)} at w = 1, ${percent(strong.accuracy)} at w = 7. Their features vary ${
      num(plain.diversity.value)
    } times as much as those of test images of the class ` +
    `at w = 1, and ${num(strong.diversity.value)} times at w = 7.`
  );
}

/** What is seen of the row without guidance and of the strongest one, while they show xₜ at time t. */
function rowsWords(found, name, t) {
  const [plain, strong] = [1, 7].map((w) => found[SCALES.indexOf(w)]);
  if (!Number.isFinite(plain?.apart) || !Number.isFinite(strong?.apart)) return "";
  const lie = (what) => `${what} lie ${num(plain.apart)} (L2) apart at w = 1 and ${num(strong.apart)} at w = 7.`;
  if (t > 0) return lie(`At t = ${t} the eight xₜ`);
  if (plain.hits === null || strong.hits === null) return lie("The eight images here");
  return `The classifier sees ${withArticle(name)} in ${plain.hits} of these ${COUNT} at w = 1 and in ` +
    `${strong.hits} at w = 7. ${lie("They")}`;
}

/** `found` is {hits, apart} of every row as it is on screen. */
export const guidanceWords = ({ found, measured, name, t }) =>
  name ? [rowsWords(found, name, t), measuredWords(measured)].filter(Boolean).join(" ") : "";
