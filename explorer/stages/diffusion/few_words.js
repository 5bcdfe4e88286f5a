/** What is seen in few evaluations, said with what was measured on the rows. */

import { num } from "../kit/shell/format.js";
import { spread } from "../kit/film/strip.js";

export const COUNT = 4;
/** Evaluations after which the teacher's path counts as walked to its end. */
export const END = 50;

/** Above the rows: who is who. */
export function headWords(student) {
  const teacher = "Left: the diffusion, by DDIM.";
  if (!student || student.error) return teacher;
  return `${teacher} Right: a network of the same size, distilled from its paths in ${
    num(student.minutes, 0)
  } minutes.`;
}

/** A moment of the distillation, {epoch, averaged}. */
export function momentName({ epoch, averaged }) {
  const count = Number(epoch.toFixed(2));
  return averaged ? "averaged" : `${count} ${count === 1 ? "epoch" : "epochs"}`;
}

const afterWords = (student, moment) =>
  moment === null || !student?.moments[moment] ? "" : ` after ${momentName(student.moments[moment])}`;

/**
 * Two sentences once one evaluation of both and the path's end are there; before, none. `found(who, evaluations)` is
 * what is known of a finished row, or null.
 */
export function fewWords(found, student, moment) {
  const [teacher, pupil, end] = [found("teacher", 1), found("student", 1), found("teacher", END)];
  if (!end || !teacher) return "";
  const others = num(spread(end.x, COUNT));
  const mean =
    `One evaluation of the diffusion ends ${num(teacher.distance)} (L2) from where its path ends. It is the ` +
    `mean of all that the noise may become. Two different images lie ${others} apart.`;
  if (!pupil) return mean;
  const four = found("student", 4);
  const more = four
    ? ` Four add fresh noise and end at another image, ${num(four.distance)} away: that is no error.`
    : "";
  return `${mean} One jump of the student${afterWords(student, moment)} ends ${num(pupil.distance)} from there.${more}`;
}

/** While the clock shows t: what the rows of four evaluations have said last. */
export function halfwayWords(found, t) {
  const [teacher, pupil] = [found("teacher", 4), found("student", 4)];
  if (!teacher?.distance || !pupil?.distance) return "";
  return `Until t = ${t.toLocaleString("en")} the last guess of the diffusion's row of four lies ` +
    `${num(teacher.distance)} (L2) from where its path ends, that of the student's ${num(pupil.distance)}.`;
}
