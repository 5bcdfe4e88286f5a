/** Work that is repeated every few milliseconds while it is on. */

import { atEnd } from "../kit/base/live.js";
import { signal } from "../kit/base/vendor/signals-core.js";

/** Starts and stops `work`; who reads its `timer`, 0 while it is off, follows it. @param {number} wait @param {() => void} work */
export function ticking(wait, work) {
  const timer = signal(0);
  function stop() {
    clearInterval(timer.peek());
    timer.value = 0;
  }
  function start() {
    stop();
    timer.value = setInterval(work, wait);
  }
  atEnd(stop);
  return {
    ...{ start, stop },
    get timer() {
      return timer.value;
    },
  };
}
