/** The clock of a course against its plan. */

/** The minutes that steps are planned for. @param {Pick<CourseStep, "minutes">[]} steps */
export const minutes = (steps) => steps.reduce((sum, step) => sum + step.minutes, 0);

/**
 * The time since `start`, as a function of now; when the clock is set back, it stands for a moment and goes on.
 * @param {number} start @returns {(now: number) => number}
 */
export function timeSince(start) {
  let [last, lost] = [start, 0];
  return (now) => {
    lost += Math.max(0, last - now);
    last = now;
    return now - start + lost;
  };
}

const written = (time) => `${Math.floor(time)}:${String(Math.floor(60 * (time % 1))).padStart(2, "0")}`;

/**
 * The minutes spent, the planned minutes of the step's beginning and end, and those of the course.
 * @param {number} spent @param {number} from @param {number} to @param {number} total
 */
export const clockWords = (spent, from, to, total) => `${written(spent)} · plan ${from}–${to} of ${total} min`;
