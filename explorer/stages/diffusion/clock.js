/** The diffusion's own time as a film: rows drawn with different numbers of steps are all shown at one t. */

const TOTAL = 1000;
const TICK = 10;
export const TICKS = TOTAL / TICK;

/** The time t after so many ticks of the clock: from T down to 0. */
export const timeAt = (tick) => TOTAL - TICK * tick;

/** Where a film is when the clock shows t: at its last frame that has not gone below it. */
export const frameAt = ({ frames }, t) => frames.findLast(({ time }) => time >= t) ?? frames[0];
