/**
 * What a wait says: how long it takes, and that it takes longer than it was told to. All waits of over a second speak by
 * this one rule, so that no estimate grows in silence.
 */

const SHORT = 1.5; // seconds of a wait that is not told
const LOOK_MS = 1000;
const [SHARE, LEAST] = [0.25, 2]; // of the whole wait, and seconds, by which an end that was told may be wrong

/** Seconds, rounded by less than the error of an estimate. @param {number} seconds */
function timeWords(seconds) {
  if (seconds < 20) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 100) return `${5 * Math.round(seconds / 5)} s`;
  return `${Math.round(seconds / 30) / 2} minutes`;
}

const seconds = () => performance.now() / 1000;

/**
 * One wait, which begins now: `words(left)` says how many seconds are left, or nothing where that is hardly any. Once it
 * ends later than was told, the words say so, and the new end is told.
 * @param {() => number} clock in seconds @returns {Wait}
 */
export function createWait(clock = seconds) {
  const begun = clock();
  /** @type {number | null} */
  let told = null; // when it ends
  let isLonger = false;
  return {
    words(left) {
      const end = clock() + left;
      const isLate = told !== null && end - told > Math.max(LEAST, SHARE * (told - begun));
      isLonger ||= isLate;
      if (left < SHORT) return isLonger ? "longer than thought" : "";
      told = told === null || isLate ? end : Math.min(told, end);
      return isLonger ? `longer than thought: about ${timeWords(left)} more` : `about ${timeWords(left)} left`;
    },
  };
}

/**
 * A wait of known progress, which begins now: `words(share)` says how long the rest takes at the pace so far.
 * @param {() => number} clock in seconds
 */
export function createProgress(clock = seconds) {
  const [begun, wait] = [clock(), createWait(clock)];
  return {
    words: (/** @type {number} */ share) => (share > 0 ? wait.words(((clock() - begun) * (1 - share)) / share) : ""),
  };
}

/**
 * Tells the words of a wait once a second as long as it lasts. `left()` resolves to the expected seconds, null where they
 * are unknown: then the words say how long it has been. Returns what ends the wait.
 * @param {() => Promise<number | null>} left @param {(words: string) => void} tell @returns {() => void}
 */
export function tellWait(left, tell, clock = seconds) {
  const [begun, wait] = [clock(), createWait(clock)];
  /** @type {number | null} */
  let end = null;
  let isAsking = false;
  const look = async () => {
    if (isAsking || timer === null) return;
    if (end === null || end - clock() < SHORT) {
      isAsking = true;
      const found = await left();
      isAsking = false;
      end = found === null ? null : clock() + found;
    }
    if (timer !== null) tell(end === null ? `${Math.round(clock() - begun)} s so far` : wait.words(end - clock()));
  };
  /** @type {ReturnType<typeof setInterval> | null} */
  let timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    timer = null;
  };
}
