/** How likely a picture is to every family, as a picture: bars, shorter for likelier, hatched where they are bounds. */

import { say } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { SIGNS, surprise } from "./likelihood_group.js";
import { createSheet } from "../kit/export/sheet.js";

const WIDTH = 720;
const SIZE = 64;
const NAME = 84;
const BAR = { left: 210, width: 260, height: 16 };
const ROW = 26;
const FONT = "system-ui, sans-serif";
const WORDS = "Filled bars are exact, or estimates where ≈ stands; hatched ones are bounds, and the truth lies " +
  "somewhere to the left of their ends. Only figures of the same pixels may be compared.";

const heightOf = ({ rows }) => 30 + Math.max(SIZE, ROW * rows.length) + 10;

/** Slanted lines over the place of a bar. */
function hatch(context, width, height) {
  context.save();
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  context.beginPath();
  for (let x = -height; x < width; x += 7) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  context.stroke();
  context.restore();
  context.fillRect(width - 2, 0, 2, height);
}

function paintRow(context, { family, answer }, most, { ink, quiet }) {
  const width = (BAR.width * Math.max(0, -answer.nats)) / most;
  Object.assign(context, { fillStyle: ink, font: `13px ${FONT}` });
  context.fillText(say(`${family.title}, ${answer.kind}`), NAME, 0);
  context.fillText(say(`${SIGNS[answer.kind]} ${surprise(answer)} nats`), BAR.left + BAR.width + 16, 0);
  context.fillText(say(`${num(answer.bits_per_dim, 3)} bits/dim`), BAR.left + BAR.width + 150, 0);
  context.save();
  context.translate(BAR.left, -1);
  Object.assign(context, { fillStyle: quiet, strokeStyle: quiet, lineWidth: 3 });
  if (answer.kind === "bound") hatch(context, width, BAR.height);
  else context.fillRect(0, 0, width, BAR.height);
  context.restore();
}

function paintGroup(context, { name, rows, pixels }, colours) {
  const most = Math.max(1, ...rows.map(({ answer }) => -answer.nats));
  Object.assign(context, { fillStyle: colours.quiet, font: `600 13px ${FONT}` });
  context.fillText(say(`${name}: −log p(x)`), 0, 0);
  context.translate(0, 26);
  if (pixels) {
    const image = imageCanvas(name, SIZE);
    drawImage(image, pixels);
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0, SIZE, SIZE);
  }
  context.save();
  for (const row of rows) {
    paintRow(context, row, most, colours);
    context.translate(0, ROW);
  }
  context.restore();
}

/** `groups` are {name, rows: [{family, answer}], pixels}; `picked` is what the picture is called. */
export function paintLikelihood(groups, ctx, picked) {
  const colours = ctx.colours();
  const paint = (context) => {
    for (const group of groups) {
      context.save();
      paintGroup(context, group, colours);
      context.restore();
      context.translate(0, heightOf(group));
    }
  };
  const height = groups.reduce((sum, group) => sum + heightOf(group), 0);
  return createSheet(colours, { words: [`The picture: ${picked}.`, WORDS], width: WIDTH, height, paint });
}
